#include "ckks/decode.h"

#include <algorithm>
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
  Buffer<double, true> coefficients(phase.n() + Halves::kGap, unset);
  const Halves halves{coefficients.data(), coefficients.data() + slots + Halves::kGap};
  // By a power of two first: nothing overflows on the way, and nothing is rounded.
  const int exponent = std::ilogb(scale);
  toCentredDoubles(phase, exponent, halves);
  const double rest = 1 / std::ldexp(scale, -exponent);
  const auto embedding = Embedding::get(phase.n());
  if (out.size() == slots) {
    embedding->toSlots(halves, rest, out);
  } else {
    Buffer<std::complex<double>, true> all(slots, unset);
    embedding->toSlots(halves, rest, all);
    std::copy_n(all.begin(), out.size(), out.begin());
  }
  return noise / scale + transformNoise(slots, message + noise / scale);
}

}  // namespace veilsum::ckks
