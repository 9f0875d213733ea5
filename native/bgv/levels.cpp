#include "bgv/levels.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/tables.h"

namespace veilsum::bgv {

namespace {

// a^-1 modulo any m that is prime to it, in (-m / 2, m / 2].
std::int64_t centredInverse(std::uint64_t a, const arith::Modulus& m) {
  const auto modulus = static_cast<std::int64_t>(m.value());
  const auto inverse = static_cast<std::int64_t>(m.inverseOfPublic(a));
  return 2 * inverse > modulus ? inverse - modulus : inverse;
}

// log2 of what a product's noise has beyond that of its factors.
double log2Growth(const bfv::Context& context, std::size_t level) {
  return std::log2(static_cast<double>(std::abs(productFactor(context, level)))) +
         std::log2(static_cast<double>(context.t()));
}

// The level from `top` down that has the least value of a function.
template <class Value>
std::size_t leastLevel(std::size_t top, Value value) {
  std::size_t best = top;
  double least = value(top);
  for (std::size_t level = top; level-- > 0;) {
    if (const double x = value(level); x < least) {
      least = x;
      best = level;
    }
  }
  return best;
}

}  // namespace

std::int64_t productFactor(const bfv::Context& context, std::size_t level) {
  const std::int64_t inverse =
      centredInverse(context.scaling(level).q_mod_t, context.plainModulus());
  return 2 * inverse == static_cast<std::int64_t>(context.t()) ? inverse : -inverse;
}

double log2ProductNoise(CiphertextRefs a, CiphertextRefs b, std::size_t level) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double product = bfv::log2NoiseAt(*a[i], level) + bfv::log2NoiseAt(*b[i], level);
    sum = i == 0 ? product : bfv::log2Sum(sum, product);
  }
  return sum + log2Growth(*a[0]->context, level);
}

std::size_t productLevel(CiphertextRefs a, CiphertextRefs b) {
  const rlwe::Context& rlwe = *a[0]->context->rlwe();
  return leastLevel(std::min(bfv::commonLevel(a), bfv::commonLevel(b)), [&](std::size_t level) {
    return log2ProductNoise(a, b, level) - rlwe.basisQ(level)->log2();
  });
}

std::size_t settledLevel(const bfv::Context& context, double log2_noise, std::size_t level) {
  return leastLevel(level, [&](std::size_t l) {
    const double noise = bfv::log2NoiseAt(context, log2_noise, 1, level, l);
    if (l < level && noise > context.log2NoiseLimit(l)) return HUGE_VAL;
    return 2 * noise + log2Growth(context, l) - context.rlwe()->basisQ(l)->log2();
  });
}

}  // namespace veilsum::bgv
