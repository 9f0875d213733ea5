#include "bfv/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

// The standard deviation of a slot of a polynomial whose coefficients are uniform in [-1/2, 1/2].
double uniformDeviation(std::size_t n) { return std::sqrt(static_cast<double>(n) / 12); }

}  // namespace

double log2Sum(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  return high + std::log2(1 + std::exp2(low - high));
}

double plaintextRoundingNoise(const Context& context) {
  const double t = static_cast<double>(context.t()), n = static_cast<double>(context.n());
  return (t + 1) / (2 * t) / std::sin(std::numbers::pi / (2 * n));
}

double log2FreshSecretNoise(const Context& context) {
  return std::log2(rlwe::freshSecretNoise(*context.rlwe()) + plaintextRoundingNoise(context));
}

double log2FreshPublicNoise(const Context& context) {
  return std::log2(rlwe::freshPublicNoise(*context.rlwe()) + plaintextRoundingNoise(context));
}

double phaseNorm(const Context& context) { return rlwe::roundingNoise(*context.rlwe()); }

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

double log2NoiseAt(const Ciphertext& c, std::size_t level) {
  if (level == c.level()) return c.log2_noise;
  const rlwe::Context& rlwe = *c.context->rlwe();
  const double dropped = rlwe.basisQ(c.level())->log2() - rlwe.basisQ(level)->log2();
  return log2Sum(c.log2_noise - dropped, std::log2(roundingNoise(*c.context, c.degree())));
}

double log2ProductNoise(const Context& context, std::size_t level, double log2_terms,
                        double log2_products) {
  const double log2_t = std::log2(static_cast<double>(context.t()));
  const double cross = log2_t + std::log2(phaseNorm(context)) + log2_terms;
  const double both = log2_t - context.rlwe()->basisQ(level)->log2() + log2_products;
  return log2Sum(log2Sum(cross, both), std::log2(roundingNoise(context, 2)));
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
