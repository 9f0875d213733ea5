#include "ckks/constant.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ckks/noise.h"
#include "ckks/rounding.h"

namespace veilsum::ckks {

namespace {

Constant scaled(std::complex<double> value, double scale) {
  return {value.real() * scale, value.imag() / std::numbers::sqrt2 * scale, 0, 0, 0};
}

// The rounding of a itself counts once, that of b with |X^(n/4) + X^(3n/4)| = sqrt(2).
constexpr double kRounding = 0.5 + 0.5 * std::numbers::sqrt2;

}  // namespace

Constant Constant::ofPublic(std::complex<double> value, double scale) {
  require(std::isfinite(value.real()) && std::isfinite(value.imag()), Code::kOutOfRange,
          "a constant must be a finite number");
  require(std::isfinite(scale) && scale > 0, Code::kOutOfRange,
          "a scale must be a finite positive number");
  Constant result = scaled(value, scale);
  require(std::isfinite(result.a) && std::isfinite(result.b), Code::kOutOfRange,
          "a constant times its scale is beyond the range of doubles");
  result.bits = bitsOf(std::max(std::abs(result.a), std::abs(result.b)));
  if (value.imag() == 0) {
    result.magnitude = std::abs(value.real());
    // The product's own rounding, exactly, and what rounding to an integer takes away.
    result.noise = std::abs(std::fma(value.real(), scale, -result.a)) +
                   std::abs(result.a - std::round(result.a));
  } else {
    result.magnitude = std::abs(value) * (1 + 4 * kUnitRoundoff);
    result.noise = kRounding + 8 * kUnitRoundoff * scale * result.magnitude;
  }
  return result;
}

Constant Constant::ofSecret(std::complex<double> value, double scale, double bound) {
  Constant result = scaled(value, scale);
  result.bits = bitsOf(scale * bound * (1 + 8 * kUnitRoundoff));
  result.magnitude = bound;
  result.noise = kRounding + 16 * kUnitRoundoff * scale * bound;
  return result;
}

ConstantRow constantRow(const Constant& constant, const arith::Ntt& ntt) {
  const arith::Modulus& q = ntt.modulus();
  const std::uint64_t root = q.pow(ntt.psi(), ntt.n() / 4);  // a primitive 8th root of unity
  const std::uint64_t sqrt_minus_2 = q.add(root, q.pow(root, 3));
  const std::uint64_t a = roundToResidue(constant.a, constant.bits, q);
  const std::uint64_t b = q.mul(roundToResidue(constant.b, constant.bits, q), sqrt_minus_2);
  return {q.add(a, b), q.sub(a, b)};
}

}  // namespace veilsum::ckks
