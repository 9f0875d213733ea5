#ifndef VEILSUM_KERNEL_NTT_TWIDDLES_H_
#define VEILSUM_KERNEL_NTT_TWIDDLES_H_

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "kernel/isa.h"

namespace veilsum::kernel {

/// How the constants of a transform lie in memory, and so which code runs it.
enum class NttLayout {
  kScalar,    ///< portable code; every path for the shortest transforms
  kOffset52,  ///< AVX-512 IFMA, no corrections inside the forward transform: q of at most 46 bits
  kHarvey52,  ///< AVX-512 IFMA, Harvey's lazy butterflies: q of at most 50 bits
  kHarvey64,  ///< AVX-512 with 64-bit products, Harvey's lazy butterflies: q of at most 61 bits
  kDouble,    ///< AVX2 in doubles, nothing reduced inside the forward transform: about 48 bits
  kDoubleSettled,  ///< AVX2 in doubles, reduced in each pass: q of at most 50 bits
  kWords64,  ///< AVX2 with products of halves, Harvey's lazy butterflies: q of at most 60 bits
};

/// Constant factors of one direction in the order of the layout, each w with its Shoup quotient
/// floor(w * 2^b / q); b = 52 in the layouts of 52 bits, else 64. In the layouts of doubles they
/// are the bits of w in (-q/2, q/2) and of w / q as doubles.
struct Factors {
  /// kScalar: pair i, i < n, is root^rev(i). Otherwise i < n / l only, for vectors of l words:
  /// these are broadcast.
  Buffer<std::uint64_t> pairs;
  /// The vector layouts: the last log2(l) layers of each block of l^2 points, l blocks of l points
  /// side by side: l - 1 vectors of w, each followed by its quotients.
  Buffer<std::uint64_t> tail;
};

/// What the last layer of an inverse transform multiplies by: n^-1 times a factor, and that times
/// its root, with their quotients, in the form of the layout.
struct InverseScale {
  std::uint64_t scale, scaleQuotient, scaledRoot, scaledRootQuotient;
};

/// The constants of the negacyclic transform of length n modulo a prime q = 1 mod 2n, laid out for
/// one instruction-set path. psi is a primitive 2n-th root of unity.
struct NttTwiddles {
  NttTwiddles(std::size_t n, std::uint64_t q, std::uint64_t psi, Isa isa);

  /// The last layer of an inverse that multiplies by a public factor in [0, q) as it goes. It takes
  /// a few modular products, without a table.
  InverseScale scaledBy(std::uint64_t factor) const;

  std::size_t n;
  std::uint64_t q;
  NttLayout layout;
  /// Powers of psi and of psi^-1.
  Factors forward, inverse;
  /// n^-1, and n^-1 times the root of the inverse's last layer, modulo q.
  std::uint64_t reciprocal, reciprocalRoot;
  /// The last layer of the plain inverse: scaledBy(1).
  InverseScale scale;
  /// kOffset52: the multiple of q that keeps the forward transform's values from going negative,
  /// and one above all of them.
  std::uint64_t offset, top;
  /// kOffset52: moduli up to this one are lifted from, however far above 2 q; 0: there are none.
  std::uint64_t widest;
};

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_NTT_TWIDDLES_H_
