#include <algorithm>
#include <cmath>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"

namespace veilsum::bfv {

namespace {

using PolyCoeff = ring::Poly<ring::Coeff>;

enum class Sign { kPlus, kMinus };

// sum += term or sum -= term, at one level.
void accumulate(Ciphertext& sum, const Ciphertext& term, Sign sign) {
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

Ciphertext combine(const Ciphertext& a, const Ciphertext& b, Sign sign, const char* operation) {
  const std::size_t level = commonLevel(std::vector{&a, &b});
  const AtLevel x(a, level), y(b, level);
  requireBudget(*a.context, level, std::max(x->log2_noise, y->log2_noise),
                log2Sum(x->log2_noise, y->log2_noise), operation);
  Ciphertext result = x->copy();
  accumulate(result, *y, sign);
  return result;
}

Ciphertext combinePlain(const Ciphertext& a, std::span<const std::uint64_t> coefficients, Sign sign,
                        double rounding) {
  const double noise = log2Sum(a.log2_noise, std::log2(rounding));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "the addition of a plaintext");
  Ciphertext result = a.copy();
  addScaled(*a.context, result.body.parts[0], coefficients, sign == Sign::kMinus);
  result.log2_noise = noise;
  return result;
}

}  // namespace

Ciphertext add(const Ciphertext& a, const Ciphertext& b) {
  return combine(a, b, Sign::kPlus, "an addition");
}

Ciphertext sub(const Ciphertext& a, const Ciphertext& b) {
  return combine(a, b, Sign::kMinus, "a subtraction");
}

Ciphertext negate(const Ciphertext& a) {
  Ciphertext result = a.copy();
  for (PolyCoeff& part : result.body.parts) ring::negate(part);
  result.body.seed.reset();
  return result;
}

Ciphertext sum(CiphertextRefs terms) {
  requireLists(terms.size(), terms.size(), "a sum");
  const std::size_t level = commonLevel(terms);
  double largest = log2NoiseAt(*terms[0], level), noise = largest;
  for (const Ciphertext* term : terms.subspan(1)) {
    const double x = log2NoiseAt(*term, level);
    largest = std::max(largest, x);
    noise = log2Sum(noise, x);
  }
  requireBudget(*terms[0]->context, level, largest, noise, "a sum");

  Ciphertext result = AtLevel(*terms[0], level)->copy();
  for (const Ciphertext* term : terms.subspan(1)) {
    accumulate(result, *AtLevel(*term, level), Sign::kPlus);
  }
  return result;
}

Ciphertext addPlain(const Ciphertext& a, const Plaintext& b) {
  requireSameContext(a.context, b.context);
  return combinePlain(a, b.coefficients, Sign::kPlus, plaintextRoundingNoise(*a.context));
}

Ciphertext subPlain(const Ciphertext& a, const Plaintext& b) {
  requireSameContext(a.context, b.context);
  return combinePlain(a, b.coefficients, Sign::kMinus, plaintextRoundingNoise(*a.context));
}

Ciphertext addScalar(const Ciphertext& a, std::int64_t k) {
  const std::uint64_t residue = a.context->plainModulus().fromSigned(k);
  return combinePlain(a, {&residue, 1}, Sign::kPlus, 1);  // one coefficient: |rho| <= 3/4
}

}  // namespace veilsum::bfv
