#include <cmath>
#include <cstdio>

#include "ckks/noise.h"
#include "ckks/operands.h"
#include "ring/base_convert.h"

namespace veilsum::ckks {

namespace {

[[noreturn]] void refuseDepth(const char* operation, std::size_t from, std::size_t levels) {
  char text[200];
  std::snprintf(text, sizeof text,
                "%s: level %zu has no %zu more below it; encrypt at a higher level, or take "
                "parameters with more primes",
                operation, from, levels);
  throw Error(Code::kDepth, text);
}

}  // namespace

RescaledBounds rescaledBounds(const rlwe::Context& context, std::size_t level, double scale,
                              double message, double noise, std::size_t degree,
                              std::size_t levels) {
  if (levels > level) refuseDepth("rescale", level, levels);
  for (std::size_t i = 0; i < levels; ++i) {
    const auto prime = static_cast<double>(context.parameters().q[level - i]);
    scale /= prime;
    noise /= prime;
  }
  if (scale < 1) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "rescale: the scale would be 2^%.1f, so that nothing of the message stays; "
                  "rescale after a product, not before",
                  std::log2(scale));
    throw Error(Code::kNoiseBudget, text);
  }
  noise += rescaleNoise(context, degree) +
           trackingNoise(scale * message + noise, 2 * static_cast<int>(levels));
  requireCapacity(context, level - levels, scale * message + noise, "rescale");
  return {scale, noise};
}

RescaledBounds rescaledBounds(const Ciphertext& a, double noise, std::size_t degree,
                              std::size_t levels) {
  return rescaledBounds(*a.context(), a.level(), a.scale, a.message, noise, degree, levels);
}

Ciphertext rescale(const Ciphertext& a, std::size_t levels) {
  if (levels == 0) return a.copy();
  const RescaledBounds bounds = rescaledBounds(a, a.noise, a.degree(), levels);
  Parts parts;
  for (const auto& part : a.body.parts) {
    parts.push_back(ring::divideAndRound(part.copy(), levels));
  }
  return assemble(a.context(), std::move(parts), bounds.scale, bounds.noise, a.message);
}

Ciphertext dropTo(const Ciphertext& a, std::size_t level) {
  if (level > a.level()) {
    char text[160];
    std::snprintf(text, sizeof text, "drop to level %zu: the ciphertext is at level %zu already",
                  level, a.level());
    throw Error(Code::kDepth, text);
  }
  requireCapacity(*a.context(), level, a.norm(), "drop levels");
  Ciphertext result{{a.context(), {}, a.body.seed}, a.scale, a.noise, a.message};
  for (const auto& part : a.body.parts) result.body.parts.push_back(part.prefix(level + 1));
  return result;
}

Ciphertext adjust(const Ciphertext& a, std::size_t level, double scale) {
  constexpr double kSmallestFactor = 0x1p20;
  if (level >= a.level()) refuseDepth("adjust", a.level(), level - a.level() + 1);
  const auto prime = static_cast<double>(a.context()->parameters().q[level + 1]);
  const double factor = scale * prime / a.scale;
  if (!(factor >= kSmallestFactor)) {
    char text[240];
    std::snprintf(text, sizeof text,
                  "adjust: from a scale of 2^%.3f to 2^%.3f at level %zu the factor would have "
                  "%.1f bits, and 20 are needed; rescale first, or ask for a larger scale",
                  std::log2(a.scale), std::log2(scale), level, std::log2(factor));
    throw Error(Code::kScaleMismatch, text);
  }
  Ciphertext result = rescale(multiplyScalar(dropTo(a, level + 1), 1.0, factor));
  result.noise += std::abs(result.scale - scale) * result.message;  // some roundings of doubles
  result.scale = scale;
  return result;
}

}  // namespace veilsum::ckks
