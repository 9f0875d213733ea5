#include <cmath>
#include <string>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

void requireGalois(const Context& context, std::uint64_t g) {
  if (g % 2 == 1 && g < 2 * context.n()) return;
  throw Error(Code::kUsage, "a Galois element is odd and below 2n = " +
                                std::to_string(2 * context.n()) + ", not " + std::to_string(g));
}

}  // namespace

template <class Form>
std::vector<CiphertextIn<Form>> applyGaloisHoisted(const CiphertextIn<Form>& a,
                                                   std::span<const std::uint64_t> g,
                                                   const rlwe::EvaluationKeys& keys) {
  requireDegree(a, 1, "a rotation");
  std::size_t switches = 0;
  for (std::uint64_t element : g) {
    requireGalois(*a.context, element);
    if (element == 1) continue;
    requireKeyOf(a.context, keys.galoisFor(element).context);
    ++switches;
  }
  std::vector<CiphertextIn<Form>> results;
  if (switches == 0) {
    for (std::size_t i = 0; i < g.size(); ++i) results.push_back(a.copy());
    return results;
  }
  const rlwe::Context& rlwe = *a.context->rlwe();
  const double noise = log2Sum(a.log2_noise, std::log2(rlwe::keySwitchNoise(rlwe, a.level())));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "a rotation");

  // The digits are shared between rotations; one alone is cheaper without them, and the same bits.
  rlwe::Decomposition digits;
  if (switches > 1) digits = rlwe::decompose(rlwe, a.body.parts[1]);
  for (std::uint64_t element : g) {
    if (element == 1) {
      results.push_back(a.copy());
      continue;
    }
    const rlwe::KeySwitchKey& key = keys.galoisFor(element);
    const std::vector<ring::Poly<Form>>& c = a.body.parts;
    auto [c0, c1] = switches > 1 ? rlwe::switchGalois(c[0], digits, element, key)
                                 : rlwe::switchGalois(rlwe, c[0], c[1], element, key);
    CiphertextIn<Form> result{a.context, {a.body.context, {}, {}}, noise};
    result.body.parts.push_back(std::move(c0));
    result.body.parts.push_back(std::move(c1));
    results.push_back(std::move(result));
  }
  return results;
}

template <class Form>
CiphertextIn<Form> applyGalois(const CiphertextIn<Form>& a, std::uint64_t g,
                               const rlwe::EvaluationKeys& keys) {
  return std::move(applyGaloisHoisted(a, {&g, 1}, keys)[0]);
}

template <class Form>
std::vector<CiphertextIn<Form>> rotateRowsHoisted(const CiphertextIn<Form>& a,
                                                  std::span<const std::int64_t> steps,
                                                  const rlwe::EvaluationKeys& keys) {
  std::vector<std::uint64_t> elements;
  const auto columns = static_cast<std::int64_t>(a.context->n() / 2);
  for (std::int64_t s : steps) {
    elements.push_back(rlwe::galoisElement(a.context->n(), (s % columns + columns) % columns));
  }
  return applyGaloisHoisted(a, std::span<const std::uint64_t>(elements), keys);
}

template <class Form>
CiphertextIn<Form> rotateRows(const CiphertextIn<Form>& a, std::int64_t steps,
                              const rlwe::EvaluationKeys& keys) {
  return std::move(rotateRowsHoisted(a, {&steps, 1}, keys)[0]);
}

template <class Form>
CiphertextIn<Form> rotateColumns(const CiphertextIn<Form>& a, const rlwe::EvaluationKeys& keys) {
  return applyGalois(a, rlwe::galoisElementOfConjugation(a.context->n()), keys);
}

template CiphertextIn<ring::Coeff> rotateRows(const CiphertextIn<ring::Coeff>&, std::int64_t,
                                              const rlwe::EvaluationKeys&);
template CiphertextIn<ring::Coeff> rotateColumns(const CiphertextIn<ring::Coeff>&,
                                                 const rlwe::EvaluationKeys&);
template CiphertextIn<ring::Coeff> applyGalois(const CiphertextIn<ring::Coeff>&, std::uint64_t,
                                               const rlwe::EvaluationKeys&);
template std::vector<CiphertextIn<ring::Coeff>> rotateRowsHoisted(const CiphertextIn<ring::Coeff>&,
                                                                  std::span<const std::int64_t>,
                                                                  const rlwe::EvaluationKeys&);
template std::vector<CiphertextIn<ring::Coeff>> applyGaloisHoisted(const CiphertextIn<ring::Coeff>&,
                                                                   std::span<const std::uint64_t>,
                                                                   const rlwe::EvaluationKeys&);
template CiphertextIn<ring::Eval> rotateRows(const CiphertextIn<ring::Eval>&, std::int64_t,
                                             const rlwe::EvaluationKeys&);
template CiphertextIn<ring::Eval> rotateColumns(const CiphertextIn<ring::Eval>&,
                                                const rlwe::EvaluationKeys&);
template CiphertextIn<ring::Eval> applyGalois(const CiphertextIn<ring::Eval>&, std::uint64_t,
                                              const rlwe::EvaluationKeys&);
template std::vector<CiphertextIn<ring::Eval>> rotateRowsHoisted(const CiphertextIn<ring::Eval>&,
                                                                 std::span<const std::int64_t>,
                                                                 const rlwe::EvaluationKeys&);
template std::vector<CiphertextIn<ring::Eval>> applyGaloisHoisted(const CiphertextIn<ring::Eval>&,
                                                                  std::span<const std::uint64_t>,
                                                                  const rlwe::EvaluationKeys&);

}  // namespace veilsum::bfv
