// Paillier against computations of the textbook formulas by GMP: encryption, decryption,
// evaluation, refusals.

#include <gtest/gtest.h>

#include <span>
#include <thread>
#include <vector>

#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

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
