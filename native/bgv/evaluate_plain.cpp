#include <algorithm>
#include <cmath>
#include <vector>

#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bgv/evaluator.h"
#include "ring/rows.h"

namespace veilsum::bgv {

namespace {

using ring::Eval;
using ring::Poly;
using Parts = std::vector<Poly<Eval>>;

constexpr std::size_t kRun = 256;  // what rows::innerProduct takes at once

// sum of a_i b_i at a level, at most kRun terms; parts that a ciphertext lacks are zero.
Parts plainSum(CiphertextRefs a, std::span<const bfv::EvalPlaintext* const> b, std::size_t level,
               std::size_t parts) {
  const ring::BasisPtr& basis = a[0]->context->rlwe()->basisQ(level);
  Parts sums;
  for (std::size_t p = 0; p < parts; ++p) sums.emplace_back(basis);
  std::vector<std::optional<bfv::AtLevel<Eval>>> at(a.size());
  for (std::size_t k = 0; k < a.size(); ++k) at[k].emplace(*a[k], level);
  for (std::size_t p = 0; p < parts; ++p) {
    for (std::size_t i = 0; i <= level; ++i) {
      std::vector<ring::rows::ConstRow> x, y;
      for (std::size_t k = 0; k < a.size(); ++k) {
        if (p > a[k]->degree()) continue;
        x.push_back((**at[k]).body.parts[p].residue(i));
        y.push_back(b[k]->poly.residue(i));
      }
      ring::rows::innerProduct(basis->modulus(i), basis->n(), x, y, sums[p].residue(i));
    }
  }
  return sums;
}

}  // namespace

Ciphertext innerProductPlain(CiphertextRefs a, std::span<const bfv::EvalPlaintext* const> b) {
  bfv::requireLists(a.size(), b.size(), "an inner product with plaintexts");
  const bfv::ContextPtr& context = a[0]->context;
  std::size_t level = bfv::commonLevel(a), parts = 0;
  for (const bfv::EvalPlaintext* m : b) {
    bfv::requireSameContext(context, m->context);
    level = std::min(level, m->level());
  }
  double largest = 0, noise = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    parts = std::max(parts, a[i]->body.parts.size());
    const double before = bfv::log2NoiseAt(*a[i], level);
    const double term = before + std::log2(std::max(b[i]->norm, 1.0));
    largest = i == 0 ? before : std::max(largest, before);
    noise = i == 0 ? term : bfv::log2Sum(noise, term);
  }
  bfv::requireBudget(*context, level, largest, noise, "a product with a plaintext");

  Parts sums;
  for (std::size_t begin = 0; begin < a.size(); begin += kRun) {
    const std::size_t count = std::min(kRun, a.size() - begin);
    Parts run = plainSum(a.subspan(begin, count), b.subspan(begin, count), level, parts);
    if (begin == 0) {
      sums = std::move(run);
    } else {
      for (std::size_t p = 0; p < parts; ++p) ring::addInto(sums[p], run[p]);
    }
  }
  return {context, {context->rlwe(), std::move(sums), {}}, noise};
}

Ciphertext multiplyPlain(const Ciphertext& a, const bfv::EvalPlaintext& b) {
  const Ciphertext* const left[] = {&a};
  const bfv::EvalPlaintext* const right[] = {&b};
  return innerProductPlain(left, right);
}

}  // namespace veilsum::bgv
