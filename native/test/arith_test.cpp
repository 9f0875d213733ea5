#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
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

TEST(Ntt, ProductsAreNegacyclic) {
  std::mt19937_64 random(2);
  for (int bits : {20, 36, 46, 50, 55, 60}) {
    for (std::size_t n : {16, 32, 64, 128, 256, 512}) {
      const Word q = largestPrimes(bits, 2 * n, 1)[0];
      const Modulus modulus(q);
      const auto ntt = Ntt::get(n, q);
      const Buffer<Word> a = randomResidues(n, q, random), b = randomResidues(n, q, random);
      Buffer<Word> expected(n);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          const Word product = mulNaive(a[i], b[j], q);
          Word& to = expected[(i + j) % n];
          to = i + j < n ? (to + product) % q : (to + q - product) % q;
        }
      }
      Buffer<Word> x = a.copy(), y = b.copy();
      ntt->forward(x.data());
      ntt->forward(y.data());
      for (std::size_t i = 0; i < n; ++i) x[i] = modulus.mul(x[i], y[i]);
      ntt->inverse(x.data());
      for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(x[i], expected[i]) << "n " << n << " q " << q;
    }
  }
}

TEST(Ntt, LongProductsByMonomialsRotate) {
  std::mt19937_64 random(3);
  for (int bits : {45, 50, 60}) {
    for (std::size_t n : {8192, 65536, 131072}) {
      const Word q = largestPrimes(bits, 2 * n, 1)[0];
      const Modulus modulus(q);
      const auto ntt = Ntt::get(n, q);
      const Buffer<Word> a = randomResidues(n, q, random);
      const std::size_t shift = random() % n;
      Buffer<Word> x = a.copy(), monomial(n);
      monomial[shift] = 1;
      ntt->forward(x.data());
      ntt->forward(monomial.data());
      for (std::size_t i = 0; i < n; ++i) x[i] = modulus.mul(x[i], monomial[i]);
      ntt->inverse(x.data());
      for (std::size_t i = 0; i < n; ++i) {
        const Word expected = i >= shift ? a[i - shift] : (q - a[i + n - shift]) % q;
        ASSERT_EQ(x[i], expected) << "n " << n << " q " << q << " shift " << shift;
      }
    }
  }
}

TEST(Ntt, FusedTransformsAreThePlainOnesWithTheirSteps) {
  std::mt19937_64 random(4);
  for (int bits : {40, 46, 50, 60}) {
    // From the nearest prime, and from the widest modulus that a path may take.
    for (const auto& [n, wide] : std::vector<std::pair<std::size_t, bool>>{
             {16, false}, {64, false}, {128, false}, {4096, false}, {64, true}, {4096, true}}) {
      const auto primes = largestPrimes(bits, 2 * n, 2);
      const Word q = primes[1];
      const Modulus modulus(q);
      const auto ntt = Ntt::get(n, q);
      const Buffer<Word> a = randomResidues(n, q, random), x = randomResidues(n, q, random);
      const Word from = wide ? (Word{1} << 47) - 1 : primes[0];
      if (!ntt->lifts(from)) {
        EXPECT_FALSE(kernel::activeIsa() == kernel::Isa::kAvx512Ifma && bits == 40 && n == 4096);
        continue;
      }
      Buffer<Word> other = randomResidues(n, from, random);
      other[1] = from / 2, other[2] = from / 2 + 1, other[3] = from - 1;
      const ShoupFactor w = modulus.shoup(random() % q);
      const auto lifted = [&](Word r) {
        return (r > from / 2 ? r + (from / q + 1) * q - from : r) % q;
      };
      const auto lazy = [&](Word r) { return (bits <= 50 ? r % (Word{1} << 52) : r) % q; };

      Buffer<Word> plain(n), plain_lifted(n), inverse(n), got(n), work = a.copy();
      for (std::size_t i = 0; i < n; ++i) plain_lifted[i] = lifted(other[i]);
      ntt->forward(a.data(), plain.data());
      ntt->forward(plain_lifted.data());
      ntt->inverse(a.data(), inverse.data());
      const auto check = [&](auto define) {
        for (std::size_t i = 0; i < n; ++i) {
          ASSERT_EQ(got[i], define(i)) << "n " << n << " q " << q << " i " << i;
        }
      };
      ntt->inverse(a.data(), got.data(), w);
      check([&](std::size_t i) { return mulNaive(inverse[i], w.w, q); });
      ntt->forwardLazy(a.data(), got.data());
      for (Word& word : got) word = lazy(word);
      check([&](std::size_t i) { return plain[i]; });
      ntt->forwardLiftedLazy(other.data(), from, got.data());
      for (Word& word : got) word = lazy(word);
      check([&](std::size_t i) { return plain_lifted[i]; });
      ntt->forwardSubtractScale(work.data(), x.data(), w, got.data());
      check([&](std::size_t i) { return mulNaive(x[i] + q - plain[i], w.w, q); });
      ntt->forwardLiftedSubtractScale(other.data(), from, x.data(), w, got.data());
      check([&](std::size_t i) { return mulNaive(x[i] + q - plain_lifted[i], w.w, q); });
    }
  }
}

TEST(Ntt, IsSharedAndChecksItsArguments) {
  const Word q = largestPrimes(40, 131072, 1)[0];
  EXPECT_EQ(Ntt::get(64, q).get(), Ntt::get(64, q).get());
  EXPECT_NE(Ntt::get(64, q).get(), Ntt::get(128, q).get());
  for (std::size_t n : {0, 1, 8, 24, 262144}) EXPECT_THROW(Ntt::get(n, q), Error) << n;
  EXPECT_THROW(Ntt::get(64, q + 2), Error);                 // even
  EXPECT_THROW(Ntt::get(64, Word{12289} * 786433), Error);  // 1 modulo 128, not a prime
  EXPECT_THROW(Ntt::get(131072, 65537), Error);
}

// Values that sit on the edges of words and of q.
std::vector<u128> wideValues(Word q, std::mt19937_64& random) {
  std::vector<u128> values;
  for (u128 base :
       {u128{0}, u128{q}, u128{q} * q, u128{1} << 64, u128{1} << 127, ~u128{0}, ~u128{0} / q * q}) {
    for (u128 d = 0; d < 3; ++d) values.push_back(base + d), values.push_back(base - d);
  }
  for (int i = 0; i < 300; ++i) {
    values.push_back((u128{random()} << 64 | random()) >> (random() % 128));
    values.push_back(u128{random()} * q + (random() % 2 ? q - 1 : 0));
  }
  return values;
}

TEST(Modulus, MatchesPlainDivision) {
  std::mt19937_64 random(4);
  std::vector<Word> moduli = {
      2, 3, 4, 5, 7, 255, 256, 65537, (Word{1} << 61) - 1, (Word{1} << 61) - 2};
  for (int k = 1; k <= 60; ++k) {
    moduli.push_back(Word{1} << k);
    moduli.push_back((Word{1} << k) + 1);
    moduli.push_back((Word{2} << k) - 1);
    moduli.push_back((random() >> (63 - k)) | 2);
  }
  for (Word q : moduli) {
    const Modulus modulus(q);
    ASSERT_EQ(modulus.value(), q);
    ASSERT_EQ(u128{1} << (modulus.bits() - 1) <= q && q < u128{1} << modulus.bits(), true);
    // The ratio is floor(2^128 / q): ratio q <= 2^128 < (ratio + 1) q, compared below 2^128.
    const u128 ratio = u128{modulus.ratioHigh()} << 64 | modulus.ratioLow();
    ASSERT_LT(u128{0} - ratio * q, q) << q;

    for (u128 x : wideValues(q, random)) {
      const auto word = static_cast<Word>(x);
      ASSERT_EQ(modulus.reduce(x), static_cast<Word>(x % q)) << "q " << q;
      ASSERT_EQ(modulus.reduce(word), word % q) << "q " << q << " x " << word;
      const Word a = word % q, b = static_cast<Word>(x >> 64) % q;
      ASSERT_EQ(modulus.add(a, b), static_cast<Word>((u128{a} + b) % q));
      ASSERT_EQ(modulus.sub(a, b), static_cast<Word>((u128{a} + q - b) % q));
      ASSERT_EQ(modulus.neg(a), (q - a) % q);
      ASSERT_EQ(modulus.mul(a, b), mulNaive(a, b, q));
      ASSERT_EQ(modulus.mul(word, modulus.shoup(b)), mulNaive(word % q, b, q));
      const auto sign = static_cast<std::int64_t>(word);
      const __int128 wide = static_cast<__int128>(sign) % static_cast<__int128>(q);
      ASSERT_EQ(modulus.fromSigned(sign), static_cast<Word>(wide < 0 ? wide + q : wide));
    }
  }
  EXPECT_THROW(Modulus(0), Error);
  EXPECT_THROW(Modulus(1), Error);
  EXPECT_THROW(Modulus(Word{1} << 61), Error);
}

TEST(Modulus, PowersAndInverses) {
  std::mt19937_64 random(5);
  for (Word q : {Word{2}, Word{3}, Word{65537}, (Word{1} << 61) - 1}) {
    const Modulus modulus(q);
    EXPECT_EQ(modulus.pow(0, 0), 1u);
    for (int i = 0; i < 50; ++i) {
      const Word a = 1 + random() % (q - 1), e = random();
      EXPECT_EQ(modulus.pow(a, e), powNaive(a, e, q));
      EXPECT_EQ(modulus.mul(a, modulus.inverse(a)), 1u);
    }
  }
}

TEST(Primes, AgreeWithASieve) {
  constexpr std::size_t kLimit = 100000;
  std::vector<bool> composite(kLimit, false);
  for (std::size_t i = 2; i < kLimit; ++i) {
    EXPECT_EQ(isPrime(i), !composite[i]) << i;
    for (std::size_t j = i * i; j < kLimit; j += i) composite[j] = true;
  }
  EXPECT_FALSE(isPrime(0));
  EXPECT_FALSE(isPrime(1));
  // Strong pseudoprimes to the first 1, 2, 3, 4, 5, 8 and 11 primes (OEIS A014233).
  for (Word n : {Word{2047}, Word{1373653}, Word{25326001}, Word{3215031751}, Word{2152302898747},
                 Word{341550071728321}, Word{3825123056546413051}}) {
    EXPECT_FALSE(isPrime(n)) << n;
  }
  EXPECT_TRUE(isPrime((Word{1} << 61) - 1));
  EXPECT_TRUE(isPrime(18446744073709551557u));  // the largest below 2^64
  EXPECT_FALSE(isPrime(18446744073709551615u));
  EXPECT_FALSE(isPrime(Word{4294967291} * 4294967291));
}

TEST(Primes, LargestComeFirstAndAreComplete) {
  const auto primes = largestPrimes(20, 1024, 10);
  std::vector<Word> expected;
  for (Word q = (Word{1} << 20) - 1; expected.size() < 10; --q) {
    if (q % 1024 == 1 && isPrime(q)) expected.push_back(q);
  }
  EXPECT_EQ(primes, expected);
  for (int bits : {30, 46, 61}) {
    for (Word q : largestPrimes(bits, 131072, 5)) {
      EXPECT_EQ(Modulus(q).bits(), bits);
      EXPECT_EQ(q % 131072, 1u);
    }
  }
  EXPECT_EQ(largestPrimes(2, 1, 2), (std::vector<Word>{3, 2}));
  EXPECT_EQ(largestPrimes(17, 65536, 1), (std::vector<Word>{65537}));
  EXPECT_THROW(largestPrimes(17, 65536, 2), Error);
  EXPECT_THROW(largestPrimes(62, 2, 1), Error);
  EXPECT_THROW(largestPrimes(20, Word{1} << 40, 1), Error);
}

TEST(Primes, MinimalRootsAreMinimal) {
  for (Word q : {Word{3}, Word{17}, Word{97}, Word{12289}, Word{65537}}) {
    for (Word order = 2; (q - 1) % order == 0; order *= 2) {
      // x has order exactly `order`, a power of two, if and only if x^(order / 2) = -1.
      Word expected = 2;
      while (powNaive(expected, order / 2, q) != q - 1) ++expected;
      EXPECT_EQ(minimalPrimitiveRoot(order, q), expected) << "order " << order << " q " << q;
    }
  }
  EXPECT_THROW(minimalPrimitiveRoot(64, 97), Error);
  EXPECT_THROW(minimalPrimitiveRoot(6, 97), Error);
}

// A big integer of the test's own: 32-bit limbs, little-endian, schoolbook.
using Big = std::vector<std::uint32_t>;

Big trimmed(Big a) {
  while (!a.empty() && a.back() == 0) a.pop_back();
  return a;
}

Big bigOf(std::span<const Word> words) {
  Big a;
  for (Word word : words) {
    a.push_back(static_cast<std::uint32_t>(word));
    a.push_back(static_cast<std::uint32_t>(word >> 32));
  }
  return trimmed(a);
}

Big times(const Big& a, Word w) {
  Big result;
  u128 carry = 0;
  for (std::uint32_t limb : a) {
    carry += u128{limb} * w;
    result.push_back(static_cast<std::uint32_t>(carry));
    carry >>= 32;
  }
  for (; carry; carry >>= 32) result.push_back(static_cast<std::uint32_t>(carry));
  return trimmed(result);
}

Word modulo(const Big& a, Word q) {
  u128 rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) rest = (rest << 32 | a[i]) % q;
  return static_cast<Word>(rest);
}

int compare(const Big& a, const Big& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Big minus(const Big& a, const Big& b) {
  Big result;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t d = std::int64_t{a[i]} - (i < b.size() ? b[i] : 0) - borrow;
    borrow = d < 0;
    result.push_back(static_cast<std::uint32_t>(d + (borrow << 32)));
  }
  return trimmed(result);
}

std::vector<Word> wordsOf(const Big& a, std::size_t size) {
  std::vector<Word> words(size);
  for (std::size_t i = 0; i < a.size(); ++i) words[i / 2] |= Word{a[i]} << (32 * (i % 2));
  return words;
}

// The value as a long double times 2^-shift, from its leading limbs.
long double approximate(const Big& a, int shift) {
  long double sum = 0;
  for (std::size_t i = a.size() > 4 ? a.size() - 4 : 0; i < a.size(); ++i) {
    sum += std::ldexp(static_cast<long double>(a[i]), static_cast<int>(32 * i) - shift);
  }
  return sum;
}

std::vector<std::vector<Modulus>> bases() {
  std::vector<std::vector<Modulus>> result;
  const auto take = [&](const std::vector<Word>& values) {
    std::vector<Modulus> basis;
    for (Word q : values) basis.emplace_back(q);
    result.push_back(basis);
  };
  take({2});
  take({3});
  take({(Word{1} << 61) - 1});
  take({4, 9, 25, 49});
  take({Word{1} << 60, 15, 77});
  take(largestPrimes(46, 16384, 2));
  take(largestPrimes(46, 65536, 16));
  take(largestPrimes(60, 65536, 17));
  // A product just below 2^128: sums pass the words.
  take({4294967296, 4294967295, 4294967291, 4294967279});
  std::vector<Word> mixed = largestPrimes(60, 16384, 2);
  for (Word q : largestPrimes(20, 16384, 3)) mixed.push_back(q);
  take(mixed);
  return result;
}

TEST(Crt, ComposesAndDecomposes) {
  std::mt19937_64 random(6);
  for (const auto& basis : bases()) {
    const Crt crt(basis);
    Big product = {1};
    for (const Modulus& q : basis) product = times(product, q.value());
    ASSERT_EQ(bigOf(crt.product()), product);
    ASSERT_EQ(crt.words(), (product.size() + 1) / 2);
    ASSERT_NEAR(crt.log2Product(), static_cast<double>(std::log2(approximate(product, 0))), 1e-9);

    std::vector<Word> residues(basis.size()), value(crt.words()), again(basis.size());
    for (int i = 0; i < 400; ++i) {
      for (std::size_t j = 0; j < basis.size(); ++j) {
        residues[j] = i == 0   ? 0
                      : i == 1 ? basis[j].value() - 1  // Q - 1
                      : i == 2 ? basis[j].reduce(Word{1})
                               : random() % basis[j].value();
      }
      crt.compose(residues, value);
      const Big integer = bigOf(value);
      ASSERT_LT(compare(integer, product), 0);
      for (std::size_t j = 0; j < basis.size(); ++j) {
        ASSERT_EQ(modulo(integer, basis[j].value()), residues[j]);
      }
      crt.decompose(value, again);
      ASSERT_EQ(again, residues);
    }
    // Integers of other sizes.
    for (std::size_t size : {0, 1, 2, 9, 40}) {
      std::vector<Word> wide(size);
      for (Word& word : wide) word = random();
      crt.decompose(wide, again);
      for (std::size_t j = 0; j < basis.size(); ++j) {
        ASSERT_EQ(again[j], modulo(bigOf(wide), basis[j].value()));
      }
    }
  }
}

TEST(Crt, CentredDoubles) {
  std::mt19937_64 random(7);
  for (const auto& basis : bases()) {
    const Crt crt(basis);
    const Big product = bigOf(crt.product());
    const Big half = [&] {  // floor(Q / 2)
      Big h = product;
      for (std::size_t i = 0; i < h.size(); ++i) {
        h[i] = h[i] >> 1 | (i + 1 < h.size() ? h[i + 1] << 31 : 0);
      }
      return trimmed(h);
    }();
    std::vector<Big> values = {{}, half, minus(product, {1})};
    if (compare(product, {2}) > 0) values.push_back(minus(product, half)), values.push_back({1});
    std::vector<Word> residues(basis.size()), composed(crt.words());
    for (int i = 0; i < 200; ++i) {
      for (std::size_t j = 0; j < basis.size(); ++j) residues[j] = random() % basis[j].value();
      crt.compose(residues, composed);
      values.push_back(bigOf(composed));
      // Small values of every length, of both signs.
      Big small = bigOf(composed);
      small.resize(small.size() * static_cast<std::size_t>(i % 8) / 8);
      small = trimmed(small);
      values.push_back(small);
      if (!small.empty()) values.push_back(minus(product, small));
    }
    for (const Big& value : values) {
      const bool negative = compare(value, half) > 0;
      const Big magnitude = negative ? minus(product, value) : value;
      for (int shift : {0, 40, 900, -30}) {
        const double got = crt.toCentredDouble(wordsOf(value, crt.words()), shift);
        const long double expected = (negative ? -1.0L : 1.0L) * approximate(magnitude, shift);
        if (magnitude.empty()) {
          ASSERT_EQ(got, 0.0);
        } else if (std::abs(expected) < std::ldexp(1.0L, 1023)) {
          ASSERT_LE(std::abs(got - expected), std::abs(expected) * std::ldexp(1.0L, -52));
        }
      }
    }
  }
}

TEST(Crt, RefusesCommonFactorsAndNothing) {
  EXPECT_THROW(Crt(std::vector<Modulus>{}), Error);
  EXPECT_THROW(Crt(std::vector<Modulus>{Modulus(6), Modulus(35), Modulus(10)}), Error);
  EXPECT_THROW(Crt(std::vector<Modulus>{Modulus(17), Modulus(17)}), Error);
}

}  // namespace
}  // namespace veilsum::arith
