#include <string>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "ring/base_convert.h"

namespace veilsum::bfv {

namespace {

ring::Poly<ring::Coeff> divided(const ring::Poly<ring::Coeff>& a, std::size_t count) {
  return ring::divideAndRound(a, count);
}
ring::Poly<ring::Eval> divided(const ring::Poly<ring::Eval>& a, std::size_t count) {
  return ring::divideAndRound(a.copy(), count);
}

}  // namespace

template <class Form>
CiphertextIn<Form> modSwitchTo(const CiphertextIn<Form>& a, std::size_t level) {
  if (level > a.level()) {
    throw Error(Code::kDepth, "a ciphertext at level " + std::to_string(a.level()) +
                                  " cannot be switched up to level " + std::to_string(level));
  }
  if (level == a.level()) return a.copy();
  const double noise = log2NoiseAt(a, level);
  requireBudget(*a.context, level, a.log2_noise, noise, "modulus switching");

  CiphertextIn<Form> result{a.context, {a.body.context, {}, {}}, noise};
  for (const auto& part : a.body.parts) {
    result.body.parts.push_back(divided(part, a.level() - level));
  }
  return result;
}

template <class Form>
CiphertextIn<Form> modSwitch(const CiphertextIn<Form>& a) {
  require(a.level() > 0, Code::kDepth, "the ciphertext is at the lowest level, 0");
  return modSwitchTo(a, a.level() - 1);
}

template CiphertextIn<ring::Coeff> modSwitchTo(const CiphertextIn<ring::Coeff>&, std::size_t);
template CiphertextIn<ring::Coeff> modSwitch(const CiphertextIn<ring::Coeff>&);
template CiphertextIn<ring::Eval> modSwitchTo(const CiphertextIn<ring::Eval>&, std::size_t);
template CiphertextIn<ring::Eval> modSwitch(const CiphertextIn<ring::Eval>&);

}  // namespace veilsum::bfv
