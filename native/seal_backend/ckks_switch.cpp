#include <algorithm>

#include "ckks/decode.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "seal_backend/ckks.h"
#include "seal_backend/noise.h"

namespace veilsum::seal_backend::ckks_engine {

namespace {

using ckks::requireCapacity;

double switchedNoise(const Ciphertext& a, const rlwe::KeySwitchKey& key, const char* operation) {
  a.context()->requireSame(*key.context);
  const double noise = a.noise + seal_backend::keySwitchNoise(*a.context(), a.level());
  requireCapacity(*a.context(), a.level(), a.scale * a.message + noise, operation);
  return noise;
}

Ciphertext applyGalois(const Engine& engine, const Ciphertext& a, std::uint64_t g,
                       const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys,
                       const char* operation) {
  require(a.degree() == 1, Code::kUsage, "rotate: relinearize the ciphertext first");
  const double noise = switchedNoise(a, keys.galoisFor(g), operation);
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] {
    engine.evaluator().apply_galois_inplace(x, static_cast<std::uint32_t>(g), seal_keys.galois);
  });
  return assemble(engine, x, a.scale, noise, a.message);
}

}  // namespace

Ciphertext relinearize(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                       const SwitchKeys& seal_keys) {
  if (a.degree() == 1) return a.copy();
  const double noise = switchedNoise(a, keys.relin(), "relinearize");
  seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { engine.evaluator().relinearize_inplace(x, seal_keys.relinearization); });
  return assemble(engine, x, a.scale, noise, a.message);
}

Ciphertext rescale(const Engine& engine, const Ciphertext& a, std::size_t levels) {
  ckks::rescaledBounds(a, a.noise, a.degree(), levels);  // refuses before the work
  Ciphertext result = a.copy();
  for (std::size_t i = 0; i < levels; ++i) {
    const auto bounds = ckks::rescaledBounds(result, result.noise, result.degree(), 1);
    seal::Ciphertext x = toSeal(engine, result.body);
    run([&] { engine.evaluator().rescale_to_next_inplace(x); });
    result = assemble(engine, x, bounds.scale, bounds.noise, a.message);
  }
  return result;
}

Ciphertext dropTo(const Engine& engine, const Ciphertext& a, std::size_t level) {
  if (level > a.level()) {
    throw Error(Code::kDepth, "drop to level " + std::to_string(level) +
                                  ": the ciphertext is at level " + std::to_string(a.level()) +
                                  " already");
  }
  requireCapacity(*a.context(), level, a.norm(), "drop levels");
  seal::Ciphertext x = toSeal(engine, a.body);
  while (x.coeff_modulus_size() > level + 1) {
    run([&] { engine.evaluator().mod_switch_to_next_inplace(x); });
  }
  return assemble(engine, x, a.scale, a.noise, a.message);
}

Ciphertext rotate(const Engine& engine, const Ciphertext& a, std::int64_t steps,
                  const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys) {
  require(a.degree() == 1, Code::kUsage, "rotate: relinearize the ciphertext first");
  const std::size_t n = a.context()->n();
  Ciphertext result = a.copy();
  for (const std::int64_t step : ckks::rotationSteps(n, steps, keys)) {
    result = applyGalois(engine, result, rlwe::galoisElement(n, step), keys, seal_keys, "rotate");
  }
  return result;
}

Ciphertext conjugate(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                     const SwitchKeys& seal_keys) {
  const std::uint64_t g = rlwe::galoisElementOfConjugation(a.context()->n());
  return applyGalois(engine, a, g, keys, seal_keys, "conjugate");
}

double decrypt(const Engine& engine, const Ciphertext& a, const rlwe::SecretKey& secret,
               std::span<std::complex<double>> out) {
  require(out.size() <= a.context()->n() / 2, Code::kUsage, "decrypt: more slots than n/2");
  a.context()->requireSame(*secret.context());
  requireCapacity(*a.context(), a.level(), a.norm(), "decrypt");
  seal::Plaintext decrypted(
      seal::MemoryManager::GetPool(seal::mm_force_new, /*clear_on_destruction=*/true));
  const seal::Ciphertext x = toSeal(engine, a.body);
  run([&] { seal::Decryptor(engine.context(), toSeal(engine, secret)).decrypt(x, decrypted); });
  // A few residues determine the message, as in ckks/decryptor.cpp.
  const std::size_t residues = std::min(ckks::residuesFor(*a.context(), a.norm()), a.level() + 1);
  ring::Poly<ring::Eval> phase(a.context()->basisQ(residues - 1));
  std::copy_n(decrypted.data(), phase.words().size(), phase.residue(0));
  const ckks::WipedPoly<ring::Coeff> coefficients(toCoeff(std::move(phase)));
  return ckks::decodePhase(*coefficients, a.scale, a.noise, a.message, out);
}

}  // namespace veilsum::seal_backend::ckks_engine
