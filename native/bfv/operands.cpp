#include "bfv/operands.h"

#include <algorithm>
#include <string>

#include "bfv/evaluator.h"
#include "bfv/tables.h"
#include "kernel/table.h"
#include "ring/rows.h"

namespace veilsum::bfv {

namespace rows = ring::rows;

void requireSameContext(const ContextPtr& a, const ContextPtr& b) {
  if (a == b) return;
  if (a->t() != b->t() || a->rlwe()->parameters() != b->rlwe()->parameters()) {
    throw Error(Code::kParameterMismatch,
                "the operands belong to different parameters (n = " + std::to_string(a->n()) +
                    ", t = " + std::to_string(a->t()) + " and n = " + std::to_string(b->n()) +
                    ", t = " + std::to_string(b->t()) + ")");
  }
}

void requireKeyOf(const ContextPtr& context, const rlwe::ContextPtr& key) {
  if (context->rlwe() == key) return;
  require(context->rlwe()->parameters() == key->parameters(), Code::kParameterMismatch,
          "the key belongs to other parameters than the ciphertext");
}

void requireDegree(std::size_t has, std::size_t degree, const char* operation) {
  if (has == degree) return;
  throw Error(Code::kUsage, std::string(operation) + " takes a ciphertext of degree " +
                                std::to_string(degree) + ", and this one has degree " +
                                std::to_string(has) + "; relinearize products first");
}

void requireLevel(const ContextPtr& context, std::size_t level) {
  if (level <= context->maxLevel()) return;
  throw Error(Code::kDepth, "there is no level " + std::to_string(level) + "; the highest is " +
                                std::to_string(context->maxLevel()));
}

void requireLists(std::size_t a, std::size_t b, const char* operation) {
  if (a == b && a > 0) return;
  throw Error(Code::kUsage, std::string(operation) +
                                " takes lists of the same length, at least 1; these have " +
                                std::to_string(a) + " and " + std::to_string(b));
}

namespace {

template <class Form>
std::size_t lowestLevel(std::span<const CiphertextIn<Form>* const> operands) {
  std::size_t level = operands[0]->level();
  for (const CiphertextIn<Form>* c : operands) {
    requireSameContext(operands[0]->context, c->context);
    level = std::min(level, c->level());
  }
  return level;
}

}  // namespace

std::size_t commonLevel(CiphertextRefs operands) { return lowestLevel(operands); }
std::size_t commonLevel(EvalCiphertextRefs operands) { return lowestLevel(operands); }

void addScaled(const Context& context, ring::Poly<ring::Coeff>& poly,
               std::span<const std::uint64_t> coefficients, bool subtract) {
  const Context::Scaling& scaling = context.scaling(poly.size() - 1);
  const arith::Modulus& t = context.plainModulus();
  const std::uint64_t half = (t.value() + 1) / 2;
  const std::size_t count = coefficients.size();

  Buffer<std::uint64_t, true> u(count, unset), reduced(count, unset);
  Buffer<std::uint64_t> constant(count, unset);
  std::fill(constant.begin(), constant.end(), half % t.value());
  rows::scale(t, count, coefficients.data(), scaling.q_mod_t, u.data());
  rows::add(t, count, u.data(), constant.data(), u.data());
  for (std::size_t i = 0; i < poly.size(); ++i) {
    const arith::Modulus& q = poly.basis().modulus(i);
    kernel::table().reduce(u.data(), count, q.barrett(), reduced.data());
    // (h - u) / t or its negative.
    const std::uint64_t inverse = scaling.t_inverse[i];
    const std::uint64_t factor = subtract ? inverse : q.neg(inverse);
    rows::scaleAdd(q, count, reduced.data(), factor, poly.residue(i));
    std::fill(constant.begin(), constant.end(), q.neg(q.mul(q.reduce(half), factor)));
    rows::add(q, count, poly.residue(i), constant.data(), poly.residue(i));
  }
}

void addScaled(const Context& context, ring::Poly<ring::Eval>& poly,
               std::span<const std::uint64_t> coefficients, bool subtract) {
  ring::Poly<ring::Coeff> scaled(poly.basisPtr());
  addScaled(context, scaled, coefficients, subtract);
  if (coefficients.size() > 1) {
    ring::Poly<ring::Eval> values = toEval(std::move(scaled));
    ring::addInto(poly, values);
    wipe(values.words().data(), values.words().size_bytes());
    return;
  }
  for (std::size_t i = 0; i < poly.size(); ++i) {  // a constant has itself as every value
    const arith::Modulus& q = poly.basis().modulus(i);
    std::uint64_t* row = poly.residue(i);
    for (std::size_t k = 0; k < poly.n(); ++k) row[k] = q.add(row[k], scaled.residue(i)[0]);
  }
}

}  // namespace veilsum::bfv
