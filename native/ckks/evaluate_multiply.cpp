#include <algorithm>

#include "ckks/noise.h"
#include "ckks/operands.h"
#include "kernel/table.h"
#include "ring/rows.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

namespace veilsum::ckks {

using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

void requireDegreeOne(const Ciphertext& a, const char* message) {
  require(a.degree() == 1, Code::kUsage, message);
}

// At each slot (s m + e)(s' m' + e') = s s' m m' + s m e' + s' m' e + e e'.
double productNoise(const Ciphertext& a, const Ciphertext& b) {
  const double noise =
      a.scale * a.message * b.noise + b.scale * b.message * a.noise + a.noise * b.noise;
  return noise + trackingNoise(a.norm() * b.norm(), 1);
}

// Residue i of (a_0 b_0, a_0 b_1 + a_1 b_0, a_1 b_1).
void tensorRow(const Ciphertext& a, const Ciphertext& b, std::size_t i, Parts& parts) {
  const rows::ConstRow x[2] = {a.body.parts[0].residue(i), a.body.parts[1].residue(i)};
  const rows::ConstRow y[2] = {b.body.parts[0].residue(i), b.body.parts[1].residue(i)};
  const rows::Row out[3] = {parts[0].residue(i), parts[1].residue(i), parts[2].residue(i)};
  kernel::table().tensor(x, y, parts[0].n(), parts[0].basis().modulus(i).barrett(), out);
}

// What relinearize refuses, and its result's noise before any division.
double relinearizedNoise(const Ciphertext& a, const rlwe::KeySwitchKey& key) {
  require(a.degree() == 2, Code::kUsage, "relinearize: the ciphertext must be of degree 1 or 2");
  a.context()->requireSame(*key.context);
  const double noise = a.noise + rlwe::keySwitchNoise(*a.context(), a.level());
  requireCapacity(*a.context(), a.level(), a.scale * a.message + noise, "relinearize");
  return noise;
}

}  // namespace

Ciphertext multiply(const Ciphertext& a, const Ciphertext& b) {
  const Ciphertext *x = &a, *y = &b;
  return &a == &b ? square(a) : innerProduct({&x, 1}, {&y, 1});
}

Ciphertext square(const Ciphertext& a) {
  requireDegreeOne(a, "square: relinearize the operand first");
  const double scale = a.scale * a.scale, message = a.message * a.message;
  const double noise = productNoise(a, a);
  requireCapacity(*a.context(), a.level(), scale * message + noise, "square");
  Parts parts;
  for (int part = 0; part < 3; ++part) parts.push_back(unwritten(a.context(), a.level()));
  for (std::size_t i = 0; i <= a.level(); ++i) tensorRow(a, a, i, parts);
  return assemble(a.context(), std::move(parts), scale, noise, message);
}

Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b) {
  require(!a.empty() && a.size() == b.size(), Code::kUsage,
          "an inner product takes two lists of the same length, not empty");
  const char* name = a.size() == 1 ? "multiply" : "inner product";
  const rlwe::ContextPtr& context = a[0]->context();
  std::size_t level = a[0]->level();
  SumBounds bounds(a[0]->scale * b[0]->scale);
  for (std::size_t k = 0; k < a.size(); ++k) {
    context->requireSame(*a[k]->context());
    context->requireSame(*b[k]->context());
    requireDegreeOne(*a[k], "multiply: relinearize the first factor first");
    requireDegreeOne(*b[k], "multiply: relinearize the second factor first");
    level = std::min({level, a[k]->level(), b[k]->level()});
    bounds.add(a[k]->scale * b[k]->scale, productNoise(*a[k], *b[k]), a[k]->message * b[k]->message,
               name);
  }
  requireCapacity(*context, level, bounds.norm(), name);

  // (a_0 b_0, a_0 b_1 + a_1 b_0, a_1 b_1), summed over the pairs.
  Parts parts;
  for (int part = 0; part < 3; ++part) parts.push_back(unwritten(context, level));
  for (std::size_t i = 0; i <= level; ++i) {
    const arith::Modulus& q = parts[0].basis().modulus(i);
    if (a.size() == 1) {
      tensorRow(*a[0], *b[0], i, parts);
      continue;
    }
    std::vector<rows::ConstRow> a0, a1, b0, b1;
    for (std::size_t k = 0; k < a.size(); ++k) {
      a0.push_back(a[k]->body.parts[0].residue(i));
      a1.push_back(a[k]->body.parts[1].residue(i));
      b0.push_back(b[k]->body.parts[0].residue(i));
      b1.push_back(b[k]->body.parts[1].residue(i));
    }
    innerProductRow(q, context->n(), a0, b0, parts[0].residue(i));
    innerProductRow(q, context->n(), a1, b1, parts[2].residue(i));
    a0.insert(a0.end(), a1.begin(), a1.end());
    b1.insert(b1.end(), b0.begin(), b0.end());
    innerProductRow(q, context->n(), a0, b1, parts[1].residue(i));
  }
  return assemble(context, std::move(parts), bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  if (a.degree() == 1) return a.copy();
  const double noise = relinearizedNoise(a, keys.relin());
  auto [c0, c1] = rlwe::relinearize(*a.context(), a.body.parts[0], a.body.parts[1], a.body.parts[2],
                                    keys.relin());
  Parts parts;
  parts.push_back(std::move(c0));
  parts.push_back(std::move(c1));
  return assemble(a.context(), std::move(parts), a.scale, noise, a.message);
}

Ciphertext relinearizeRescale(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  if (a.degree() == 1 || a.level() == 0) return rescale(relinearize(a, keys));
  const rlwe::Context& context = *a.context();
  const double relinearized = relinearizedNoise(a, keys.relin());
  const RescaledBounds bounds = rescaledBounds(a, relinearized, 1, 1);

  auto [c0, c1] = rlwe::relinearizeDivided(context, a.body.parts[0], a.body.parts[1],
                                           a.body.parts[2], keys.relin(), 1);
  Parts parts;
  parts.push_back(std::move(c0));
  parts.push_back(std::move(c1));
  return assemble(a.context(), std::move(parts), bounds.scale, bounds.noise, a.message);
}

}  // namespace veilsum::ckks
