#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "ring/rows.h"

namespace veilsum::bfv {

namespace rows = ring::rows;

namespace {

enum class Sign { kPlus, kMinus };

template <class Form>
CiphertextIn<Form> combine(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b, Sign sign,
                           const char* operation) {
  const std::size_t level = commonLevel(std::vector{&a, &b});
  const AtLevel x(a, level), y(b, level);
  const double noise = log2Sum(x->log2_noise, y->log2_noise);
  requireBudget(*a.context, level, std::max(x->log2_noise, y->log2_noise), noise, operation);

  CiphertextIn<Form> result{a.context, {a.body.context, {}, {}}, noise};
  const auto &left = x->body.parts, &right = y->body.parts;
  const ring::BasisPtr& basis = left[0].basisPtr();
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i >= right.size()) {
      result.body.parts.push_back(left[i].copy());
    } else if (i >= left.size()) {
      result.body.parts.push_back(sign == Sign::kPlus ? right[i].copy() : ring::negated(right[i]));
    } else {
      result.body.parts.push_back(sign == Sign::kPlus ? ring::add(left[i], right[i], basis)
                                                      : ring::sub(left[i], right[i], basis));
    }
  }
  return result;
}

template <class Form>
CiphertextIn<Form> combinePlain(const CiphertextIn<Form>& a,
                                std::span<const std::uint64_t> coefficients, Sign sign,
                                double rounding) {
  const double noise = log2Sum(a.log2_noise, std::log2(rounding));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "the addition of a plaintext");
  CiphertextIn<Form> result = a.copy();
  addScaled(*a.context, result.body.parts[0], coefficients, sign == Sign::kMinus);
  result.log2_noise = noise;
  return result;
}

// parts += the group's parts; those that none had before are new.
template <class Form>
void addGroup(std::vector<ring::Poly<Form>>& parts, const std::deque<AtLevel<Form>>& group) {
  std::size_t count = parts.size();
  for (const AtLevel<Form>& term : group) count = std::max(count, term->body.parts.size());
  for (std::size_t p = 0; p < count; ++p) {
    const bool fresh = p == parts.size();
    if (fresh) parts.emplace_back(group[0]->body.parts[0].basisPtr(), unset);
    ring::Poly<Form>& part = parts[p];
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::vector<rows::ConstRow> terms;
      if (!fresh) terms.push_back(part.residue(i));
      for (const AtLevel<Form>& term : group) {
        if (p < term->body.parts.size()) terms.push_back(term->body.parts[p].residue(i));
      }
      rows::sum(part.basis().modulus(i), part.n(), terms, part.residue(i));
    }
  }
}

template <class Form>
CiphertextIn<Form> sumOf(std::span<const CiphertextIn<Form>* const> terms) {
  requireLists(terms.size(), terms.size(), "a sum");
  const std::size_t level = commonLevel(terms);
  double largest = log2NoiseAt(*terms[0], level), noise = largest;
  for (const CiphertextIn<Form>* term : terms.subspan(1)) {
    const double x = log2NoiseAt(*term, level);
    largest = std::max(largest, x);
    noise = log2Sum(noise, x);
  }
  requireBudget(*terms[0]->context, level, largest, noise, "a sum");

  // In groups: only so many terms are held switched to the level at a time.
  constexpr std::size_t kTogether = 15;
  CiphertextIn<Form> result{terms[0]->context, {terms[0]->body.context, {}, {}}, noise};
  auto& parts = result.body.parts;
  for (std::size_t begin = 0; begin < terms.size(); begin += kTogether) {
    std::deque<AtLevel<Form>> group;
    for (const CiphertextIn<Form>* term :
         terms.subspan(begin, std::min(kTogether, terms.size() - begin))) {
      group.emplace_back(*term, level);
    }
    addGroup(parts, group);
  }
  return result;
}

}  // namespace

template <class Form>
CiphertextIn<Form> add(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b) {
  return combine(a, b, Sign::kPlus, "an addition");
}

template <class Form>
CiphertextIn<Form> sub(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b) {
  return combine(a, b, Sign::kMinus, "a subtraction");
}

template <class Form>
CiphertextIn<Form> negate(const CiphertextIn<Form>& a) {
  CiphertextIn<Form> result{a.context, {a.body.context, {}, {}}, a.log2_noise};
  for (const auto& part : a.body.parts) result.body.parts.push_back(ring::negated(part));
  return result;
}

Ciphertext sum(CiphertextRefs terms) { return sumOf(terms); }
EvalCiphertext sum(EvalCiphertextRefs terms) { return sumOf(terms); }

template <class Form>
CiphertextIn<Form> addPlain(const CiphertextIn<Form>& a, const Plaintext& b) {
  requireSameContext(a.context, b.context);
  return combinePlain(a, b.coefficients, Sign::kPlus, plaintextRoundingNoise(*a.context));
}

template <class Form>
CiphertextIn<Form> subPlain(const CiphertextIn<Form>& a, const Plaintext& b) {
  requireSameContext(a.context, b.context);
  return combinePlain(a, b.coefficients, Sign::kMinus, plaintextRoundingNoise(*a.context));
}

template <class Form>
CiphertextIn<Form> addScalar(const CiphertextIn<Form>& a, std::int64_t k) {
  const std::uint64_t residue = a.context->plainModulus().fromSigned(k);
  return combinePlain(a, {&residue, 1}, Sign::kPlus, 1);  // one coefficient: |rho| <= 3/4
}

template CiphertextIn<ring::Coeff> add(const CiphertextIn<ring::Coeff>&,
                                       const CiphertextIn<ring::Coeff>&);
template CiphertextIn<ring::Coeff> sub(const CiphertextIn<ring::Coeff>&,
                                       const CiphertextIn<ring::Coeff>&);
template CiphertextIn<ring::Coeff> negate(const CiphertextIn<ring::Coeff>&);
template CiphertextIn<ring::Coeff> addPlain(const CiphertextIn<ring::Coeff>&, const Plaintext&);
template CiphertextIn<ring::Coeff> subPlain(const CiphertextIn<ring::Coeff>&, const Plaintext&);
template CiphertextIn<ring::Coeff> addScalar(const CiphertextIn<ring::Coeff>&, std::int64_t);
template CiphertextIn<ring::Eval> add(const CiphertextIn<ring::Eval>&,
                                      const CiphertextIn<ring::Eval>&);
template CiphertextIn<ring::Eval> sub(const CiphertextIn<ring::Eval>&,
                                      const CiphertextIn<ring::Eval>&);
template CiphertextIn<ring::Eval> negate(const CiphertextIn<ring::Eval>&);
template CiphertextIn<ring::Eval> addPlain(const CiphertextIn<ring::Eval>&, const Plaintext&);
template CiphertextIn<ring::Eval> subPlain(const CiphertextIn<ring::Eval>&, const Plaintext&);
template CiphertextIn<ring::Eval> addScalar(const CiphertextIn<ring::Eval>&, std::int64_t);

}  // namespace veilsum::bfv
