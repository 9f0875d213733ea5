#include "ckks/decode.h"

#include <cmath>

#include "ckks/embedding.h"
#include "ckks/noise.h"
#include "ckks/rounding.h"

namespace veilsum::ckks {

std::size_t residuesFor(const rlwe::Context& context, double norm) {
  const double bits = std::log2(norm);
  for (std::size_t level = 0; level <= context.maxLevel(); ++level) {
    if (bits < log2Limit(context, level)) return level + 1;
  }
  throw Error(Code::kNoiseBudget, "decoding: the norm reaches Q / 2 of the whole chain");
}

double decodePhase(const ring::Poly<ring::Coeff>& phase, double scale, double noise, double message,
                   std::span<std::complex<double>> out) {
  const std::size_t slots = phase.n() / 2;
  require(out.size() <= slots, Code::kUsage, "decoding: more slots than n/2");
  Buffer<double, true> coefficients(phase.n());
  // By a power of two first: nothing overflows on the way, and nothing is rounded.
  const int exponent = std::ilogb(scale);
  toCentredDoubles(phase, exponent, coefficients);
  Embedding::get(phase.n())->toSlots(coefficients, 1 / std::ldexp(scale, -exponent), out);
  return noise / scale + transformNoise(slots, message + noise / scale);
}

}  // namespace veilsum::ckks
