#include <algorithm>

#include "ckks/constant.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "seal_backend/ckks.h"

namespace veilsum::seal_backend::ckks_engine {

namespace {

using ckks::SumBounds;

Ciphertext addOrSub(const Engine& engine, const Ciphertext& a, const Ciphertext& b, bool subtract,
                    const char* name) {
  a.context()->requireSame(*b.context());
  const std::size_t level = std::min(a.level(), b.level());
  SumBounds bounds(a.scale);
  bounds.add(a.scale, a.noise, a.message, name);
  bounds.add(b.scale, b.noise, b.message, name);
  ckks::requireCapacity(*a.context(), level, bounds.norm(), name);
  seal::Ciphertext x = toSeal(engine, a.body, level);
  const seal::Ciphertext y = toSeal(engine, b.body, level);
  run([&] {
    subtract ? engine.evaluator().sub_inplace(x, y) : engine.evaluator().add_inplace(x, y);
  });
  return assemble(engine, x, bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext addOrSubPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b,
                         bool subtract, const char* name) {
  a.context()->requireSame(*b.context);
  const std::size_t level = std::min(a.level(), b.level());
  SumBounds bounds(a.scale);
  bounds.add(a.scale, a.noise, a.message, name);
  bounds.add(b.scale, b.noise, b.message, name);
  ckks::requireCapacity(*a.context(), level, bounds.norm(), name);
  seal::Ciphertext x = toSeal(engine, a.body, level);
  const seal::Plaintext y = toSeal(engine, *b.poly, level);
  run([&] {
    subtract ? engine.evaluator().sub_plain_inplace(x, y)
             : engine.evaluator().add_plain_inplace(x, y);
  });
  return assemble(engine, x, bounds.scale(), bounds.noise(), bounds.message());
}

}  // namespace

Ciphertext add(const Engine& engine, const Ciphertext& a, const Ciphertext& b) {
  return addOrSub(engine, a, b, false, "add");
}
Ciphertext sub(const Engine& engine, const Ciphertext& a, const Ciphertext& b) {
  return addOrSub(engine, a, b, true, "subtract");
}

Ciphertext negate(const Engine& engine, const Ciphertext& a) {
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { engine.evaluator().negate_inplace(x); });
  return assemble(engine, x, a.scale, a.noise, a.message);
}

Ciphertext sum(const Engine& engine, CiphertextRefs terms) {
  require(!terms.empty(), Code::kUsage, "sum: no terms");
  const rlwe::ContextPtr& context = terms[0]->context();
  std::size_t level = terms[0]->level();
  SumBounds bounds(terms[0]->scale);
  for (const Ciphertext* term : terms) {
    context->requireSame(*term->context());
    level = std::min(level, term->level());
    bounds.add(term->scale, term->noise, term->message, "sum");
  }
  ckks::requireCapacity(*context, level, bounds.norm(), "sum");
  seal::Ciphertext x = toSeal(engine, terms[0]->body, level);
  for (const Ciphertext* term : terms.subspan(1)) {
    const seal::Ciphertext y = toSeal(engine, term->body, level);
    run([&] { engine.evaluator().add_inplace(x, y); });
  }
  return assemble(engine, x, bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext addPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b) {
  return addOrSubPlain(engine, a, b, false, "add a plaintext");
}
Ciphertext subPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b) {
  return addOrSubPlain(engine, a, b, true, "subtract a plaintext");
}

Ciphertext addScalar(const Engine& engine, const Ciphertext& a, double value) {
  const ckks::Constant constant = ckks::Constant::ofPublic(value, a.scale);
  const double noise = a.noise + constant.noise, message = a.message + constant.magnitude;
  ckks::requireCapacity(*a.context(), a.level(), a.scale * message + noise, "add a scalar");
  const auto poly = constantPoly(
      engine, a.level(), [&](const arith::Ntt& ntt) { return ckks::constantRow(constant, ntt); });
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { engine.evaluator().add_plain_inplace(x, toSeal(engine, poly, a.level())); });
  return assemble(engine, x, a.scale, noise, message);
}

}  // namespace veilsum::seal_backend::ckks_engine
