#include <algorithm>
#include <cmath>

#include "ckks/constant.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "seal_backend/ckks.h"

namespace veilsum::seal_backend::ckks_engine {

namespace {

using ckks::requireCapacity;
using ckks::SumBounds;
using ckks::trackingNoise;

// At each slot (s m + e)(p v + r) = s p m v + e (p v + r) + s m r.
double productNoise(const Ciphertext& a, double factor_norm, double factor_noise) {
  return a.noise * factor_norm + a.scale * a.message * factor_noise +
         trackingNoise(a.norm() * factor_norm, 1);
}

// At each slot (s m + e)(s' m' + e') = s s' m m' + s m e' + s' m' e + e e'.
double productNoise(const Ciphertext& a, const Ciphertext& b) {
  return a.scale * a.message * b.noise + b.scale * b.message * a.noise + a.noise * b.noise +
         trackingNoise(a.norm() * b.norm(), 1);
}

seal::Ciphertext timesPoly(const Engine& engine, const Ciphertext& a,
                           const ring::Poly<ring::Eval>& poly, std::size_t level) {
  seal::Ciphertext x = toSeal(engine, a.body, level);
  run([&] { engine.evaluator().multiply_plain_inplace(x, toSeal(engine, poly, level)); });
  return x;
}

// sum += term, or its beginning.
void accumulate(const Engine& engine, seal::Ciphertext& sum, seal::Ciphertext&& term, bool first) {
  if (first) {
    sum = std::move(term);
  } else {
    run([&] { engine.evaluator().add_inplace(sum, term); });
  }
}

void requireLists(std::size_t a, std::size_t b) {
  require(a > 0 && a == b, Code::kUsage,
          "an inner product takes two lists of the same length, not empty");
}

}  // namespace

Ciphertext multiplyScalar(const Engine& engine, const Ciphertext& a, double value, double scale) {
  const ckks::Constant constant = ckks::Constant::ofPublic(value, scale);
  const double norm = scale * constant.magnitude + constant.noise;
  const double noise = productNoise(a, norm, constant.noise);
  const double product_scale = a.scale * scale, message = a.message * constant.magnitude;
  requireCapacity(*a.context(), a.level(), product_scale * message + noise, "multiply by a scalar");
  const auto poly = constantPoly(
      engine, a.level(), [&](const arith::Ntt& ntt) { return ckks::constantRow(constant, ntt); });
  return assemble(engine, timesPoly(engine, a, poly, a.level()), product_scale, noise, message);
}

Ciphertext multiplyInteger(const Engine& engine, const Ciphertext& a, std::int64_t factor) {
  const double magnitude = std::abs(static_cast<double>(factor));
  const double message = a.message * magnitude;
  const double noise = a.noise * magnitude + trackingNoise(a.norm() * magnitude, 1);
  requireCapacity(*a.context(), a.level(), a.scale * message + noise, "multiply by an integer");
  const auto poly = constantPoly(engine, a.level(), [&](const arith::Ntt& ntt) {
    const std::uint64_t residue = ntt.modulus().fromSigned(factor);
    return ckks::ConstantRow{residue, residue};
  });
  return assemble(engine, timesPoly(engine, a, poly, a.level()), a.scale, noise, message);
}

Ciphertext multiplyPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b) {
  const Ciphertext* const x = &a;
  const Plaintext* const y = &b;
  return innerProductPlain(engine, {&x, 1}, {&y, 1});
}

Ciphertext innerProductPlain(const Engine& engine, CiphertextRefs a, PlaintextRefs b) {
  requireLists(a.size(), b.size());
  const char* name = a.size() == 1 ? "multiply by a plaintext" : "inner product with plaintexts";
  const rlwe::ContextPtr& context = a[0]->context();
  std::size_t level = a[0]->level();
  SumBounds bounds(a[0]->scale * b[0]->scale);
  for (std::size_t k = 0; k < a.size(); ++k) {
    context->requireSame(*a[k]->context());
    context->requireSame(*b[k]->context);
    level = std::min({level, a[k]->level(), b[k]->level()});
    bounds.add(a[k]->scale * b[k]->scale, productNoise(*a[k], b[k]->norm(), b[k]->noise),
               a[k]->message * b[k]->message, name);
  }
  requireCapacity(*context, level, bounds.norm(), name);
  seal::Ciphertext sum;
  for (std::size_t k = 0; k < a.size(); ++k) {
    accumulate(engine, sum, timesPoly(engine, *a[k], *b[k]->poly, level), k == 0);
  }
  return assemble(engine, sum, bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext multiply(const Engine& engine, const Ciphertext& a, const Ciphertext& b) {
  const Ciphertext *x = &a, *y = &b;
  return innerProduct(engine, {&x, 1}, {&y, 1});
}

Ciphertext innerProduct(const Engine& engine, CiphertextRefs a, CiphertextRefs b) {
  requireLists(a.size(), b.size());
  const char* name = a.size() == 1 ? "multiply" : "inner product";
  const rlwe::ContextPtr& context = a[0]->context();
  std::size_t level = a[0]->level();
  SumBounds bounds(a[0]->scale * b[0]->scale);
  for (std::size_t k = 0; k < a.size(); ++k) {
    context->requireSame(*a[k]->context());
    context->requireSame(*b[k]->context());
    require(a[k]->degree() == 1 && b[k]->degree() == 1, Code::kUsage,
            "multiply: relinearize the factors first");
    level = std::min({level, a[k]->level(), b[k]->level()});
    bounds.add(a[k]->scale * b[k]->scale, productNoise(*a[k], *b[k]), a[k]->message * b[k]->message,
               name);
  }
  requireCapacity(*context, level, bounds.norm(), name);
  seal::Ciphertext sum;
  for (std::size_t k = 0; k < a.size(); ++k) {
    seal::Ciphertext x = toSeal(engine, a[k]->body, level);
    if (a[k] == b[k]) {
      run([&] { engine.evaluator().square_inplace(x); });
    } else {
      const seal::Ciphertext y = toSeal(engine, b[k]->body, level);
      run([&] { engine.evaluator().multiply_inplace(x, y); });
    }
    accumulate(engine, sum, std::move(x), k == 0);
  }
  return assemble(engine, sum, bounds.scale(), bounds.noise(), bounds.message());
}

}  // namespace veilsum::seal_backend::ckks_engine
