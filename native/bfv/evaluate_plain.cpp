#include <algorithm>
#include <cmath>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/tables.h"
#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

using PolyEval = ring::Poly<ring::Eval>;

// What multiplying by m adds to the bits of noise. A zero m counts as 1, so that bounds stay
// finite.
double log2Norm(double norm) { return std::log2(std::max(norm, 1.0)); }

PolyEval evaluated(const ring::Poly<ring::Coeff>& part) { return toEval(part.copy()); }

}  // namespace

EvalPlaintext prepare(const Plaintext& plaintext, std::size_t level) {
  const Context& context = *plaintext.context;
  requireLevel(plaintext.context, level);
  const std::uint64_t t = context.t();
  const Context::Scaling& scaling = context.scaling(level);
  ring::Poly<ring::Coeff> poly(context.rlwe()->basisQ(level));
  std::vector<double> centred(context.n());

  for (std::size_t i = 0; i < poly.size(); ++i) {
    const arith::Modulus& q = poly.basis().modulus(i);
    std::uint64_t* row = poly.residue(i);
    for (std::size_t k = 0; k < context.n(); ++k) {
      const std::uint64_t m = plaintext.coefficients[k];
      const std::uint64_t upper = 0 - ((t - 1 - 2 * m) >> 63);  // m >= t / 2: stands for m - t
      row[k] = q.sub(q.reduce(m), scaling.t_mod_q[i] & upper);
      centred[k] = static_cast<double>(static_cast<std::int64_t>(m - (t & upper)));
    }
  }
  const double norm = rlwe::canonicalNorm(centred);
  wipe(centred.data(), centred.size() * sizeof(double));
  // A coefficient above 2^53 was rounded, by 2^-53 of itself at most.
  const double slack = 1 + 0x1p-53 * static_cast<double>(context.n());
  return {plaintext.context, toEval(std::move(poly)), norm * slack};
}

Ciphertext innerProductPlain(CiphertextRefs a, std::span<const EvalPlaintext* const> b) {
  requireLists(a.size(), b.size(), "an inner product with plaintexts");
  const Context& context = *a[0]->context;
  std::size_t level = commonLevel(a), parts = 0;
  for (const EvalPlaintext* m : b) {
    requireSameContext(a[0]->context, m->context);
    level = std::min(level, m->level());
  }
  for (const Ciphertext* c : a) parts = std::max(parts, c->body.parts.size());

  double largest = 0, noise = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double before = log2NoiseAt(*a[i], level), term = before + log2Norm(b[i]->norm);
    largest = i == 0 ? before : std::max(largest, before);
    noise = i == 0 ? term : log2Sum(noise, term);
  }
  requireBudget(context, level, largest, noise, "a product with a plaintext");

  std::vector<PolyEval> sums;
  for (std::size_t p = 0; p < parts; ++p) sums.emplace_back(context.rlwe()->basisQ(level));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const AtLevel c(*a[i], level);
    const PolyEval& m = b[i]->poly;
    const bool whole = m.size() == level + 1;
    const PolyEval lower = whole ? PolyEval() : m.prefix(level + 1);
    for (std::size_t p = 0; p < c->body.parts.size(); ++p) {
      ring::mulAddInto(sums[p], evaluated(c->body.parts[p]), whole ? m : lower);
    }
  }
  Ciphertext result{a[0]->context, {context.rlwe(), {}, {}}, noise};
  for (PolyEval& s : sums) result.body.parts.push_back(toCoeff(std::move(s)));
  return result;
}

Ciphertext multiplyPlain(const Ciphertext& a, const EvalPlaintext& b) {
  const Ciphertext* const left[] = {&a};
  const EvalPlaintext* const right[] = {&b};
  return innerProductPlain(left, right);
}

Ciphertext multiplyPlain(const Ciphertext& a, const Plaintext& b) {
  return multiplyPlain(a, prepare(b, a.level()));
}

template <class Form>
CiphertextIn<Form> multiplyScalar(const CiphertextIn<Form>& a, std::int64_t k) {
  const std::uint64_t t = a.context->t(), residue = a.context->plainModulus().fromSigned(k);
  const bool negative = 2 * residue >= t;
  const std::uint64_t magnitude = negative ? t - residue : residue;
  const double noise = a.log2_noise + log2Norm(static_cast<double>(magnitude));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "a product with a scalar");

  std::vector<std::uint64_t> factors;
  for (std::size_t i = 0; i <= a.level(); ++i) {
    const arith::Modulus& q = a.body.parts[0].basis().modulus(i);
    const std::uint64_t factor = q.reduce(magnitude);
    factors.push_back(negative ? q.neg(factor) : factor);
  }
  CiphertextIn<Form> result{a.context, {a.body.context, {}, {}}, noise};
  for (const auto& part : a.body.parts) result.body.parts.push_back(ring::scaled(part, factors));
  return result;
}

template CiphertextIn<ring::Coeff> multiplyScalar(const CiphertextIn<ring::Coeff>&, std::int64_t);
template CiphertextIn<ring::Eval> multiplyScalar(const CiphertextIn<ring::Eval>&, std::int64_t);

}  // namespace veilsum::bfv
