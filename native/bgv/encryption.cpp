#include "bgv/encryption.h"

#include "bfv/decryptor.h"
#include "bfv/encryptor.h"
#include "bfv/noise.h"
#include "bfv/operands.h"

namespace veilsum::bgv {

Ciphertext encrypt(const bfv::Plaintext& plaintext, const rlwe::PublicKey& key, std::size_t level) {
  const bfv::ContextPtr& context = plaintext.context;
  const double noise = bfv::log2FreshPublicNoise(*context);
  bfv::requireKeyOf(context, key.context);
  bfv::requireLevel(context, level);
  bfv::requireBudget(*context, level, 0, noise, "encryption");
  Ciphertext result{context, rlwe::encryptZero(key, level), noise};
  bfv::addScaled(*context, result.body.parts[0], plaintext.coefficients, false);
  return result;
}

Ciphertext encrypt(const bfv::Plaintext& plaintext, const rlwe::SecretKey& secret,
                   std::size_t level) {
  return fromBfv(bfv::encrypt(plaintext, secret, level));
}

bfv::Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret) {
  bfv::requireKeyOf(c.context, secret.context());
  bfv::requireBudget(*c.context, c.level(), 0, c.log2_noise, "decryption");
  return bfv::decryptPhase(c.context, rlwe::phase(c.body, secret));
}

}  // namespace veilsum::bgv
