// Paillier against mpz computations of the textbook formulas, and every refusal.

#include <gmp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "paillier/packing.h"
#include "paillier/primes.h"
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

namespace {

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

bool operator==(const Mpz& a, const Mpz& b) { return mpz_cmp(a, b) == 0; }
void PrintTo(const Mpz& a, std::ostream* out) { *out << a.text(); }

random::Seed countingSeed() {
  random::Seed seed;
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
  return seed;
}

const SecretKey& keyOf(std::size_t bits) {
  static const SecretKey keys[] = {SecretKey::generate(countingSeed(), 2048),
                                   SecretKey::generate(countingSeed(), 3072),
                                   SecretKey::generate(countingSeed(), 4096)};
  return keys[bits / 1024 - 2];
}
const SecretKey& key2048() { return keyOf(2048); }

Plaintext encode(const PublicKey& key, const Mpz& value) {
  return key.encode(value.bytes(key.modulusBytes()));
}

Mpz decode(const PublicKey& key, const Plaintext& plaintext) {
  Bytes bytes(key.modulusBytes());
  key.decode(plaintext, bytes);
  return Mpz::fromTwosComplement(bytes);
}

Mpz decrypt(const SecretKey& key, const Ciphertext& c) {
  return decode(key.publicKey(), key.decrypt(c));
}

Bytes written(const PublicKey& key, const Ciphertext& c) {
  Bytes bytes(key.ciphertextBytes());
  key.write(c, bytes);
  return bytes;
}

// m = L(c^lambda mod N^2) / L((1 + N)^lambda mod N^2) mod N, lambda = lcm(p - 1, q - 1): Paillier
// 1999, section 4, with nothing of the library; centred.
Mpz textbookDecrypt(const SecretKey& key, const Ciphertext& c) {
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

TEST(Paillier, KnownAnswerOfPythonPaillier) {
  const PublicKey key = TestKeys::publicKey(126869);
  const Plaintext m = key.encode(10100);
  const Ciphertext c = TestKeys::encryptWith(key, m, fromWord(74384, 1));
  EXPECT_EQ(c.value()[0], 935906717u);
  EXPECT_EQ(written(key, c), (Bytes{0, 0, 0x37, 0xc8, 0xcd, 0x9d}));

  const SecretKey secret = TestKeys::secretKey(fromWord(293, 1), fromWord(433, 1));
  EXPECT_EQ(decrypt(secret, c), Mpz(10100L));
  for (std::int64_t value : {-63434L, -1L, 0L, 1L, 63434L}) {
    EXPECT_EQ(decrypt(secret, secret.publicKey().encrypt(key.encode(value))), Mpz(value));
    EXPECT_EQ(decrypt(secret, secret.encrypt(key.encode(value))), Mpz(value));
  }
  expectError(Code::kOutOfRange, [&] { key.encode(63435); });
  expectError(Code::kOutOfRange, [&] { key.encode(-63435); });
}

TEST(Paillier, ConstantTimeArithmeticAgreesWithGmp) {
  random::Seed seed = countingSeed();
  random::Stream stream(seed, 99);
  for (std::size_t modulusBytes : {1u, 7u, 8u, 9u, 64u, 129u}) {
    for (int round = 0; round < 20; ++round) {
      Bytes modulus(modulusBytes), first(modulusBytes), second(modulusBytes);
      stream.fill(modulus);
      stream.fill(first);
      stream.fill(second);
      modulus.front() |= 0x80;
      modulus.back() |= 1;
      const OddModulus m(fromBytes(modulus, modulusBytes / 8 + 2));
      const Limbs a = m.reduce(fromBytes(first, modulusBytes / 8 + 3));
      Limbs b = m.reduce(fromBytes(second, modulusBytes / 8 + 1));
      if (isZero(b)) b = fromWord(1, m.limbs());
      const Mpz M(m.value()), A(a), B(b);
      Mpz expected;
      mpz_import(expected, modulusBytes, 1, 1, 0, 0, first.data());
      mpz_mod(expected, expected, M);
      EXPECT_EQ(A, expected);
      mpz_mul(expected, A, B);
      mpz_mod(expected, expected, M);
      EXPECT_EQ(Mpz(m.multiply(a, b)), expected);
      EXPECT_EQ(Mpz(m.multiplyPublic(a, b)), expected);
      mpz_add(expected, A, B);
      mpz_mod(expected, expected, M);
      EXPECT_EQ(Mpz(m.add(a, b)), expected);
      mpz_sub(expected, A, B);
      mpz_mod(expected, expected, M);
      EXPECT_EQ(Mpz(m.subtract(a, b)), expected);
      mpz_powm(expected, B, A, M);
      EXPECT_EQ(Mpz(m.power(b, a, m.bits())), expected);
      if (mpz_invert(expected, B, M)) {
        EXPECT_EQ(Mpz(m.inverse(b)), expected);
      } else {
        expectError(Code::kInternal, [&] { m.inverse(b); });
      }
      EXPECT_EQ(lessMask(a, b) != 0, mpz_cmp(A, B) < 0);
      EXPECT_EQ(equalMask(a, b) != 0, mpz_cmp(A, B) == 0);
      EXPECT_EQ(~equalMask(a, a), 0u);
    }
  }
}

// Top and low words of N, and N mod 2^61 - 1, from an independent program (Python: ChaCha20, own
// Miller-Rabin) for the seed 00 01 .. 1f. If this fails, every derived key has changed.
TEST(Paillier, KeysOfASeedNeverChange) {
  struct Known {
    std::size_t bits;
    std::uint64_t top, low, modMersenne61;
  };
  for (const Known& known :
       {Known{2048, 0xdd51008d41be4fb8, 0xd40c9e40b4209f2d, 0xb77c7478ca753d7},
        Known{3072, 0xa417691e23641a23, 0x4a978a0aad9b5cfd, 0xe09f9b891165a4e},
        Known{4096, 0xad6d77bce582e612, 0xc67fd985d9c54035, 0x1013d41e2154cf11}}) {
    const SecretKey& key = keyOf(known.bits);
    const Limbs& n = key.publicKey().modulus().value();
    EXPECT_EQ(key.publicKey().bits(), known.bits);
    EXPECT_EQ(n[n.size() - 1], known.top);
    EXPECT_EQ(n[0], known.low);
    EXPECT_EQ(mpn_mod_1(n.data(), static_cast<mp_size_t>(n.size()), (1ull << 61) - 1),
              known.modMersenne61);
    // Both factors pass GMP's own test, and the key works.
    EXPECT_NE(mpz_probab_prime_p(Mpz(TestKeys::p(key).value()), 40), 0);
    EXPECT_NE(mpz_probab_prime_p(Mpz(TestKeys::q(key).value()), 40), 0);
    const Mpz m("-123456789012345678901234567890");
    const Ciphertext c = key.publicKey().encrypt(encode(key.publicKey(), m));
    EXPECT_EQ(decrypt(key, c), m);
    // The public half alone passes every check of a foreign key.
    Bytes modulus(key.publicKey().modulusBytes());
    toBytes(n, modulus);
    EXPECT_EQ(PublicKey::fromModulus(modulus).bits(), known.bits);
  }
}

TEST(Paillier, EncryptionsAreTextbookOnes) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  Mpz largest(pub.modulus().value());
  mpz_fdiv_q_2exp(largest, largest, 1);
  Mpz smallest;
  mpz_neg(smallest, largest);
  for (const Mpz& m :
       {Mpz(0L), Mpz(1L), Mpz(-1L), Mpz("987654321987654321987654321"), largest, smallest}) {
    const Ciphertext c = pub.encrypt(encode(pub, m));
    const Ciphertext owner = key.encrypt(encode(pub, m));
    EXPECT_EQ(textbookDecrypt(key, c), m);
    EXPECT_EQ(textbookDecrypt(key, owner), m);
    EXPECT_EQ(decrypt(key, c), m);
    EXPECT_EQ(decrypt(key, owner), m);
    EXPECT_FALSE(Mpz(c.value()) == Mpz(pub.encrypt(encode(pub, m)).value()));
    EXPECT_FALSE(Mpz(owner.value()) == Mpz(key.encrypt(encode(pub, m)).value()));
    pub.validate(c);
    pub.validate(owner);
  }
  mpz_add_ui(largest, largest, 1);
  expectError(
      Code::kOutOfRange, [&] { encode(pub, largest); }, "(N - 1) / 2");
  mpz_sub_ui(smallest, smallest, 1);
  expectError(Code::kOutOfRange, [&] { encode(pub, smallest); });
  expectError(Code::kUsage, [&] { pub.encode(Bytes(255)); });
}

// Batches of every kind, long enough that tables are made and the last lanes left over.
TEST(Paillier, EveryKindOfRandomnessGivesTextbookCiphertexts) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  for (Exponents kind :
       {Exponents::kTextbook, Exponents::kFull, Exponents::kHalf, Exponents::kShort}) {
    std::vector<std::string> seen;
    const bool slow = !lanesAvailable();
    for (std::size_t count :
         slow ? std::vector<std::size_t>{1, 3} : std::vector<std::size_t>{1, 17, 8, 3, 67}) {
      std::vector<Plaintext> plaintexts;
      for (std::size_t i = 0; i < count; ++i) {
        plaintexts.push_back(pub.encode(static_cast<std::int64_t>(i * i) - 1000));
      }
      const std::vector<Ciphertext> ciphertexts = pub.encryptAll(plaintexts, kind);
      const std::vector<Plaintext> decrypted = key.decryptAll(ciphertexts);
      ASSERT_EQ(ciphertexts.size(), count);
      ASSERT_EQ(decrypted.size(), count);
      for (std::size_t i = 0; i < count; ++i) {
        pub.validate(ciphertexts[i]);
        EXPECT_EQ(decode(pub, decrypted[i]), decode(pub, plaintexts[i]));
        seen.push_back(Mpz(ciphertexts[i].value()).text());
      }
      EXPECT_EQ(textbookDecrypt(key, ciphertexts[count - 1]), decode(pub, plaintexts[count - 1]));
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end()) << "used twice";
  }
}

TEST(Paillier, WhatIsPreparedIsUsedOnceAndForgotten) {
  const SecretKey& key = key2048();
  const PublicKey pub = key.publicKey().copy();
  const std::size_t ready = lanesAvailable() ? 24 : 0;
  EXPECT_EQ(pub.prepared(Exponents::kShort), 0u);
  pub.prepare(20, Exponents::kShort);
  EXPECT_EQ(pub.prepared(Exponents::kShort), ready);
  EXPECT_EQ(pub.prepared(Exponents::kFull), 0u);
  std::vector<Plaintext> plaintexts;
  for (int i = 0; i < 10; ++i) plaintexts.push_back(pub.encode(i));
  const auto a = pub.encryptAll(plaintexts, Exponents::kShort);
  EXPECT_EQ(pub.prepared(Exponents::kShort), ready == 0 ? 0 : ready - 10);
  const auto b = pub.encryptAll(plaintexts, Exponents::kShort);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(decrypt(key, a[i]), Mpz(static_cast<long>(i)));
    EXPECT_EQ(decrypt(key, b[i]), Mpz(static_cast<long>(i)));
    EXPECT_FALSE(Mpz(a[i].value()) == Mpz(b[i].value()));
  }
  pub.forget(Exponents::kShort);
  EXPECT_EQ(pub.prepared(Exponents::kShort), 0u);
  expectError(
      Code::kOutOfRange, [&] { pub.prepare(Pool::kCapacity + 1, Exponents::kShort); }, "65537");

  key.prepare(9);
  EXPECT_EQ(key.prepared() >= 9, lanesAvailable());
  const std::size_t before = key.prepared();
  EXPECT_EQ(decrypt(key, key.encrypt(pub.encode(-5))), Mpz(-5L));
  EXPECT_EQ(key.prepared(), before == 0 ? 0 : before - 1);
  key.forget();
  EXPECT_EQ(key.prepared(), 0u);
}

// The longer keys, whose numbers have other lengths.
TEST(Paillier, BatchesUnderEveryKeySize) {
  for (std::size_t bits : {std::size_t{3072}, std::size_t{4096}}) {
    const SecretKey& key = keyOf(bits);
    const PublicKey& pub = key.publicKey();
    std::vector<Plaintext> plaintexts;
    const std::size_t count = lanesAvailable() ? 11 : 1;
    for (std::size_t i = 0; i < count; ++i) {
      plaintexts.push_back(pub.encode(-static_cast<std::int64_t>(i) << 40));
    }
    if (lanesAvailable()) pub.prepare(24, Exponents::kShort);  // enough for a table
    auto ciphertexts = pub.encryptAll(plaintexts, Exponents::kShort);
    auto owners = key.encryptAll(plaintexts);
    EXPECT_EQ(decrypt(key, owners[0]), decode(pub, plaintexts[0]));
    if (lanesAvailable()) key.prepare(24);
    owners = key.encryptAll(plaintexts);
    EXPECT_EQ(textbookDecrypt(key, ciphertexts[0]), decode(pub, plaintexts[0]));
    EXPECT_EQ(textbookDecrypt(key, owners[count - 1]), decode(pub, plaintexts[count - 1]));
    const auto again = pub.rerandomizeAll(std::span(ciphertexts).first(2 < count ? 2 : count));
    EXPECT_EQ(decrypt(key, again.back()), decode(pub, plaintexts[again.size() - 1]));
    std::move(owners.begin(), owners.end(), std::back_inserter(ciphertexts));
    const auto decrypted = key.decryptAll(ciphertexts);
    for (std::size_t i = 0; i < decrypted.size(); ++i) {
      EXPECT_EQ(decode(pub, decrypted[i]), decode(pub, plaintexts[i % count]));
    }
  }
}

TEST(Paillier, ABadCiphertextSpoilsItsBatch) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const auto batch = [&](Limbs bad) {
    std::vector<Ciphertext> ciphertexts;
    for (int i = 0; i < 3; ++i) ciphertexts.push_back(key.encrypt(pub.encode(i)));
    ciphertexts.insert(ciphertexts.begin() + 1, Ciphertext(std::move(bad)));
    return ciphertexts;
  };
  const std::size_t limbs = pub.modulusSquared().limbs();
  for (const OddModulus* factor : {&TestKeys::p(key), &TestKeys::q(key), &pub.modulus()}) {
    expectError(
        Code::kCorrupt, [&] { key.decryptAll(batch(resized(factor->value(), limbs))); }, "factor");
  }
  expectError(
      Code::kCorrupt, [&] { key.decryptAll(batch(fromWord(1, limbs))); }, "1 modulo N");
  expectError(
      Code::kCorrupt, [&] { key.decryptAll(batch(pub.modulusSquared().value().copy())); },
      "(0, N^2)");
  EXPECT_TRUE(key.decryptAll({}).empty());
}

// A textbook ciphertext made by mpz alone decrypts here.
TEST(Paillier, DecryptsForeignTextbookCiphertexts) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const Mpz n(pub.modulus().value());
  Mpz n2, g, r("31415926535897932384626433832795028841971693993751"), c;
  mpz_mul(n2, n, n);
  mpz_add_ui(g, n, 1);
  for (long m : {0L, 5L, -5L, 1L << 40}) {
    Mpz residue(m), power;
    mpz_mod(residue, residue, n);
    mpz_powm(c, g, residue, n2);
    mpz_powm(power, r, n, n2);
    mpz_mul(c, c, power);
    mpz_mod(c, c, n2);
    EXPECT_EQ(decrypt(key, pub.ciphertext(c.bytes(pub.ciphertextBytes()))), Mpz(m));
  }
}

TEST(Paillier, HomomorphismsAreProductsAndPowers) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  Mpz n2;
  mpz_mul(n2, Mpz(pub.modulus().value()), Mpz(pub.modulus().value()));
  const Mpz a("-170141183460469231731687303715884105728"), b(998877665544332211L);
  const Ciphertext ca = pub.encrypt(encode(pub, a)), cb = pub.encrypt(encode(pub, b));
  const Mpz A(ca.value()), B(cb.value());
  Mpz expected, sum, difference;
  mpz_add(sum, a, b);
  mpz_sub(difference, a, b);

  const Ciphertext added = pub.add(ca, cb);
  mpz_mul(expected, A, B);
  mpz_mod(expected, expected, n2);
  EXPECT_EQ(Mpz(added.value()), expected);
  EXPECT_EQ(decrypt(key, added), sum);

  const Ciphertext subtracted = pub.subtract(ca, cb);
  mpz_invert(expected, B, n2);
  mpz_mul(expected, expected, A);
  mpz_mod(expected, expected, n2);
  EXPECT_EQ(Mpz(subtracted.value()), expected);
  EXPECT_EQ(decrypt(key, subtracted), difference);

  const Ciphertext plain = pub.addPlain(ca, encode(pub, b));
  EXPECT_EQ(textbookDecrypt(key, plain), sum);
  Mpz negative;
  mpz_neg(negative, a);
  EXPECT_EQ(decrypt(key, pub.negate(ca)), negative);

  for (const Mpz& k : {Mpz(1L), Mpz(-1L), Mpz(2L), Mpz(-123456789L), Mpz("18446744073709551617")}) {
    const Bytes factor = k.bytes(pub.modulusBytes());
    Mpz product, wrapped, half;
    mpz_mul(product, a, k);
    for (std::size_t bits : {std::size_t{0}, std::size_t{65}, std::size_t{200}}) {
      const Ciphertext multiplied = pub.multiplyScalar(ca, pub.scalar(factor, bits));
      mpz_powm(expected, A, k, n2);
      EXPECT_EQ(Mpz(multiplied.value()), expected);
      EXPECT_EQ(decrypt(key, multiplied), product);
    }
  }
  expectError(
      Code::kOutOfRange, [&] { pub.scalar(Mpz(256L).bytes(pub.modulusBytes()), 8); }, "9 bits");

  const Ciphertext again = pub.rerandomize(ca);
  EXPECT_FALSE(Mpz(again.value()) == A);
  EXPECT_EQ(decrypt(key, again), a);
}

TEST(Paillier, NothingUnblindedLeaves) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const Ciphertext c = pub.encrypt(pub.encode(7));
  const Bytes zeroFactor(pub.modulusBytes());
  for (int i = 0; i < 2; ++i) {
    const Ciphertext zero =
        i == 0 ? pub.subtract(c, c) : pub.multiplyScalar(c, pub.scalar(zeroFactor));
    pub.validate(zero);
    EXPECT_EQ(decrypt(key, zero), Mpz(0L));
  }
  pub.validate(pub.add(c, pub.negate(c)));
  // c and a twin with the same randomness: their quotient is 1 + 5N, which shows the 5.
  const Ciphertext difference = pub.subtract(pub.addPlain(c, pub.encode(5)), c);
  pub.validate(difference);
  EXPECT_EQ(decrypt(key, difference), Mpz(5L));
}

TEST(Paillier, BadCiphertextsAreRefused) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const std::size_t size = pub.ciphertextBytes();
  const Mpz n(pub.modulus().value());
  Mpz n2, value;
  mpz_mul(n2, n, n);
  const auto refuse = [&](const Mpz& c, const char* part) {
    expectError(
        Code::kCorrupt, [&] { pub.ciphertext(c.bytes(size)); }, part);
  };
  refuse(Mpz(0L), "(0, N^2)");
  refuse(n2, "(0, N^2)");
  mpz_add_ui(value, n2, 12345);
  refuse(value, "(0, N^2)");
  refuse(n, "factor");
  mpz_mul_ui(value, Mpz(TestKeys::p(key).value()), 77);
  refuse(value, "factor");
  mpz_mul_ui(value, Mpz(TestKeys::q(key).value()), 2);
  refuse(value, "factor");
  refuse(Mpz(1L), "1 modulo N");
  mpz_mul_ui(value, n, 42);
  mpz_add_ui(value, value, 1);
  refuse(value, "1 modulo N");
  const Bytes good = written(pub, pub.encrypt(pub.encode(3)));
  EXPECT_EQ(decrypt(key, pub.ciphertext(good)), Mpz(3L));
  expectError(
      Code::kCorrupt, [&] { pub.ciphertext(std::span(good).first(size - 1)); }, "511 bytes");
  Bytes longer = good;
  longer.insert(longer.begin(), 0);
  expectError(
      Code::kCorrupt, [&] { pub.ciphertext(longer); }, "513 bytes");
  // Decryption does not rely on the reader's check.
  expectError(Code::kCorrupt,
              [&] { key.decrypt(Ciphertext(fromWord(1, pub.modulusSquared().limbs()))); });
}

TEST(Paillier, BadModuliAreRefused) {
  for (std::size_t bits :
       {std::size_t{0}, std::size_t{1024}, std::size_t{2047}, std::size_t{8192}}) {
    expectError(Code::kInsecureParameters, [&] { SecretKey::generate(countingSeed(), bits); });
  }
  const auto refuse = [](const Mpz& n, const char* part) {
    expectError(
        Code::kInsecureParameters, [&] { PublicKey::fromModulus(n.bytes(600)); }, part);
  };
  const Mpz p(TestKeys::p(key2048()).value()), n(key2048().publicKey().modulus().value());
  Mpz value;
  refuse(Mpz(0L), "0 bits");
  refuse(Mpz(126869L), "17 bits");
  refuse(p, "1024 bits");
  mpz_ui_pow_ui(value, 2, 2047);
  mpz_add_ui(value, value, 1);
  refuse(value, "factor 3");
  mpz_add_ui(value, value, 1);
  refuse(value, "factor 2");
  mpz_mul(value, p, p);
  ASSERT_EQ(mpz_sizeinbase(value, 2), 2048u);
  refuse(value, "perfect power");
  // CVE-2023-33241: a modulus with factors of 16 bits.
  mpz_ui_pow_ui(value, 2, 2047 - 15);
  mpz_nextprime(value, value);
  mpz_mul_ui(value, value, 65521);
  refuse(value, "factor");
  mpz_ui_pow_ui(value, 2, 2047);
  mpz_nextprime(value, value);
  refuse(value, "is a prime");
  mpz_add_ui(value, p, 1);
  mpz_nextprime(value, value);
  mpz_mul(value, value, p);
  refuse(value, "too close");
  expectError(
      Code::kInsecureParameters, [&] { PublicKey::fromModulus(Bytes(2000, 0xff)); }, "longer");
}

TEST(Paillier, BadPrimesAreRefused) {
  const Limbs& p = TestKeys::p(key2048()).value();
  const Limbs& q = TestKeys::q(key2048()).value();
  TestKeys::check(p, q);
  const auto refuse = [](const Limbs& a, const Limbs& b, const char* part) {
    expectError(
        Code::kInsecureParameters, [&] { TestKeys::check(a, b); }, part);
  };
  refuse(p, p, "too close");
  Limbs near = resized(p, p.size());
  near[13] ^= 1;  // differs at bit 832 of 1024
  refuse(p, near, "too close");
  refuse(p, resized(p, p.size() / 2), "different lengths");
  Limbs shortP = resized(p, 8), shortQ = resized(q, 8);
  shortP[7] |= 3ull << 62;
  shortQ[7] |= 3ull << 62;
  refuse(shortP, shortQ, "2048, 3072");
  Limbs oneModuloFour = resized(q, q.size());
  oneModuloFour[0] ^= 2;
  refuse(p, oneModuloFour, "3 modulo 4");
}

TEST(Paillier, FaultsAreCaught) {
  const SecretKey& good = key2048();
  const Ciphertext c = good.publicKey().encrypt(good.publicKey().encode(123456));
  SecretKey logarithm = TestKeys::secretKey(TestKeys::p(good).value(), TestKeys::q(good).value());
  EXPECT_EQ(decrypt(logarithm, c), Mpz(123456L));
  TestKeys::damage(logarithm);
  expectError(
      Code::kInternal, [&] { logarithm.decrypt(c); }, "fault");
  SecretKey exponent = TestKeys::secretKey(TestKeys::p(good).value(), TestKeys::q(good).value());
  TestKeys::damageExponent(exponent);
  expectError(
      Code::kInternal, [&] { exponent.decrypt(c); }, "fault");
}

TEST(Paillier, PrimalityTestTellsPrimesFromPseudoprimes) {
  random::Stream bases(countingSeed(), 5);
  const auto isPrime = [&](const char* decimal) {
    const Mpz value(decimal);
    const std::size_t limbs = mpz_size(value);
    Limbs a(limbs);
    mpn_copyi(a.data(), mpz_limbs_read(value), static_cast<mp_size_t>(limbs));
    return isProbablePrime(a, bases);
  };
  for (const char* prime :
       {"7", "19", "65519", "2147483647", "170141183460469231731687303715884105727"}) {
    EXPECT_TRUE(isPrime(prime)) << prime;
  }
  // A Carmichael number, strong pseudoprimes to the first 4 and 9 prime bases (Jaeschke 1993), and
  // a product of two primes; all are 3 modulo 4.
  for (const char* composite :
       {"8911", "3215031751", "3825123056546413051", "850705917302346158658436518579420528635"}) {
    EXPECT_EQ(mpz_fdiv_ui(Mpz(composite), 4), 3u);
    EXPECT_FALSE(isPrime(composite)) << composite;
  }
}

TEST(Packing, LayoutsHoldWhatTheySay) {
  const PublicKey& pub = key2048().publicKey();
  EXPECT_EQ(Packing(8, 1000).slotBits(), 18);
  EXPECT_EQ(Packing(21 - 1, 1).slotBits(), 21);
  EXPECT_EQ(Packing(20, 1).slots(pub), 97u);  // 97 buckets of 21 bits
  expectError(Code::kOutOfRange, [] { Packing(0, 4); });
  expectError(Code::kOutOfRange, [] { Packing(8, 0); });
  expectError(Code::kOutOfRange, [] { Packing(32, 1ull << 31); });
  EXPECT_EQ(Packing(32, (1ull << 30) - 1).slotBits(), 62);
  const Packing packing(8, 3);
  expectError(
      Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{128}); }, "8 bits");
  expectError(Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{-129}); });
  expectError(Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{INT64_MIN}); });
  expectError(
      Code::kOutOfRange,
      [&] { packing.pack(pub, std::vector<std::int64_t>(packing.slots(pub) + 1)); }, "slots");
}

TEST(Packing, EverySlotIsExactAtEveryExtreme) {
  const PublicKey& pub = key2048().publicKey();
  random::Stream stream(countingSeed(), 7);
  for (int valueBits : {1, 2, 7, 8, 16, 31, 32, 48, 61}) {
    const Packing packing(valueBits, 1);
    const std::int64_t low = -(std::int64_t{1} << (valueBits - 1)), high = -low - 1;
    for (int kind = 0; kind < 5; ++kind) {
      std::vector<std::int64_t> values(packing.slots(pub));
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto any = static_cast<std::int64_t>(stream.next64()) >> (64 - valueBits);
        const std::int64_t choices[] = {low, high, i % 2 ? low : high, i % 2 ? 0 : low, any};
        values[i] = choices[kind];
      }
      const Plaintext plaintext = packing.pack(pub, values);
      // The plaintext is the sum of v_i 2^(i w), by mpz.
      Mpz expected, term;
      for (std::size_t i = values.size(); i-- > 0;) {
        mpz_mul_2exp(expected, expected, static_cast<mp_bitcnt_t>(packing.slotBits()));
        mpz_set_si(term, values[i]);
        mpz_add(expected, expected, term);
      }
      EXPECT_EQ(decode(pub, plaintext), expected) << valueBits << " " << kind;
      std::vector<std::int64_t> read(values.size());
      packing.unpack(pub, plaintext, read);
      EXPECT_EQ(read, values) << valueBits << " " << kind;
    }
  }
}

TEST(Packing, SumsToTheCapacityAreExactAndNoFurther) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const Packing packing(8, 5);
  const std::size_t slots = packing.slots(pub);
  std::vector<std::int64_t> a(slots), b(slots), read(slots);
  for (std::size_t i = 0; i < slots; ++i) {
    a[i] = -128;
    b[i] = i % 2 ? 127 : -128;
  }
  const PackedCiphertext ca{key.encrypt(packing.pack(pub, a)), 1};
  const PackedCiphertext cb{pub.encrypt(packing.pack(pub, b)), 1};
  // 3a + b, then the plain b: weight 5, the most that fits.
  const PackedCiphertext tripled = multiplyScalar(pub, packing, ca, -3);
  EXPECT_EQ(tripled.weight, 3u);
  const PackedCiphertext full = addPlain(pub, packing, subtract(pub, packing, tripled, cb),
                                         std::vector<std::int64_t>(slots, 127));
  EXPECT_EQ(full.weight, 5u);
  packing.unpack(pub, key.decrypt(full.ciphertext), read);
  for (std::size_t i = 0; i < slots; ++i) ASSERT_EQ(read[i], -3 * a[i] - b[i] + 127);

  expectError(
      Code::kOutOfRange, [&] { add(pub, packing, full, ca); }, "capacity 5");
  expectError(
      Code::kOutOfRange, [&] { subtract(pub, packing, full, ca); }, "weights 5 and 1");
  expectError(Code::kOutOfRange, [&] { addPlain(pub, packing, full, a); });
  expectError(
      Code::kOutOfRange, [&] { multiplyScalar(pub, packing, ca, 6); }, "times 6");
  expectError(Code::kOutOfRange, [&] { multiplyScalar(pub, packing, ca, INT64_MIN); });
  expectError(Code::kOutOfRange, [&] { packing.sumWeight(UINT64_MAX, 2); });
  EXPECT_EQ(multiplyScalar(pub, packing, full, 0).weight, 0u);
  // A value that is no packed vector is told.
  Mpz half(pub.modulus().value());
  mpz_fdiv_q_2exp(half, half, 1);
  expectError(Code::kOutOfRange, [&] { packing.unpack(pub, encode(pub, half), read); });
}

// GMP's own allocations, looked through as they are freed: none may hold a word of a secret.
struct Watched {
  static inline std::vector<mp_limb_t> secrets;
  static inline std::size_t blocks = 0, leaks = 0;

  static void look(const void* block, std::size_t bytes) {
    ++blocks;
    const auto* words = static_cast<const mp_limb_t*>(block);
    for (std::size_t i = 0; i < bytes / sizeof(mp_limb_t); ++i) {
      if (std::find(secrets.begin(), secrets.end(), words[i]) != secrets.end()) ++leaks;
    }
  }
  static void* allocate(std::size_t bytes) { return std::calloc(1, bytes); }
  static void* reallocate(void* block, std::size_t before, std::size_t after) {
    look(block, before);
    return std::realloc(block, after);
  }
  static void release(void* block, std::size_t bytes) {
    look(block, bytes);
    std::free(block);
  }
};

TEST(Paillier, GmpNeverAllocatesMemoryForASecret) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const auto watch = [](const Limbs& secret) {
    Watched::secrets.insert(Watched::secrets.end(), secret.begin(), secret.end());
  };
  watch(TestKeys::p(key).value());
  watch(TestKeys::q(key).value());
  const Plaintext m =
      encode(pub, Mpz("123456789012345678901234567890123456789012345678901234567890"));
  for (mp_limb_t limb : m.residue()) {
    if (limb != 0) Watched::secrets.push_back(limb);
  }
  std::erase(Watched::secrets, mp_limb_t{0});
  void* (*allocate)(std::size_t);
  void* (*reallocate)(void*, std::size_t, std::size_t);
  void (*release)(void*, std::size_t);
  mp_get_memory_functions(&allocate, &reallocate, &release);
  mp_set_memory_functions(Watched::allocate, Watched::reallocate, Watched::release);
  const SecretKey again = SecretKey::generate(countingSeed(), 2048);
  const Ciphertext c = pub.addPlain(pub.add(pub.encrypt(m), again.encrypt(m)), m);
  const Plaintext decrypted = again.decrypt(pub.subtract(c, pub.rerandomize(c)));
  const bool difference = isZero(decrypted.residue());
  again.decrypt(c);
  const std::size_t blocks = Watched::blocks, leaks = Watched::leaks;
  // The watch itself works: an mpz that held p is found.
  {
    mpz_t careless;
    mpz_init(careless);
    mpz_import(careless, 16, -1, 8, 0, 0, TestKeys::p(key).value().data());
    mpz_clear(careless);
  }
  mp_set_memory_functions(allocate, reallocate, release);
  EXPECT_TRUE(difference);
  EXPECT_GT(blocks, 0u);
  EXPECT_EQ(leaks, 0u);
  EXPECT_GT(Watched::leaks, 0u);
}

TEST(Paillier, OneKeyServesManyThreads) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < 40; ++i) {
        const std::int64_t m = i - 20 + 1000 * static_cast<std::int64_t>(t);
        const Ciphertext c = pub.add(key.encrypt(pub.encode(m)), key.encrypt(pub.encode(i)));
        if (!(decrypt(key, c) == Mpz(m + i))) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace veilsum::paillier
