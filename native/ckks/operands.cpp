#include "ckks/operands.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ckks/noise.h"

namespace veilsum::ckks {

void requireMatchingScales(double a, double b, const char* operation) {
  if (std::abs(a - b) <= kScaleTolerance * std::max(a, b)) return;
  char text[240];
  std::snprintf(text, sizeof text,
                "%s: the scales 2^%.9f and 2^%.9f differ; rescale the larger one, or bring one to "
                "the other's level and scale with adjust",
                operation, std::log2(a), std::log2(b));
  throw Error(Code::kScaleMismatch, text);
}

double trackingNoise(double norm, int steps) { return kUnitRoundoff * steps * norm; }

void SumBounds::add(double scale, double noise, double message, const char* operation) {
  requireMatchingScales(scale_, scale, operation);
  noise_ += noise + std::abs(scale - scale_) * message;
  message_ += message;
}

}  // namespace veilsum::ckks
