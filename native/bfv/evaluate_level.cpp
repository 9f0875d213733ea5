#include <string>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "ring/base_convert.h"

namespace veilsum::bfv {

Ciphertext modSwitchTo(const Ciphertext& a, std::size_t level) {
  if (level > a.level()) {
    throw Error(Code::kDepth, "a ciphertext at level " + std::to_string(a.level()) +
                                  " cannot be switched up to level " + std::to_string(level));
  }
  if (level == a.level()) return a.copy();
  const double noise = log2NoiseAt(a, level);
  requireBudget(*a.context, level, a.log2_noise, noise, "modulus switching");

  Ciphertext result{a.context, {a.body.context, {}, {}}, noise};
  for (const auto& part : a.body.parts) {
    result.body.parts.push_back(ring::divideAndRound(part, a.level() - level));
  }
  return result;
}

Ciphertext modSwitch(const Ciphertext& a) {
  require(a.level() > 0, Code::kDepth, "the ciphertext is at the lowest level, 0");
  return modSwitchTo(a, a.level() - 1);
}

}  // namespace veilsum::bfv
