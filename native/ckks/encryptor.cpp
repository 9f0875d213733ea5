#include "ckks/encryptor.h"

#include "ckks/noise.h"
#include "rlwe/noise.h"

namespace veilsum::ckks {

namespace {

// The bound on what the plaintext and the fresh noise err by together.
double noiseOf(const Plaintext& plaintext, const rlwe::Context& context, double fresh_noise) {
  context.requireSame(*plaintext.context);
  const double noise = plaintext.noise + fresh_noise;
  requireCapacity(context, plaintext.level(), plaintext.scale * plaintext.message + noise,
                  "encrypt");
  return noise;
}

}  // namespace

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::PublicKey& key) {
  const double noise = noiseOf(plaintext, *key.context, rlwe::freshPublicNoise(*key.context));
  return {rlwe::encrypt(key, *plaintext.poly), plaintext.scale, noise, plaintext.message};
}

Ciphertext encrypt(const Plaintext& plaintext, const rlwe::SecretKey& secret) {
  const double noise =
      noiseOf(plaintext, *secret.context(), rlwe::freshSecretNoise(*secret.context()));
  rlwe::Ciphertext<ring::Eval> body = rlwe::encryptZero(secret, plaintext.level());
  addInto(body.parts[0], *plaintext.poly);
  return {std::move(body), plaintext.scale, noise, plaintext.message};
}

}  // namespace veilsum::ckks
