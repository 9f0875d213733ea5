#ifndef VEILSUM_BFV_DIVIDER_H_
#define VEILSUM_BFV_DIVIDER_H_

#include <bit>
#include <cstdint>

#include "arith/modulus.h"

namespace veilsum::bfv {

/// Quotients by a public divisor 2 <= d < 2^61, in constant time: the remainder is Barrett's, and
/// what is left is an exact division, by the inverse of d's odd part modulo 2^64.
class Divider {
 public:
  explicit Divider(const arith::Modulus& d)
      : d_(d), shift_(std::countr_zero(d.value())), odd_inverse_(1) {
    const std::uint64_t odd = d.value() >> shift_;
    // Newton: each step doubles the bits that are right, from 1 (odd * 1 = 1 mod 2).
    for (int i = 0; i < 6; ++i) odd_inverse_ *= 2 - odd * odd_inverse_;
  }

  const arith::Modulus& divisor() const { return d_; }

  struct Result {
    std::uint64_t quotient, remainder;
  };
  /// x = quotient d + remainder, for x with a quotient below 2^64.
  Result divide(arith::u128 x) const {
    const std::uint64_t remainder = d_.reduce(x);
    const auto multiple = static_cast<std::uint64_t>((x - remainder) >> shift_);
    return {multiple * odd_inverse_, remainder};
  }

 private:
  arith::Modulus d_;
  int shift_;
  std::uint64_t odd_inverse_;
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_DIVIDER_H_
