#ifndef VEILSUM_CKKS_CONSTANT_H_
#define VEILSUM_CKKS_CONSTANT_H_

#include <complex>
#include <cstdint>

#include "arith/ntt.h"
#include "rlwe/context.h"

namespace veilsum::ckks {

/// The polynomial that has the value a + b i in every slot. The slots are the values at zeta^j,
/// j = 3^i, so j is 1 or 3 modulo 8, where X^(n/4) + X^(3n/4) is i sqrt(2) both times: the
/// polynomial is a + (b / sqrt(2)) (X^(n/4) + X^(3n/4)).
struct Constant {
  double a, b;       ///< scaled coefficients, to be rounded: of 1, and of X^(n/4) and X^(3n/4)
  int bits;          ///< both are below 2^bits
  double magnitude;  ///< a bound on |value|
  double noise;      ///< what rounding takes away, in the canonical embedding

  /// A public constant: bits and noise are those of its value. Code::kOutOfRange where it or the
  /// scale is not finite, or the scale not positive.
  static Constant ofPublic(std::complex<double> value, double scale);
  /// A secret one: they are those of the bound. The value has been checked.
  static Constant ofSecret(std::complex<double> value, double scale, double bound);
};

/// Its Eval form modulo one prime takes two values: a + (b / sqrt(2)) sqrt(-2) in the first and
/// third quarter of the row, a - (b / sqrt(2)) sqrt(-2) in the others (position i is for the
/// exponent 2 rev(i) + 1, which is 1, 5, 3, 7 modulo 8 in the four quarters).
struct ConstantRow {
  std::uint64_t even, odd;
};
ConstantRow constantRow(const Constant& constant, const arith::Ntt& ntt);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_CONSTANT_H_
