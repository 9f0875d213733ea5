#include "seal_backend/convert.h"

namespace veilsum::seal_backend {

namespace {

// Digit d's (b_d, a_d) over q, p as SEAL's public key number d.
std::vector<seal::PublicKey> digits(const Engine& engine, const rlwe::KeySwitchKey& key) {
  std::vector<seal::PublicKey> result(key.b.size());
  for (std::size_t d = 0; d < key.b.size(); ++d) {
    seal::Ciphertext& pair = result[d].data();
    pair.resize(engine.context(), engine.context().key_parms_id(), 2);
    pair.is_ntt_form() = true;
    std::copy_n(key.b[d].residue(0), key.b[d].words().size(), pair.data(0));
    std::copy_n(key.a[d].residue(0), key.a[d].words().size(), pair.data(1));
  }
  return result;
}

}  // namespace

seal::Plaintext toSeal(const Engine& engine, const ring::Poly<ring::Eval>& p, std::size_t level) {
  seal::Plaintext result((level + 1) * p.n());
  std::copy_n(p.residue(0), result.coeff_count(), result.data());
  result.parms_id() = engine.at(level);
  return result;
}

seal::Plaintext toSeal(std::span<const std::uint64_t> coefficients) {
  seal::Plaintext result(coefficients.size());
  std::copy(coefficients.begin(), coefficients.end(), result.data());
  return result;
}

seal::SecretKey toSeal(const Engine& engine, const rlwe::SecretKey& secret) {
  seal::SecretKey result;
  const auto words = secret.secretPoly().words();
  result.data().resize(words.size());
  std::copy(words.begin(), words.end(), result.data().data());
  result.parms_id() = engine.context().key_parms_id();
  return result;
}

SwitchKeys toSeal(const Engine& engine, const rlwe::EvaluationKeys& keys) {
  SwitchKeys result;
  if (keys.relinearization) {
    result.relinearization.data().push_back(digits(engine, *keys.relinearization));
  }
  result.galois.data().resize(engine.rlwe()->n());
  for (const auto& [g, key] : keys.galois) {
    result.galois.data()[seal::GaloisKeys::get_index(static_cast<std::uint32_t>(g))] =
        digits(engine, key);
  }
  result.relinearization.parms_id() = engine.context().key_parms_id();
  result.galois.parms_id() = engine.context().key_parms_id();
  return result;
}

}  // namespace veilsum::seal_backend
