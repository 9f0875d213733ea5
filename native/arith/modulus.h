#ifndef VEILSUM_ARITH_MODULUS_H_
#define VEILSUM_ARITH_MODULUS_H_

#include <bit>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "kernel/table.h"

namespace veilsum::arith {

using u128 = unsigned __int128;

/// A constant factor w with floor(w * 2^64 / q), for Shoup's multiplication
/// (Harvey, "Faster arithmetic for number-theoretic transforms", 2014, section 3).
struct ShoupFactor {
  std::uint64_t w;
  std::uint64_t quotient;
};

/// A word-sized modulus, 2 <= q < 2^61, with the constants of Barrett's reduction. Every operation
/// takes and gives residues in [0, q), in constant time.
class Modulus {
 public:
  explicit Modulus(std::uint64_t q) : q_(q) {
    require(q >= 2 && q < (std::uint64_t{1} << 61), Code::kOutOfRange,
            "a modulus must lie in [2, 2^61)");
    // floor(2^128 / q), as two words; 2^128 - 1 has the same quotient unless q divides 2^128.
    u128 ratio = ~u128{0} / q;
    if (~u128{0} - ratio * q == q - 1) ++ratio;
    ratio_low_ = static_cast<std::uint64_t>(ratio);
    ratio_high_ = static_cast<std::uint64_t>(ratio >> 64);
  }

  std::uint64_t value() const { return q_; }
  /// The number of bits of q.
  int bits() const { return std::bit_width(q_); }
  std::uint64_t ratioHigh() const { return ratio_high_; }
  std::uint64_t ratioLow() const { return ratio_low_; }
  /// The constants as the kernels take them.
  kernel::Barrett barrett() const { return {q_, ratio_high_, ratio_low_}; }

  std::uint64_t reduce(std::uint64_t x) const {
    // ratioHigh = floor(2^64 / q); the estimate is at most one too small.
    const auto estimate = static_cast<std::uint64_t>((u128{x} * ratio_high_) >> 64);
    return correct(x - estimate * q_);
  }

  /// x mod q for any 128-bit x.
  std::uint64_t reduce(u128 x) const {
    const auto x0 = static_cast<std::uint64_t>(x), x1 = static_cast<std::uint64_t>(x >> 64);
    const auto carry = static_cast<std::uint64_t>((u128{x0} * ratio_low_) >> 64);
    const u128 middle = u128{x0} * ratio_high_ + carry;
    const u128 middle2 = u128{x1} * ratio_low_ + static_cast<std::uint64_t>(middle);
    const std::uint64_t estimate = x1 * ratio_high_ + static_cast<std::uint64_t>(middle >> 64) +
                                   static_cast<std::uint64_t>(middle2 >> 64);
    return correct(x0 - estimate * q_);
  }

  /// The residue of a signed value.
  std::uint64_t fromSigned(std::int64_t x) const {
    const std::uint64_t sign = static_cast<std::uint64_t>(x >> 63);
    const std::uint64_t magnitude = (static_cast<std::uint64_t>(x) ^ sign) - sign;
    const std::uint64_t r = reduce(magnitude);
    const std::uint64_t n = neg(r);
    return (r & ~sign) | (n & sign);
  }

  std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return correct(a + b); }
  std::uint64_t sub(std::uint64_t a, std::uint64_t b) const {
    const std::uint64_t d = a - b;
    return d + (q_ & (0 - (d >> 63)));
  }
  std::uint64_t neg(std::uint64_t a) const { return (q_ - a) & (0 - ((a | (0 - a)) >> 63)); }
  std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return reduce(u128{a} * b); }

  ShoupFactor shoup(std::uint64_t w) const {
    return {w, static_cast<std::uint64_t>((u128{w} << 64) / q_)};
  }
  /// a * f.w mod q for any 64-bit a.
  std::uint64_t mul(std::uint64_t a, ShoupFactor f) const {
    const auto quotient = static_cast<std::uint64_t>((u128{a} * f.quotient) >> 64);
    return correct(a * f.w - quotient * q_);
  }

  std::uint64_t pow(std::uint64_t base, std::uint64_t exponent) const {
    std::uint64_t result = 1 % q_;
    for (; exponent; exponent >>= 1, base = mul(base, base)) {
      if (exponent & 1) result = mul(result, base);
    }
    return result;
  }
  /// a^-1 for a prime q; the exponent is public.
  std::uint64_t inverse(std::uint64_t a) const { return pow(a, q_ - 2); }
  /// a^-1 for any q, a coprime to it and public (Euclid).
  std::uint64_t inverseOfPublic(std::uint64_t a) const {
    const auto modulus = static_cast<std::int64_t>(q_);
    std::int64_t r0 = modulus, r1 = static_cast<std::int64_t>(a % q_), s0 = 0, s1 = 1;
    while (r1 != 0) {
      const std::int64_t quotient = r0 / r1;
      r0 = std::exchange(r1, r0 - quotient * r1);
      s0 = std::exchange(s1, s0 - quotient * s1);
    }
    return static_cast<std::uint64_t>(s0 < 0 ? s0 + modulus : s0);  // |s0| < q, and a s0 = 1
  }

  friend bool operator==(const Modulus& a, const Modulus& b) { return a.q_ == b.q_; }

 private:
  // [0, 2q) -> [0, q) without a branch.
  std::uint64_t correct(std::uint64_t x) const {
    const std::uint64_t d = x - q_;
    return d + (q_ & (0 - (d >> 63)));
  }

  std::uint64_t q_, ratio_high_, ratio_low_;
};

}  // namespace veilsum::arith

#endif  // VEILSUM_ARITH_MODULUS_H_
