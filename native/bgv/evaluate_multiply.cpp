#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bgv/evaluator.h"
#include "bgv/levels.h"
#include "ring/rows.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

namespace veilsum::bgv {

namespace {

using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;
using Parts = std::vector<Poly<Eval>>;
using Rows = std::vector<rows::ConstRow>;

constexpr std::size_t kRun = 64;  // pairs in one pass; rows::innerProduct takes 256 rows

// sum over the pairs of (a_0 b_0, a_0 b_1 + a_1 b_0, a_1 b_1), at a level; at most kRun pairs.
Parts tensorSum(CiphertextRefs a, CiphertextRefs b, std::size_t level) {
  std::map<const Ciphertext*, bfv::AtLevel<Eval>> operands;
  const auto at = [&](const Ciphertext* c) -> const Parts& {
    return (*operands.try_emplace(c, *c, level).first->second).body.parts;
  };
  const ring::BasisPtr& basis = a[0]->context->rlwe()->basisQ(level);
  Parts e;
  for (int part = 0; part < 3; ++part) e.emplace_back(basis, unset);
  for (std::size_t i = 0; i <= level; ++i) {
    Rows a0, a1, b0, b1;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const Parts &x = at(a[k]), &y = at(b[k]);
      a0.push_back(x[0].residue(i));
      a1.push_back(x[1].residue(i));
      b0.push_back(y[0].residue(i));
      b1.push_back(y[1].residue(i));
    }
    const arith::Modulus& q = basis->modulus(i);
    rows::innerProduct(q, basis->n(), a0, b0, e[0].residue(i));
    rows::innerProduct(q, basis->n(), a1, b1, e[2].residue(i));
    a0.insert(a0.end(), a1.begin(), a1.end());
    b1.insert(b1.end(), b0.begin(), b0.end());
    rows::innerProduct(q, basis->n(), a0, b1, e[1].residue(i));
  }
  return e;
}

// e *= t kappa.
void normalise(const bfv::Context& context, std::size_t level, Parts& e) {
  const std::int64_t kappa = productFactor(context, level);
  std::vector<std::uint64_t> factors;
  for (std::size_t i = 0; i <= level; ++i) {
    const arith::Modulus& q = e[0].basis().modulus(i);
    factors.push_back(q.mul(q.reduce(context.t()), q.fromSigned(kappa)));
  }
  for (Poly<Eval>& part : e) ring::scale(part, factors);
}

}  // namespace

Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b) {
  bfv::requireLists(a.size(), b.size(), "an inner product");
  bfv::requireSameContext(a[0]->context, b[0]->context);
  for (CiphertextRefs list : {a, b}) {
    for (const Ciphertext* c : list) bfv::requireDegree(*c, 1, "a multiplication");
  }
  const bfv::ContextPtr& context = a[0]->context;
  const std::size_t level = productLevel(a, b);
  const double noise = log2ProductNoise(a, b, level);
  bfv::requireBudget(*context, level, bfv::log2NoiseAt(*a[0], level), noise, "a multiplication");

  Parts e = tensorSum(a.first(std::min(kRun, a.size())), b.first(std::min(kRun, b.size())), level);
  for (std::size_t begin = kRun; begin < a.size(); begin += kRun) {
    const std::size_t count = std::min(kRun, a.size() - begin);
    const Parts run = tensorSum(a.subspan(begin, count), b.subspan(begin, count), level);
    for (std::size_t part = 0; part < 3; ++part) ring::addInto(e[part], run[part]);
  }
  normalise(*context, level, e);
  return {context, {context->rlwe(), std::move(e), {}}, noise};
}

Ciphertext multiply(const Ciphertext& a, const Ciphertext& b) {
  const Ciphertext* const left[] = {&a};
  const Ciphertext* const right[] = {&b};
  return innerProduct(left, right);
}

Ciphertext square(const Ciphertext& a) { return multiply(a, a); }

Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  if (a.degree() == 1) return a.copy();
  bfv::requireDegree(a, 2, "relinearization");
  const rlwe::KeySwitchKey& key = keys.relin();
  bfv::requireKeyOf(a.context, key.context);
  const rlwe::Context& rlwe = *a.context->rlwe();
  const std::size_t from = a.level();
  const double relinearized =
      bfv::log2Sum(a.log2_noise, std::log2(rlwe::keySwitchNoise(rlwe, from)));
  bfv::requireBudget(*a.context, from, a.log2_noise, relinearized, "relinearization");
  const std::size_t to = settledLevel(*a.context, relinearized, from);
  const double noise = bfv::log2NoiseAt(*a.context, relinearized, 1, from, to);

  const Parts& e = a.body.parts;
  auto [c0, c1] = rlwe::relinearizeDivided(rlwe, e[0], e[1], e[2], key, from - to);
  Ciphertext result{a.context, {a.body.context, {}, {}}, noise};
  result.body.parts.push_back(std::move(c0));
  result.body.parts.push_back(std::move(c1));
  return result;
}

Ciphertext multiplyRelinearize(const Ciphertext& a, const Ciphertext& b,
                               const rlwe::EvaluationKeys& keys) {
  keys.relin();
  return relinearize(multiply(a, b), keys);
}

}  // namespace veilsum::bgv
