// Batches of Paillier: every kind of randomness, what is prepared, every size of key.

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

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

}  // namespace
}  // namespace veilsum::paillier
