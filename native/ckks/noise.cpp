#include "ckks/noise.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>

#include "rlwe/noise.h"

namespace veilsum::ckks {

double coefficientRoundingNoise(std::size_t coefficients) {
  const auto k = static_cast<double>(coefficients);
  return std::min(k / 2, rlwe::kTail * std::sqrt(k / 12));
}

double transformNoise(std::size_t slots, double norm) {
  constexpr double kLayer = 1.5 * kUnitRoundoff;
  constexpr int kOtherSteps = 4;  // scaling, conversion
  const int layers = std::bit_width(slots) - 1;
  return rlwe::kTail * kLayer * std::sqrt(layers + kOtherSteps) * norm;
}

double rescaleNoise(const rlwe::Context& context, std::size_t degree) {
  double noise = rlwe::roundingNoise(context);  // r_0 + r_1 s
  double power = rlwe::secretNorm(context);
  for (std::size_t i = 2; i <= degree; ++i) {
    power *= rlwe::secretNorm(context);
    noise += coefficientRoundingNoise(context.n()) * power;  // r_i s^i
  }
  return noise;
}

double log2Limit(const rlwe::Context& context, std::size_t level) {
  return context.basisQ(level)->log2() - 1;
}

void requireCapacity(const rlwe::Context& context, std::size_t level, double norm,
                     const char* operation) {
  const double limit = log2Limit(context, level), bits = std::log2(norm);
  if (bits < limit) return;  // false for NaN and for a norm beyond doubles
  char text[320];
  std::snprintf(text, sizeof text,
                "%s: the result may reach %.1f bits (scale times message bound, and noise), and "
                "level %zu of %zu holds %.1f: %.1f bits too many; rescale first, start at a higher "
                "level, or use a smaller scale or message bound",
                operation, bits, level, context.maxLevel(), limit, bits - limit);
  throw Error(Code::kNoiseBudget, text);
}

}  // namespace veilsum::ckks
