#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "arith/crt.h"
#include "arith/modulus.h"
#include "arith/ntt.h"
#include "arith/primes.h"
#include "base/buffer.h"

namespace veilsum::arith {
namespace {

using Word = std::uint64_t;

std::size_t reversed(std::size_t i, std::size_t n) {
  std::size_t r = 0;
  for (std::size_t bit = 1; bit < n; bit *= 2, i /= 2) r = 2 * r + (i & 1);
  return r;
}

Word mulNaive(Word a, Word b, Word q) { return static_cast<Word>(u128{a} * b % q); }

Word powNaive(Word base, Word exponent, Word q) {
  Word result = 1;
  for (; exponent; exponent >>= 1, base = mulNaive(base, base, q)) {
    if (exponent & 1) result = mulNaive(result, base, q);
  }
  return result;
}

Buffer<Word> randomResidues(std::size_t n, Word q, std::mt19937_64& random) {
  Buffer<Word> a(n);
  for (Word& x : a) x = random() % q;
  return a;
}

// The value of a polynomial at x, by Horner's rule.
Word evaluate(const Buffer<Word>& a, Word x, Word q) {
  Word sum = 0;
  for (std::size_t i = a.size(); i-- > 0;) sum = (mulNaive(sum, x, q) + a[i]) % q;
  return sum;
}

TEST(Ntt, IsEvaluationAtOddPowersOfPsi) {
  std::mt19937_64 random(1);
  for (int bits : {20, 30, 36, 40, 45, 46, 47, 50, 51, 55, 60}) {
    for (std::size_t n = 16; n <= 131072; n *= 2) {
      if (bits == 20 && n > 16384) continue;
      const Word q = largestPrimes(bits, 2 * n, 1)[0];
      const auto ntt = Ntt::get(n, q);
      ASSERT_EQ(powNaive(ntt->psi(), n, q), q - 1);
      const Buffer<Word> a = randomResidues(n, q, random);
      Buffer<Word> b = a.copy();
      ntt->forward(b.data());
      // All points of the short transforms, some of the long ones.
      for (std::size_t k = 0; k < std::min<std::size_t>(n, 128); ++k) {
        const std::size_t i = n <= 128 ? k : (k == 0 ? n - 1 : random() % n);
        if (n > 4096 && k >= 4) break;
        const Word point = powNaive(ntt->psi(), 2 * reversed(i, n) + 1, q);
        ASSERT_EQ(b[i], evaluate(a, point, q)) << "n " << n << " q " << q << " i " << i;
      }
      ntt->inverse(b.data());
      for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(b[i], a[i]) << "n " << n << " q " << q;
    }
  }
}

}  // namespace
}  // namespace veilsum::arith
