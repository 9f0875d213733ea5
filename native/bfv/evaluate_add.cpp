#include <algorithm>
#include <cmath>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"

namespace veilsum::bfv {

namespace {

enum class Sign { kPlus, kMinus };

// sum += term or sum -= term, at one level.
template <class Form>
void accumulate(CiphertextIn<Form>& sum, const CiphertextIn<Form>& term, Sign sign) {
  for (std::size_t i = 0; i < term.body.parts.size(); ++i) {
    if (i == sum.body.parts.size()) {
      sum.body.parts.emplace_back(term.body.parts[i].basisPtr());
    }
    if (sign == Sign::kPlus) {
      ring::addInto(sum.body.parts[i], term.body.parts[i]);
    } else {
      ring::subInto(sum.body.parts[i], term.body.parts[i]);
    }
  }
  sum.body.seed.reset();
  sum.log2_noise = log2Sum(sum.log2_noise, term.log2_noise);
}

template <class Form>
CiphertextIn<Form> combine(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b, Sign sign,
                           const char* operation) {
  const std::size_t level = commonLevel(std::vector{&a, &b});
  const AtLevel x(a, level), y(b, level);
  requireBudget(*a.context, level, std::max(x->log2_noise, y->log2_noise),
                log2Sum(x->log2_noise, y->log2_noise), operation);
  CiphertextIn<Form> result = x->copy();
  accumulate(result, *y, sign);
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

  CiphertextIn<Form> result = AtLevel(*terms[0], level)->copy();
  for (const CiphertextIn<Form>* term : terms.subspan(1)) {
    accumulate(result, *AtLevel(*term, level), Sign::kPlus);
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
  CiphertextIn<Form> result = a.copy();
  for (ring::Poly<Form>& part : result.body.parts) ring::negate(part);
  result.body.seed.reset();
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
