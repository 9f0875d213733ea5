#ifndef VEILSUM_TEST_PAILLIER_CASE_H_
#define VEILSUM_TEST_PAILLIER_CASE_H_

// What tests of Paillier share: keys, GMP's numbers, and the textbook's formulas by them.

#include <gmp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "paillier/secret_key.h"

namespace veilsum::paillier {

// Keys that the library refuses, and encryption with a given r: for known answers.
struct TestKeys {
  static PublicKey publicKey(std::uint64_t n) { return PublicKey(fromWord(n, 1)); }
  static SecretKey secretKey(const Limbs& p, const Limbs& q) { return SecretKey(p, q); }
  static void check(const Limbs& p, const Limbs& q) { SecretKey::checkPrimes(p, q); }
  static Ciphertext encryptWith(const PublicKey& key, const Plaintext& m, const Limbs& r) {
    const OddModulus& n2 = key.modulusSquared();
    const Limbs power = n2.power(resized(r, n2.limbs()), key.modulus().value(), key.bits());
    return Ciphertext(n2.multiply(key.generatorPower(m), power));
  }
  static const OddModulus& p(const SecretKey& key) { return key.p_.p; }
  static const OddModulus& q(const SecretKey& key) { return key.q_.p; }
  // A key whose fixed value for one half is wrong, as a fault would leave it.
  static void damage(SecretKey& key) {
    key.p_.minusQInverse[0] ^= 4;
    if (key.lanes_ != nullptr) key.lanes_->otherInverses_[0] ^= 4;
  }
  static void damageExponent(SecretKey& key) {
    key.q_.exponent[3] ^= 1;
    if (key.lanes_ != nullptr) key.lanes_->exponents_.digits[kLanes + 1] ^= 1;
  }
};

using Bytes = std::vector<std::uint8_t>;

class Mpz {
 public:
  Mpz() { mpz_init(value_); }
  explicit Mpz(const Limbs& a) : Mpz() {
    mpz_import(value_, a.size(), -1, sizeof(mp_limb_t), 0, 0, a.data());
  }
  explicit Mpz(const char* decimal) { mpz_init_set_str(value_, decimal, 10); }
  explicit Mpz(long a) { mpz_init_set_si(value_, a); }
  Mpz(const Mpz& other) { mpz_init_set(value_, other.value_); }
  Mpz& operator=(const Mpz& other) {
    mpz_set(value_, other.value_);
    return *this;
  }
  ~Mpz() { mpz_clear(value_); }
  operator mpz_ptr() { return value_; }
  operator mpz_srcptr() const { return value_; }
  std::string text() const {
    char* digits = mpz_get_str(nullptr, 10, value_);
    std::string result(digits);
    free(digits);
    return result;
  }
  // Two's complement, big-endian.
  Bytes bytes(std::size_t length) const {
    Mpz shifted;
    if (mpz_sgn(value_) < 0) mpz_setbit(shifted, 8 * length);
    mpz_add(shifted, shifted, value_);
    Bytes result(length);
    const std::size_t used = (mpz_sizeinbase(shifted, 2) + 7) / 8;
    if (mpz_sgn(static_cast<mpz_srcptr>(shifted)) != 0) {
      mpz_export(result.data() + length - used, nullptr, 1, 1, 0, 0, shifted);
    }
    return result;
  }
  static Mpz fromTwosComplement(const Bytes& bytes) {
    Mpz result;
    mpz_import(result, bytes.size(), 1, 1, 0, 0, bytes.data());
    if (bytes[0] & 0x80) {
      Mpz modulus;
      mpz_setbit(modulus, 8 * bytes.size());
      mpz_sub(result, result, modulus);
    }
    return result;
  }

 private:
  mpz_t value_;
};

inline bool operator==(const Mpz& a, const Mpz& b) { return mpz_cmp(a, b) == 0; }
inline void PrintTo(const Mpz& a, std::ostream* out) { *out << a.text(); }

inline random::Seed countingSeed() {
  random::Seed seed;
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
  return seed;
}

template <std::size_t kBits>
const SecretKey& generated() {
  static const SecretKey key = SecretKey::generate(countingSeed(), kBits);
  return key;
}

// The key of 2048, 3072 or 4096 bits, made when it is first asked for.
inline const SecretKey& keyOf(std::size_t bits) {
  if (bits == 2048) return generated<2048>();
  return bits == 3072 ? generated<3072>() : generated<4096>();
}
inline const SecretKey& key2048() { return keyOf(2048); }

inline Plaintext encode(const PublicKey& key, const Mpz& value) {
  return key.encode(value.bytes(key.modulusBytes()));
}

inline Mpz decode(const PublicKey& key, const Plaintext& plaintext) {
  Bytes bytes(key.modulusBytes());
  key.decode(plaintext, bytes);
  return Mpz::fromTwosComplement(bytes);
}

inline Mpz decrypt(const SecretKey& key, const Ciphertext& c) {
  return decode(key.publicKey(), key.decrypt(c));
}

inline Bytes written(const PublicKey& key, const Ciphertext& c) {
  Bytes bytes(key.ciphertextBytes());
  key.write(c, bytes);
  return bytes;
}

// m = L(c^lambda mod N^2) / L((1 + N)^lambda mod N^2) mod N, lambda = lcm(p - 1, q - 1): Paillier
// 1999, section 4, with nothing of the library; centred.
inline Mpz textbookDecrypt(const SecretKey& key, const Ciphertext& c) {
  Mpz p(TestKeys::p(key).value()), q(TestKeys::q(key).value()), n, n2, lambda, g, mu, m, half;
  mpz_mul(n, p, q);
  mpz_mul(n2, n, n);
  mpz_sub_ui(p, p, 1);
  mpz_sub_ui(q, q, 1);
  mpz_lcm(lambda, p, q);
  mpz_add_ui(g, n, 1);
  const auto logarithm = [&](Mpz base) {
    mpz_powm(base, base, lambda, n2);
    mpz_sub_ui(base, base, 1);
    EXPECT_NE(mpz_divisible_p(base, n), 0);
    mpz_divexact(base, base, n);
    return base;
  };
  mpz_invert(mu, logarithm(g), n);
  mpz_mul(m, logarithm(Mpz(c.value())), mu);
  mpz_mod(m, m, n);
  mpz_fdiv_q_2exp(half, n, 1);
  if (mpz_cmp(m, half) > 0) mpz_sub(m, m, n);
  return m;
}

template <class Action>
void expectError(Code code, Action action, const std::string& part = "") {
  try {
    action();
    ADD_FAILURE() << "no error; expected " << codeName(code) << " " << part;
  } catch (const Error& error) {
    EXPECT_EQ(codeName(error.code()), std::string(codeName(code))) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

}  // namespace veilsum::paillier

#endif  // VEILSUM_TEST_PAILLIER_CASE_H_
