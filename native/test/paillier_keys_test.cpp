// Keys of Paillier: derived from seeds, refused where they are bad, and secrets kept out of GMP's
// memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

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

}  // namespace
}  // namespace veilsum::paillier
