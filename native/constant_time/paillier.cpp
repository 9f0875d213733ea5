// Paillier with a key that exists: what was derived of its primes is secret, and so are plaintexts
// and randomness. Key generation is left out (docs/security.md).

#include <cstdint>
#include <string>
#include <vector>

#include "constant_time/check.h"
#include "paillier/secret_key.h"

namespace veilsum::paillier {

// Marks the inside of a key.
struct TestKeys {
  static void hide(const Limbs& a) { markSecret(a.data(), a.size() * sizeof(mp_limb_t)); }
  static void hide(const SecretKey& key, bool primes) {
    for (const SecretKey::Half* half : {&key.p_, &key.q_}) {
      if (primes) hide(half->p.value());
      if (primes) hide(half->p2.value());
      hide(half->exponent);
      hide(half->minusQInverse);
      hide(half->generatorFactor);
    }
    hide(key.qInverse_);
    hide(key.q2Inverse_);
  }
};

}  // namespace veilsum::paillier

namespace veilsum::constant_time {

void checkPaillier(Check& check, bool secret_primes) {
  const std::string name = secret_primes ? "Paillier, primes secret: " : "Paillier: ";
  using paillier::Ciphertext;
  using paillier::Plaintext;
  const paillier::SecretKey key = paillier::SecretKey::generate(random::Seed{4, 2}, 2048);
  paillier::TestKeys::hide(key, secret_primes);
  const paillier::PublicKey& public_key = key.publicKey();
  std::vector<std::uint8_t> value(public_key.modulusBytes());
  value.front() = 0xff;  // two's complement: the last bytes are those of a negative number
  for (std::size_t i = 1; i < value.size(); ++i) value[i] = static_cast<std::uint8_t>(251 * i);
  const std::vector<std::uint8_t> expected = value;
  hide(std::span(value));
  const Plaintext plaintext = check.run(name + "encode", [&] { return public_key.encode(value); });
  const Ciphertext by_public = check.run(name + "encrypt with the public key",
                                         [&] { return public_key.encrypt(plaintext); });
  const Ciphertext by_secret =
      check.run(name + "encrypt with the secret key", [&] { return key.encrypt(plaintext); });
  for (const Ciphertext* c : {&by_public, &by_secret}) {
    publish(std::span(c->value().data(), c->value().size()));
    const Plaintext decrypted = check.run(name + "decrypt", [&] { return key.decrypt(*c); });
    std::vector<std::uint8_t> out(value.size());
    check.run(name + "decode", [&] { public_key.decode(decrypted, out); });
    publish(std::span(out));
    check.verify(out == expected, name + "decrypts to its value");
  }
}

}  // namespace veilsum::constant_time
