#include <algorithm>
#include <cmath>

#include "bfv/noise.h"
#include "bfv/operands.h"
#include "seal_backend/bfv.h"

namespace veilsum::seal_backend::bfv_engine {

namespace {

using bfv::log2Sum;
using bfv::requireBudget;

Ciphertext combine(const Engine& engine, const Ciphertext& a, const Ciphertext& b, bool subtract,
                   const char* operation) {
  const std::size_t level = bfv::commonLevel(std::vector{&a, &b});
  const Ciphertext left = modSwitchTo(engine, a, level), right = modSwitchTo(engine, b, level);
  const double noise = log2Sum(left.log2_noise, right.log2_noise);
  requireBudget(*a.context, level, std::max(left.log2_noise, right.log2_noise), noise, operation);
  seal::Ciphertext x = toSeal(engine, left.body);
  const seal::Ciphertext y = toSeal(engine, right.body);
  run([&] {
    subtract ? engine.evaluator().sub_inplace(x, y) : engine.evaluator().add_inplace(x, y);
  });
  return assemble(engine, a.context, x, noise);
}

Ciphertext combinePlain(const Engine& engine, const Ciphertext& a,
                        std::span<const std::uint64_t> coefficients, bool subtract,
                        double rounding) {
  const double noise = log2Sum(a.log2_noise, std::log2(rounding));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "the addition of a plaintext");
  seal::Ciphertext x = toSeal(engine, a.body);
  const seal::Plaintext y = toSeal(coefficients);
  run([&] {
    subtract ? engine.evaluator().sub_plain_inplace(x, y)
             : engine.evaluator().add_plain_inplace(x, y);
  });
  return assemble(engine, a.context, x, noise);
}

// x *= plaintext, each coefficient centred. SEAL centres them too, save where just one is not zero:
// an upper half (a negative integer) is negated before and after.
void multiplyBy(const Engine& engine, seal::Ciphertext& x, const Plaintext& plaintext) {
  seal::Plaintext y = toSeal(plaintext.coefficients);
  std::uint64_t* const only = y.data() + std::max<std::size_t>(y.significant_coeff_count(), 1) - 1;
  const std::uint64_t t = plaintext.context->t();
  const bool negative = y.nonzero_coeff_count() == 1 && 2 * *only >= t;
  if (negative) *only = t - *only;
  run([&] { engine.evaluator().multiply_plain_inplace(x, y); });
  if (negative) run([&] { engine.evaluator().negate_inplace(x); });
}

double log2Norm(double norm) { return std::log2(std::max(norm, 1.0)); }

}  // namespace

Ciphertext add(const Engine& engine, const Ciphertext& a, const Ciphertext& b) {
  return combine(engine, a, b, false, "an addition");
}

Ciphertext sub(const Engine& engine, const Ciphertext& a, const Ciphertext& b) {
  return combine(engine, a, b, true, "a subtraction");
}

Ciphertext negate(const Engine& engine, const Ciphertext& a) {
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { engine.evaluator().negate_inplace(x); });
  return assemble(engine, a.context, x, a.log2_noise);
}

Ciphertext sum(const Engine& engine, CiphertextRefs terms) {
  bfv::requireLists(terms.size(), terms.size(), "a sum");
  const std::size_t level = bfv::commonLevel(terms);
  Ciphertext total = modSwitchTo(engine, *terms[0], level);
  seal::Ciphertext x = toSeal(engine, total.body);
  for (const Ciphertext* term : terms.subspan(1)) {
    const Ciphertext switched = modSwitchTo(engine, *term, level);
    const double noise = log2Sum(total.log2_noise, switched.log2_noise);
    requireBudget(*total.context, level, total.log2_noise, noise, "a sum");
    const seal::Ciphertext y = toSeal(engine, switched.body);
    run([&] { engine.evaluator().add_inplace(x, y); });
    total.log2_noise = noise;
  }
  return assemble(engine, total.context, x, total.log2_noise);
}

Ciphertext addPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b) {
  bfv::requireSameContext(a.context, b.context);
  return combinePlain(engine, a, b.coefficients, false, bfv::plaintextRoundingNoise(*a.context));
}

Ciphertext subPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b) {
  bfv::requireSameContext(a.context, b.context);
  return combinePlain(engine, a, b.coefficients, true, bfv::plaintextRoundingNoise(*a.context));
}

Ciphertext addScalar(const Engine& engine, const Ciphertext& a, std::int64_t k) {
  const std::uint64_t residue = a.context->plainModulus().fromSigned(k);
  return combinePlain(engine, a, {&residue, 1}, false, 1);  // one coefficient: |rho| <= 3/4
}

Ciphertext multiplyScalar(const Engine& engine, const Ciphertext& a, std::int64_t k) {
  const std::uint64_t t = a.context->t(), residue = a.context->plainModulus().fromSigned(k);
  Plaintext constant{a.context, Buffer<std::uint64_t, true>(1)};
  constant.coefficients[0] = residue;
  const Factor factor{&constant, static_cast<double>(std::min(residue, t - residue))};
  const Ciphertext* const x = &a;
  return innerProductPlain(engine, {&x, 1}, {&factor, 1});
}

Ciphertext innerProductPlain(const Engine& engine, CiphertextRefs a, std::span<const Factor> b) {
  bfv::requireLists(a.size(), b.size(), "an inner product with plaintexts");
  const bfv::ContextPtr& context = a[0]->context;
  const std::size_t level = bfv::commonLevel(a);
  double total = 0;
  seal::Ciphertext sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    bfv::requireSameContext(context, b[i].plaintext->context);
    const Ciphertext factor = modSwitchTo(engine, *a[i], level);
    const double term = factor.log2_noise + log2Norm(b[i].norm);
    total = i == 0 ? term : log2Sum(total, term);
    requireBudget(*context, level, factor.log2_noise, total, "a product with a plaintext");
    seal::Ciphertext x = toSeal(engine, factor.body);
    multiplyBy(engine, x, *b[i].plaintext);
    if (i == 0) {
      sum = std::move(x);
    } else {
      run([&] { engine.evaluator().add_inplace(sum, x); });
    }
  }
  return assemble(engine, context, sum, total);
}

}  // namespace veilsum::seal_backend::bfv_engine
