#include "bfv/encryptor.h"

#include <algorithm>

#include "bfv/noise.h"
#include "bfv/operands.h"

namespace veilsum::bfv {

namespace {

void requireEncryptable(const Plaintext& plaintext, const rlwe::ContextPtr& key, std::size_t level,
                        double log2_noise) {
  requireKeyOf(plaintext.context, key);
  requireLevel(plaintext.context, level);
  requireBudget(*plaintext.context, level, 0, log2_noise, "encryption");
}

}  // namespace

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::PublicKey& key, std::size_t level) {
  const ContextPtr& context = plaintext.context;
  const double noise = log2FreshPublicNoise(*context);
  requireEncryptable(plaintext, key.context, level, noise);
  Ciphertext result{context, rlwe::encryptZeroCoeff(key, level), noise};
  addScaled(*context, result.body.parts[0], plaintext.coefficients, false);
  return result;
}

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::SecretKey& secret, std::size_t level) {
  const ContextPtr& context = plaintext.context;
  const double noise = log2FreshSecretNoise(*context);
  requireEncryptable(plaintext, secret.context(), level, noise);
  Ciphertext result{context, rlwe::encryptZeroCoeff(secret, level), noise};
  addScaled(*context, result.body.parts[0], plaintext.coefficients, false);
  return result;
}

}  // namespace veilsum::bfv
