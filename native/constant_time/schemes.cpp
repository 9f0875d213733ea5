// Keys, encoding, encryption and decryption of CKKS, BFV and BGV. Secret: the seed of the key, what
// every fresh seed of noise gives (rlwe::FreshSeed marks it), values and plaintexts. Public: keys
// and ciphertexts that were made.

#include <cmath>
#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include "arith/primes.h"
#include "bfv/decryptor.h"
#include "bfv/encoder.h"
#include "bfv/encryptor.h"
#include "bgv/encryption.h"
#include "bgv/evaluator.h"
#include "ckks/decryptor.h"
#include "ckks/encoder.h"
#include "ckks/encryptor.h"
#include "constant_time/check.h"
#include "random/samplers.h"

namespace veilsum::constant_time {

namespace {

using Complex = std::complex<double>;

// A chain of `primes` primes and a special one, all of these bits.
rlwe::ContextPtr contextOf(std::size_t n, int bits, std::size_t primes) {
  std::vector<std::uint64_t> q = arith::largestPrimes(bits, 2 * n, primes + 1);
  const std::uint64_t special = q.front();
  q.erase(q.begin());
  return rlwe::Context::create({n, q, {special}, 1});
}

struct Keys {
  rlwe::SecretKey secret;
  rlwe::PublicKey public_key;
};

Keys makeKeys(Check& check, const std::string& name, const rlwe::ContextPtr& context) {
  random::Seed seed = random::systemSeed();
  hide(std::span(seed));
  Keys keys{check.run(name + "secret key from its seed",
                      [&] { return rlwe::SecretKey::generate(context, seed); }),
            {}};
  keys.public_key =
      check.run(name + "public key", [&] { return rlwe::PublicKey::generate(keys.secret); });
  publish(keys.public_key.b);
  publish(check.run(name + "relinearization key",
                    [&] { return rlwe::relinearizationKey(keys.secret); }));
  publish(check.run(name + "Galois key", [&] {
    return rlwe::galoisKey(keys.secret, rlwe::galoisElement(context->n(), 1));
  }));
  return keys;
}

void checkImportedSecret(Check& check, const rlwe::ContextPtr& context) {
  random::Seed seed = random::systemSeed();
  hide(std::span(seed));
  random::Stream stream(seed);
  std::vector<std::int8_t> ternary(context->n());
  random::sampleTernary(stream, ternary);
  check.run("secret key from ternary coefficients",
            [&] { return rlwe::SecretKey::fromCoefficients(context, ternary); });
}

// Of the three scales the first makes decryption use one residue, the second two, the third more;
// rounding takes one word, or several limbs.
void checkCkks(Check& check, const std::string& name, const Keys& keys, int scale_bits) {
  const rlwe::ContextPtr& context = keys.secret.context();
  const ckks::Encoder encoder(context);
  std::vector<double> values(encoder.slots());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
  hide(std::span(values));
  const ckks::Encoding encoding{
      .level = context->maxLevel(), .scale = std::ldexp(1.0, scale_bits), .slots = 0, .bound = 1.0};
  const ckks::Plaintext plaintext = check.run(
      name + "encode", [&] { return encoder.encode(std::span<const double>(values), encoding); });
  const ckks::Ciphertext by_public = check.run(name + "encrypt with the public key", [&] {
    return ckks::encrypt(plaintext, keys.public_key);
  });
  const ckks::Ciphertext by_secret = check.run(
      name + "encrypt with the secret key", [&] { return ckks::encrypt(plaintext, keys.secret); });
  std::vector<Complex> out(encoder.slots());
  for (const auto* c : {&by_public, &by_secret}) {
    publish(c->body);
    check.run(name + "decrypt and decode",
              [&] { ckks::decrypt(*c, keys.secret, std::span<Complex>(out)); });
    publish(std::span(out));
    double largest = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      largest = std::max(largest, std::abs(out[i] - std::sin(static_cast<double>(i))));
    }
    check.verify(largest < 1e-4, name + "decrypts to its values");
  }
  check.run(name + "decode a plaintext",
            [&] { encoder.decode(plaintext, std::span<Complex>(out)); });
  Complex constant{0.25, -0.5};
  markSecret(&constant, sizeof(constant));
  check.run(name + "encode a constant", [&] { return encoder.encodeConstant(constant, encoding); });
}

std::vector<std::int64_t> signedValues(std::size_t n, std::uint64_t t) {
  std::vector<std::int64_t> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = static_cast<std::int64_t>(i * i % t) - static_cast<std::int64_t>(t / 2);
  }
  return values;
}

template <class Encoder>
void checkBfv(Check& check, const std::string& name, const Keys& keys, std::uint64_t t) {
  const bfv::ContextPtr context = bfv::Context::create(keys.secret.context(), t);
  const Encoder encoder(context);
  const std::vector<std::int64_t> expected = signedValues(context->n(), t);
  std::vector<std::int64_t> values = expected, out(context->n());
  hide(std::span(values));
  const bfv::Plaintext plaintext =
      check.run(name + "encode", [&] { return encoder.encodeSigned(values); });
  const std::size_t level = context->maxLevel();
  const bfv::Ciphertext by_public = check.run(name + "encrypt with the public key", [&] {
    return bfv::encrypt(plaintext, keys.public_key, level);
  });
  const bfv::Ciphertext by_secret = check.run(name + "encrypt with the secret key", [&] {
    return bfv::encrypt(plaintext, keys.secret, level);
  });
  for (const auto* c : {&by_public, &by_secret}) {
    publish(c->body);
    const bfv::Plaintext decrypted =
        check.run(name + "decrypt", [&] { return bfv::decrypt(*c, keys.secret); });
    check.run(name + "decode", [&] { encoder.decodeSigned(decrypted, out); });
    publish(std::span(out));
    check.verify(out == expected, name + "decrypts to its values");
  }
  const bgv::Ciphertext bgv_public = check.run(
      name + "encrypt (BGV)", [&] { return bgv::encrypt(plaintext, keys.public_key, level); });
  publish(bgv_public.body);
  const bfv::Plaintext bgv_decrypted =
      check.run(name + "decrypt (BGV)", [&] { return bgv::decrypt(bgv_public, keys.secret); });
  encoder.decodeSigned(bgv_decrypted, out);
  publish(std::span(out));
  check.verify(out == expected, name + "decrypts to its values (BGV)");
}

}  // namespace

void checkSchemes(Check& check) {
  constexpr std::size_t kDegree = 8192;
  const Keys keys = makeKeys(check, "46-bit primes: ", contextOf(kDegree, 46, 3));
  checkImportedSecret(check, keys.secret.context());
  for (const int bits : {36, 60, 110}) {
    checkCkks(check, "CKKS, scale 2^" + std::to_string(bits) + ": ", keys, bits);
  }
  const std::uint64_t t = arith::largestPrimes(20, 2 * kDegree, 1)[0];
  checkBfv<bfv::BatchEncoder>(check, "BFV, t of 20 bits: ", keys, t);
  checkBfv<bfv::CoefficientEncoder>(check, "BFV, t = 2^32: ", keys, std::uint64_t{1} << 32);

  // The primes of Microsoft SEAL's sets take other kernels.
  const Keys wide = makeKeys(check, "60-bit primes: ", contextOf(kDegree, 60, 2));
  checkCkks(check, "CKKS, 60-bit primes: ", wide, 50);
  checkBfv<bfv::BatchEncoder>(check, "BFV, 60-bit primes: ", wide, t);
}

}  // namespace veilsum::constant_time
