#include <algorithm>
#include <cmath>

#include "bfv/noise.h"
#include "bfv/operands.h"
#include "rlwe/noise.h"
#include "seal_backend/bfv.h"
#include "seal_backend/noise.h"

namespace veilsum::seal_backend::bfv_engine {

namespace {

using bfv::log2Sum;
using bfv::requireBudget;

// An operand at the level of its product.
struct Operand {
  Operand(const Engine& engine, const Ciphertext& c, std::size_t level)
      : at_level(modSwitchTo(engine, c, level)),
        log2_phase(std::log2(seal_backend::phaseNorm(at_level))) {}
  Ciphertext at_level;
  double log2_phase;
};

double switchedNoise(const Ciphertext& a, const rlwe::KeySwitchKey& key, const char* operation) {
  bfv::requireKeyOf(a.context, key.context);
  const double noise =
      log2Sum(a.log2_noise, std::log2(seal_backend::keySwitchNoise(*a.context->rlwe(), a.level())));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, operation);
  return noise;
}

// SEAL scales each product by itself, so that the bounds of products are added.
double productNoise(const bfv::Context& context, std::size_t level, const Operand& a,
                    const Operand& b) {
  const double cross =
      log2Sum(a.log2_phase + b.at_level.log2_noise, b.log2_phase + a.at_level.log2_noise);
  const double product = a.at_level.log2_noise + b.at_level.log2_noise;
  return log2Sum(bfv::log2ProductNoise(context, level, cross, product),
                 std::log2(productRoundingNoise(context, level)));
}

}  // namespace

Ciphertext innerProduct(const Engine& engine, CiphertextRefs a, CiphertextRefs b) {
  bfv::requireLists(a.size(), b.size(), "an inner product");
  bfv::requireSameContext(a[0]->context, b[0]->context);
  const bfv::ContextPtr& context = a[0]->context;
  const std::size_t level = std::min(bfv::commonLevel(a), bfv::commonLevel(b));
  for (CiphertextRefs list : {a, b}) {
    for (const Ciphertext* c : list) bfv::requireDegree(*c, 1, "a multiplication");
  }
  double total = 0;
  seal::Ciphertext sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Operand left(engine, *a[i], level), right(engine, *b[i], level);
    const double term = productNoise(*context, level, left, right);
    total = i == 0 ? term : log2Sum(total, term);
    requireBudget(*context, level, std::max(left.at_level.log2_noise, right.at_level.log2_noise),
                  total, "a multiplication");
    seal::Ciphertext x = toSeal(engine, left.at_level.body);
    if (a[i] == b[i]) {
      run([&] { engine.evaluator().square_inplace(x); });
    } else {
      const seal::Ciphertext y = toSeal(engine, right.at_level.body);
      run([&] { engine.evaluator().multiply_inplace(x, y); });
    }
    if (i == 0) {
      sum = std::move(x);
    } else {
      run([&] { engine.evaluator().add_inplace(sum, x); });
    }
  }
  return assemble(engine, context, sum, total);
}

Ciphertext relinearize(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                       const SwitchKeys& seal_keys) {
  if (a.degree() == 1) return a.copy();
  bfv::requireDegree(a, 2, "relinearization");
  const double noise = switchedNoise(a, keys.relin(), "relinearization");
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { engine.evaluator().relinearize_inplace(x, seal_keys.relinearization); });
  return assemble(engine, a.context, x, noise);
}

Ciphertext modSwitchTo(const Engine& engine, const Ciphertext& a, std::size_t level) {
  if (level > a.level()) {
    throw Error(Code::kDepth, "a ciphertext at level " + std::to_string(a.level()) +
                                  " cannot be switched up to level " + std::to_string(level));
  }
  if (level == a.level()) return a.copy();
  const double rounding = std::log2(bfv::roundingNoise(*a.context, a.degree()));
  double noise = a.log2_noise;
  for (std::size_t i = a.level(); i > level; --i) {
    const auto prime = static_cast<double>(a.context->rlwe()->parameters().q[i]);
    noise = log2Sum(noise - std::log2(prime), rounding);
  }
  requireBudget(*a.context, level, a.log2_noise, noise, "modulus switching");
  engine.at(level);
  seal::Ciphertext x = toSeal(engine, a.body);
  while (x.coeff_modulus_size() > level + 1) {
    run([&] { engine.evaluator().mod_switch_to_next_inplace(x); });
  }
  return assemble(engine, a.context, x, noise);
}

Ciphertext applyGalois(const Engine& engine, const Ciphertext& a, std::uint64_t g,
                       const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys) {
  bfv::requireDegree(a, 1, "a rotation");
  if (g == 1) return a.copy();
  const double noise = switchedNoise(a, keys.galoisFor(g), "a rotation");
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] {
    engine.evaluator().apply_galois_inplace(x, static_cast<std::uint32_t>(g), seal_keys.galois);
  });
  return assemble(engine, a.context, x, noise);
}

Ciphertext rotateRows(const Engine& engine, const Ciphertext& a, std::int64_t steps,
                      const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys) {
  const auto columns = static_cast<std::int64_t>(a.context->n() / 2);
  const std::int64_t left = (steps % columns + columns) % columns;
  return applyGalois(engine, a, rlwe::galoisElement(a.context->n(), left), keys, seal_keys);
}

Plaintext decrypt(const Engine& engine, const Ciphertext& a, const rlwe::SecretKey& secret) {
  bfv::requireKeyOf(a.context, secret.context());
  requireBudget(*a.context, a.level(), 0, a.log2_noise, "decryption");
  seal::Plaintext decrypted(
      seal::MemoryManager::GetPool(seal::mm_force_new, /*clear_on_destruction=*/true));
  const seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { seal::Decryptor(engine.context(), toSeal(engine, secret)).decrypt(x, decrypted); });
  Plaintext result{a.context, Buffer<std::uint64_t, true>(a.context->n())};
  std::copy_n(decrypted.data(), decrypted.coeff_count(), result.coefficients.data());
  return result;
}

}  // namespace veilsum::seal_backend::bfv_engine
