#include "ckks/operands.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ckks/noise.h"
#include "ring/rows.h"

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

void innerProductRow(const arith::Modulus& q, std::size_t n,
                     std::span<const std::uint64_t* const> a,
                     std::span<const std::uint64_t* const> b, std::uint64_t* out) {
  constexpr std::size_t kRun = 256;  // what rows::innerProduct takes at once
  ring::rows::innerProduct(q, n, a.first(std::min(kRun, a.size())),
                           b.first(std::min(kRun, b.size())), out);
  if (a.size() <= kRun) return;
  Buffer<std::uint64_t> run(n);
  for (std::size_t begin = kRun; begin < a.size(); begin += kRun) {
    const std::size_t count = std::min(kRun, a.size() - begin);
    ring::rows::innerProduct(q, n, a.subspan(begin, count), b.subspan(begin, count), run.data());
    ring::rows::add(q, n, out, run.data(), out);
  }
}

}  // namespace veilsum::ckks
