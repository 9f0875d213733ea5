#include "seal_backend/noise.h"

#include <cmath>
#include <numbers>

#include "bfv/noise.h"
#include "rlwe/noise.h"

namespace veilsum::seal_backend {

namespace {

// The canonical norm of (1 + X + ... + X^(n-1)) / 2: its value at zeta^j is 1 / (1 - zeta^j).
double halfEverywhere(std::size_t n) {
  return 1 / (2 * std::sin(std::numbers::pi / (2 * static_cast<double>(n))));
}

}  // namespace

double keySwitchNoise(const rlwe::Context& context, std::size_t level) {
  const auto p = static_cast<double>(context.parameters().p[0]);
  double squares = 0;
  for (std::size_t d = 0; d <= level; ++d) {
    const double ratio = static_cast<double>(context.parameters().q[d]) / p;
    squares += ratio * ratio;
  }
  return rlwe::keySwitchNoise(context, level) +
         halfEverywhere(context.n()) * std::sqrt(squares) * rlwe::freshSecretNoise(context);
}

double phaseNorm(const bfv::Ciphertext& c) {
  constexpr double kNeighbours = 8;
  return (bfv::phaseNorm(c) + kNeighbours * rlwe::secretNorm(*c.context->rlwe())) * (1 + 0x1p-24);
}

double productRoundingNoise(const bfv::Context& context, std::size_t level) {
  const auto terms = static_cast<double>(level + 1);
  const double secret = rlwe::secretNorm(*context.rlwe());
  return terms * halfEverywhere(context.n()) * (1 + secret + secret * secret) +
         std::sqrt(terms) * bfv::roundingNoise(context, 2);
}

}  // namespace veilsum::seal_backend
