#ifndef VEILSUM_KERNEL_NTT_TWIDDLES_H_
#define VEILSUM_KERNEL_NTT_TWIDDLES_H_

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "kernel/isa.h"

namespace veilsum::kernel {

/// A list of constant factors w with their Shoup quotients floor(w * 2^64 / q).
struct Factors {
  Buffer<std::uint64_t> w;
  Buffer<std::uint64_t> quotient;
};

/// The constants of the negacyclic transform of length n modulo a prime q = 1 mod 2n, laid out for
/// one instruction-set path. psi is a primitive 2n-th root of unity.
struct NttTwiddles {
  NttTwiddles(std::size_t n, std::uint64_t q, std::uint64_t psi, Isa isa);

  std::size_t n;
  std::uint64_t q;
  /// Scalar layout: forward[i] = psi^rev(i), inverse[i] = psi^-rev(i), rev reversing log2(n) bits.
  Factors forward, inverse;
  /// n^-1, and n^-1 times inverse[1], for the last layer of the inverse.
  std::uint64_t nInverse, nInverseQuotient, nInverseRoot, nInverseRootQuotient;
};

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_NTT_TWIDDLES_H_
