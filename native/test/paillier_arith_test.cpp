// Arithmetic of Paillier against GMP: multiplication, powers and inverses in constant time,
// primality.

#include <gtest/gtest.h>

#include "paillier/primes.h"
#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

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

}  // namespace
}  // namespace veilsum::paillier
