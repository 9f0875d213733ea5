#include "bfv/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "bfv/tables.h"
#include "kernel/table.h"
#include "ring/crt_digits.h"
#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

// The standard deviation of a slot of a polynomial whose coefficients are uniform in [-1/2, 1/2].
double uniformDeviation(std::size_t n) { return std::sqrt(static_cast<double>(n) / 12); }

// The largest canonical norm of a real polynomial with coefficients of at most 1:
// sum_i |cos(pi i j / n - x)| <= 1 / sin(pi / 2n).
double unitNorm(std::size_t n) {
  return 1 / std::sin(std::numbers::pi / (2 * static_cast<double>(n)));
}

}  // namespace

double log2Sum(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  return high + std::log2(1 + std::exp2(low - high));
}

double plaintextRoundingNoise(const Context& context) {
  const double t = static_cast<double>(context.t());
  return (t + 1) / (2 * t) * unitNorm(context.n());
}

double log2FreshSecretNoise(const Context& context) {
  return std::log2(rlwe::freshSecretNoise(*context.rlwe()) + plaintextRoundingNoise(context));
}

double log2FreshPublicNoise(const Context& context) {
  return std::log2(rlwe::freshPublicNoise(*context.rlwe()) + plaintextRoundingNoise(context));
}

double phaseNorm(const Ciphertext& c) {
  // c_1 / Q, centred: the sum of y_i / q_i, y_i = [c_1 (Q / q_i)^-1]_{q_i}, less the nearest
  // integer, in units of crtDigits.
  const ring::Poly<ring::Coeff>& c1 = c.body.parts[1];
  const Context::Scaling& scaling = c.context->scaling(c.level());
  Buffer<std::uint64_t> digits(c1.n(), unset), units(c1.n());
  for (std::size_t i = 0; i < c1.size(); ++i) {
    const arith::Modulus& q = c1.basis().modulus(i);
    const arith::ShoupFactor inverse = scaling.punctured_inverse[i];
    kernel::table().crtDigits(c1.residue(i), c1.n(), ring::digitFactors(q, inverse, false),
                              digits.data(), units.data());
  }
  constexpr int kWholeBits = 64 - ring::kDigitFractionBits;
  constexpr double kUnit = 1.0 / static_cast<double>(std::uint64_t{1} << ring::kDigitFractionBits);
  Buffer<double> fraction(c1.n(), unset);
  for (std::size_t k = 0; k < c1.n(); ++k) {
    const auto centred = static_cast<std::int64_t>(units[k] << kWholeBits) >> kWholeBits;
    fraction[k] = static_cast<double>(centred) * kUnit;
  }
  // Each fraction errs by 3 units a prime.
  return phaseNorm(*c.context, fraction);
}

double phaseNorm(const Context& context, std::span<const double> c1_fractions) {
  // Lifting may take the neighbour of one within 2^-40 of a half (ring::BaseConverter), which moves
  // a slot by 1: of four, the probability is below 2^-80.
  const double rounding = 3 + 0x1p-36 * static_cast<double>(context.n());
  return unitNorm(context.n()) / 2 +
         (rlwe::canonicalNorm(c1_fractions) + rounding) * rlwe::secretNorm(*context.rlwe());
}

double roundingNoise(const Context& context, std::size_t degree) {
  const double secret = rlwe::secretNorm(*context.rlwe());
  double noise = rlwe::roundingNoise(*context.rlwe());
  double power = secret;
  for (std::size_t i = 2; i <= degree; ++i) {
    power *= secret;
    noise += rlwe::kTail * uniformDeviation(context.n()) * power;
  }
  return noise;
}

double log2NoiseAt(const Context& context, double log2_noise, std::size_t degree, std::size_t from,
                   std::size_t to) {
  if (to == from) return log2_noise;
  const rlwe::Context& rlwe = *context.rlwe();
  const double dropped = rlwe.basisQ(from)->log2() - rlwe.basisQ(to)->log2();
  return log2Sum(log2_noise - dropped, std::log2(roundingNoise(context, degree)));
}

template <class Form>
double log2NoiseAt(const CiphertextIn<Form>& c, std::size_t level) {
  return log2NoiseAt(*c.context, c.log2_noise, c.degree(), c.level(), level);
}

template double log2NoiseAt(const CiphertextIn<ring::Coeff>&, std::size_t);
template double log2NoiseAt(const CiphertextIn<ring::Eval>&, std::size_t);

double log2ProductNoise(const Context& context, std::size_t level, double log2_cross,
                        double log2_products) {
  const double log2_t = std::log2(static_cast<double>(context.t()));
  const double both = log2_t - context.rlwe()->basisQ(level)->log2() + log2_products;
  return log2Sum(log2Sum(log2_t + log2_cross, both), std::log2(roundingNoise(context, 2)));
}

double log2SwitchingNoise(const Context& context, double log2_shrink) {
  return log2_shrink + std::log2(roundingNoise(context, 1));
}

void requireBudget(const Context& context, std::size_t level, double log2_before, double log2_after,
                   const char* operation) {
  const double limit = context.log2NoiseLimit(level);
  if (log2_after <= limit) return;
  throw Error(Code::kNoiseBudget,
              std::string(operation) + " at level " + std::to_string(level) + " needs " +
                  std::to_string(log2_after - log2_before) + " bits of noise budget and " +
                  std::to_string(limit - log2_before) +
                  " are left; use parameters with a longer modulus chain, or fewer operations");
}

}  // namespace veilsum::bfv
