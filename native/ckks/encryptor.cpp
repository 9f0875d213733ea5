#include "ckks/encryptor.h"

#include "ckks/noise.h"
#include "rlwe/noise.h"

namespace veilsum::ckks {

namespace {

template <class Key>
Ciphertext encryptWith(const Plaintext& plaintext, const Key& key, const rlwe::Context& context,
                       double fresh_noise) {
  context.requireSame(*plaintext.context);
  const double noise = plaintext.noise + fresh_noise;
  requireCapacity(context, plaintext.level(), plaintext.scale * plaintext.message + noise,
                  "encrypt");
  rlwe::Ciphertext<ring::Eval> body = rlwe::encryptZero(key, plaintext.level());
  addInto(body.parts[0], *plaintext.poly);
  return {std::move(body), plaintext.scale, noise, plaintext.message};
}

}  // namespace

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::PublicKey& key) {
  return encryptWith(plaintext, key, *key.context, rlwe::freshPublicNoise(*key.context));
}

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::SecretKey& secret) {
  return encryptWith(plaintext, secret, *secret.context(),
                     rlwe::freshSecretNoise(*secret.context()));
}

}  // namespace veilsum::ckks
