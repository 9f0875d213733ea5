#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "arith/crt.h"
#include "arith/primes.h"
#include "ring/base_convert.h"
#include "ring/poly.h"

namespace veilsum::ring {
namespace {

using arith::u128;
using Rng = std::mt19937_64;
using Words = std::vector<std::uint64_t>;

// Distinct primes of the given sizes, 1 modulo 2n.
Words primesOf(std::size_t n, const std::vector<int>& bits) {
  Words result;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const auto earlier = std::count(bits.begin(), bits.begin() + i, bits[i]);
    result.push_back(arith::largestPrimes(bits[i], 2 * n, earlier + 1).back());
  }
  return result;
}

BasisPtr basisOf(std::size_t n, const std::vector<int>& bits) {
  return Basis::create(n, primesOf(n, bits));
}

template <class Form>
Poly<Form> randomPoly(const BasisPtr& basis, Rng& rng) {
  Poly<Form> result(basis);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    std::uniform_int_distribution<std::uint64_t> word(0, basis->modulus(i).value() - 1);
    for (std::size_t k = 0; k < basis->n(); ++k) result.residue(i)[k] = word(rng);
  }
  return result;
}

template <class Form>
bool equal(const Poly<Form>& a, const Poly<Form>& b) {
  return a.basis() == b.basis() && std::ranges::equal(a.words(), b.words());
}

// a b in Z_q[X]/(X^n + 1), by the definition.
Words schoolbook(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, std::uint64_t q) {
  Words result(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const auto product = static_cast<std::uint64_t>(u128{a[i]} * b[j] % q);
      std::uint64_t& word = result[(i + j) % n];
      word = i + j < n ? (word + product) % q : (word + q - product) % q;
    }
  }
  return result;
}

template <class Call>
void expectCode(Code code, Call call) {
  try {
    call();
    ADD_FAILURE() << "no error where " << codeName(code) << " belongs";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
  }
}

TEST(Basis, PartsAndErrors) {
  const Words primes = primesOf(64, {30, 46, 46, 60});
  const BasisPtr basis = Basis::create(64, primes);
  EXPECT_EQ(basis->primes(), primes);
  EXPECT_EQ(basis->prefix(2)->primes(), Words(primes.begin(), primes.begin() + 2));
  EXPECT_EQ(basis->range(1, 3)->primes(), Words(primes.begin() + 1, primes.begin() + 3));
  EXPECT_TRUE(*basis->prefix(1)->joined(*basis->range(1, 4)) == *basis);
  EXPECT_FALSE(*basis->prefix(3) == *basis);
  EXPECT_NEAR(basis->log2(), 182, 0.01);
  expectCode(Code::kParameterMismatch, [&] { Basis::create(64, Words{}); });
  expectCode(Code::kParameterMismatch, [&] { Basis::create(64, Words{primes[0], primes[0]}); });
  expectCode(Code::kParameterMismatch, [&] { basis->joined(*basis->prefix(1)); });
  expectCode(Code::kOutOfRange, [&] { basis->prefix(0); });
  expectCode(Code::kOutOfRange, [&] { basis->prefix(5); });
}

TEST(Poly, LinearOperations) {
  Rng rng(1);
  const BasisPtr basis = basisOf(128, {20, 30, 46, 50, 60});
  const auto a = randomPoly<Coeff>(basis, rng), b = randomPoly<Coeff>(basis, rng);
  auto sum = a.copy(), difference = a.copy();
  Words scalars;
  for (std::size_t i = 0; i < basis->size(); ++i) scalars.push_back(b.residue(i)[0]);
  addInto(sum, b);
  subInto(difference, b);
  const auto negative = negated(a), multiple = scaled(a, scalars);
  auto in_place = a.copy();
  scale(in_place, scalars);
  EXPECT_TRUE(equal(in_place, multiple));
  EXPECT_TRUE(equal(add(a, b, basis), sum));
  EXPECT_TRUE(equal(sub(a, b, basis), difference));
  const BasisPtr lower = basis->prefix(3);
  EXPECT_TRUE(equal(add(a, b.prefix(4), lower), sum.prefix(3)));
  EXPECT_TRUE(equal(sub(a.prefix(3), b, lower), difference.prefix(3)));
  expectCode(Code::kInternal, [&] { add(a, b.prefix(2), lower); });
  for (std::size_t i = 0; i < basis->size(); ++i) {
    const std::uint64_t q = basis->modulus(i).value();
    for (std::size_t k = 0; k < basis->n(); ++k) {
      const std::uint64_t x = a.residue(i)[k], y = b.residue(i)[k];
      ASSERT_EQ(sum.residue(i)[k], (x + y) % q);
      ASSERT_EQ(difference.residue(i)[k], (x + q - y) % q);
      ASSERT_EQ(negative.residue(i)[k], (q - x) % q);
      ASSERT_EQ(multiple.residue(i)[k], static_cast<std::uint64_t>(u128{x} * scalars[i] % q));
    }
  }
  EXPECT_TRUE(equal(negated(Poly<Coeff>(basis)), Poly<Coeff>(basis)));
  EXPECT_TRUE(equal(a.prefix(2), a.copy().prefix(2)));
  expectCode(Code::kParameterMismatch, [&] { addInto(sum, b.prefix(2)); });
  expectCode(Code::kParameterMismatch, [&] { scale(sum, Words{1}); });
}

TEST(Poly, ProductsMatchTheSchoolbook) {
  Rng rng(2);
  for (const std::size_t n : {16, 64, 256}) {
    const BasisPtr basis = basisOf(n, {30, 46, 60});
    const auto a = randomPoly<Coeff>(basis, rng), b = randomPoly<Coeff>(basis, rng);
    const auto c = randomPoly<Coeff>(basis, rng);
    const auto a_eval = toEval(a.copy()), b_eval = toEval(b.copy());
    auto in_place = a_eval.copy();
    mulInto(in_place, b_eval);
    const auto product = mul(a_eval, b_eval);
    EXPECT_TRUE(equal(in_place, product));
    auto sum = toEval(c.copy());
    mulAddInto(sum, a_eval, b_eval);
    const auto product_coeff = toCoeff(product.copy());
    auto sum_coeff = toCoeff(std::move(sum));
    subInto(sum_coeff, c);
    EXPECT_TRUE(equal(sum_coeff, product_coeff));
    for (std::size_t i = 0; i < basis->size(); ++i) {
      const Words expected = schoolbook(a.residue(i), b.residue(i), n, basis->modulus(i).value());
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), product_coeff.residue(i)));
    }
  }
}

TEST(Automorphism, FormsAgreeWithTheDefinitionAndCompose) {
  Rng rng(3);
  const std::size_t n = 64;
  const BasisPtr basis = basisOf(n, {30, 46});
  const auto a = randomPoly<Coeff>(basis, rng), b = randomPoly<Coeff>(basis, rng);
  const auto a_eval = toEval(a.copy());
  for (std::uint64_t g = 1; g < 2 * n; g += 2) {
    const auto image = automorphism(a, g);
    for (std::size_t i = 0; i < basis->size(); ++i) {
      const std::uint64_t q = basis->modulus(i).value();
      Words expected(n, 0);
      for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t word = a.residue(i)[k];
        expected[k * g % n] = (k * g / n) % 2 == 0 ? word : (q - word) % q;
      }
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), image.residue(i))) << g;
    }
    ASSERT_TRUE(equal(toEval(image.copy()), automorphism(a_eval, g))) << g;
    const std::uint64_t h = (g * g + 2) % (2 * n);
    ASSERT_TRUE(equal(automorphism(image, h), automorphism(a, g * h % (2 * n))));
    ASSERT_TRUE(
        equal(automorphism(automorphism(a_eval, g), h), automorphism(a_eval, g * h % (2 * n))));
  }
  EXPECT_TRUE(equal(automorphism(a, 1), a));
  for (const std::uint64_t g : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{2 * n + 1}}) {
    expectCode(Code::kOutOfRange, [&] { automorphism(a, g); });
    expectCode(Code::kOutOfRange, [&] { automorphism(a_eval, g); });
  }
}

// More permutations than the cache holds, from several threads.
TEST(Automorphism, CacheIsSafeToShare) {
  const std::size_t n = 131072;
  const BasisPtr basis = basisOf(n, {30});
  Rng rng(4);
  const auto a = randomPoly<Eval>(basis, rng);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t g = 3; g < 280; g += 4) {
        std::uint64_t inverse = g;  // g x = 1 modulo 2n, by Newton's iteration
        for (int i = 0; i < 5; ++i) inverse *= 2 - g * inverse;
        const auto back = automorphism(automorphism(a, g), inverse % (2 * n));
        wrong[t] += !equal(back, a);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

// A big integer as little-endian words: what the conversions are checked against.
std::uint64_t moduloWord(std::span<const std::uint64_t> value, std::uint64_t q) {
  u128 remainder = 0;
  for (std::size_t i = value.size(); i-- > 0;) remainder = ((remainder << 64) | value[i]) % q;
  return static_cast<std::uint64_t>(remainder);
}

Words doubled(std::span<const std::uint64_t> value) {
  Words result(value.size() + 1, 0);
  for (std::size_t i = 0; i < value.size(); ++i) {
    result[i] |= value[i] << 1;
    result[i + 1] = value[i] >> 63;
  }
  return result;
}

bool less(const Words& a, const Words& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

std::vector<arith::Modulus> moduliOf(const Basis& basis) {
  std::vector<arith::Modulus> result;
  for (std::size_t i = 0; i < basis.size(); ++i) result.push_back(basis.modulus(i));
  return result;
}

// Sets coefficient k to an integer, reduced modulo every prime.
void setCoefficient(Poly<Coeff>& x, std::size_t k, std::span<const std::uint64_t> value,
                    bool negative = false) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::uint64_t q = x.basis().modulus(i).value(), r = moduloWord(value, q);
    x.residue(i)[k] = negative ? (q - r) % q : r;
  }
}

// Random values, and at the front the edges: 0, 1, -1, (Q - 1) / 2, (Q + 1) / 2, and a power of two
// below Q / 2 that lies well inside.
Poly<Coeff> randomWithEdges(const BasisPtr& basis, Rng& rng) {
  auto x = randomPoly<Coeff>(basis, rng);
  const arith::Crt crt(moduliOf(*basis));
  Words half(crt.product().begin(), crt.product().end());
  for (std::size_t i = 0; i < half.size(); ++i) {
    half[i] = (half[i] >> 1) | (i + 1 < half.size() ? half[i + 1] << 63 : 0);
  }
  const Words one{1};
  setCoefficient(x, 0, Words{0});
  setCoefficient(x, 1, one);
  setCoefficient(x, 2, one, true);
  setCoefficient(x, 3, half);
  setCoefficient(x, 4, half, true);
  return x;
}

struct Conversion {
  std::vector<int> from, to;
};

const Conversion kConversions[] = {
    {{46}, {46, 30, 60}},         {{60}, {20, 30, 46, 60}},
    {{30, 30}, {60, 60}},         {{46, 46, 46}, {46, 45}},
    {{60, 60, 60, 60}, {60, 30}}, {{20, 60, 46}, {50, 52, 53}},
    {{52, 53, 51, 50}, {46}},     {{45, 45, 45, 45, 45, 45, 45, 45}, {46, 46, 46, 46}},
};

TEST(BaseConverter, MatchesBigIntegers) {
  Rng rng(5);
  const std::size_t n = 512;
  for (const Conversion& sizes : kConversions) {
    std::vector<int> all = sizes.from;
    all.insert(all.end(), sizes.to.begin(), sizes.to.end());
    const BasisPtr both = basisOf(n, all);
    const BasisPtr from = both->prefix(sizes.from.size());
    const BasisPtr to = both->range(sizes.from.size(), both->size());
    const BaseConverter converter(from, to);
    const auto x = randomWithEdges(from, rng);
    const auto y = converter.convert(x);
    ASSERT_TRUE(y.basis() == *to);

    const arith::Crt crt(moduliOf(*from));
    const Words product(crt.product().begin(), crt.product().end());
    Words product_wide = product;
    product_wide.push_back(0);
    for (std::size_t k = 0; k < n; ++k) {
      Words residues, value(crt.words());
      for (std::size_t i = 0; i < from->size(); ++i) residues.push_back(x.residue(i)[k]);
      crt.compose(residues, value);
      const bool negative = less(product_wide, doubled(value));
      // At (Q +- 1) / 2 a product of several primes may give the neighbour, for all b_j alike.
      const bool edge = (k == 3 || k == 4) && from->size() > 1;
      std::set<bool> possible{negative};
      if (edge) possible.insert(!negative);
      for (std::size_t j = 0; j < to->size(); ++j) {
        const std::uint64_t b = to->modulus(j).value();
        for (auto sign = possible.begin(); sign != possible.end();) {
          const std::uint64_t expected =
              (moduloWord(value, b) + (*sign ? b - moduloWord(product, b) : 0)) % b;
          sign = y.residue(j)[k] == expected ? std::next(sign) : possible.erase(sign);
        }
      }
      ASSERT_FALSE(possible.empty()) << from->size() << " primes, coefficient " << k;
    }
  }
}

TEST(BaseConverter, IsOddAndTakesRowsApart) {
  Rng rng(6);
  const std::size_t n = 1024;
  for (const Conversion& sizes : kConversions) {
    std::vector<int> all = sizes.from;
    all.insert(all.end(), sizes.to.begin(), sizes.to.end());
    const BasisPtr both = basisOf(n, all);
    const BasisPtr from = both->prefix(sizes.from.size());
    const BasisPtr to = both->range(sizes.from.size(), both->size());
    const BaseConverter converter(from, to);
    const auto x = randomWithEdges(from, rng);
    const auto y = converter.convert(x), z = converter.convert(negated(x));
    Poly<Coeff> apart(to);
    std::vector<const std::uint64_t*> in;
    std::vector<std::uint64_t*> out;
    for (std::size_t i = 0; i < from->size(); ++i) in.push_back(x.residue(i));
    for (std::size_t j = 0; j < to->size(); ++j) out.push_back(apart.residue(j));
    converter.convert(in, out);
    EXPECT_TRUE(equal(apart, y));
    EXPECT_TRUE(equal(negated(y), z)) << from->size() << " primes";
  }
  const BasisPtr a = basisOf(64, {30}), b = basisOf(128, {40});
  expectCode(Code::kParameterMismatch, [&] { BaseConverter(a, b); });
  expectCode(Code::kParameterMismatch,
             [&] { BaseConverter(a, a).convert(Poly<Coeff>(basisOf(64, {31}))); });
}

struct Quotient {
  std::vector<int> bits;
  std::size_t count;
};

const Quotient kQuotients[] = {
    {{46, 46}, 1},         {{60, 60, 60}, 1},
    {{30, 60, 20}, 1},     {{46, 46, 46, 46}, 2},
    {{30, 60}, 1},         {{50, 45, 45, 46, 46}, 3},
    {{60, 60, 60, 60}, 3}, {{46, 46, 46, 46, 46, 46, 46}, 4},
};

// round(x / D) by 128-bit integers, for x that fit.
TEST(Division, RoundsToTheNearestInteger) {
  Rng rng(7);
  const std::size_t n = 256;
  for (const std::vector<int>& bits :
       {std::vector<int>{46, 46, 30}, {40, 40, 40}, {60, 60, 60}, {46, 20, 30}, {46, 30, 46}}) {
    for (std::size_t count = 1; count < 3; ++count) {
      const BasisPtr basis = basisOf(n, bits);
      __int128 divisor = 1;
      for (std::size_t i = bits.size() - count; i < bits.size(); ++i) {
        divisor *= basis->modulus(i).value();
      }
      Poly<Coeff> x(basis);
      std::vector<__int128> expected(n);
      for (std::size_t k = 0; k < n; ++k) {
        // Within 2^124, and at first right beside multiples and (one prime) half-multiples of D.
        __int128 value = static_cast<__int128>((u128{rng()} << 64) | rng()) >> (3 + rng() % 90);
        if (k < 16) value = divisor * static_cast<int>(k % 4) + static_cast<int>(k / 4) - 2;
        if (k >= 16 && k < 24 && count == 1) {
          value = divisor / 2 + static_cast<int>(k % 4) - 1;
          if (k >= 20) value = -value;
        }
        const __int128 shifted = value + (divisor - 1) / 2;
        expected[k] = shifted / divisor - (shifted % divisor < 0 ? 1 : 0);
        for (std::size_t i = 0; i < x.size(); ++i) {
          const __int128 q = basis->modulus(i).value();
          x.residue(i)[k] = static_cast<std::uint64_t>((value % q + q) % q);
        }
      }
      const auto y = divideAndRound(x, count);
      ASSERT_EQ(y.size(), bits.size() - count);
      for (std::size_t i = 0; i < y.size(); ++i) {
        const __int128 q = basis->modulus(i).value();
        for (std::size_t k = 0; k < n; ++k) {
          ASSERT_EQ(y.residue(i)[k], static_cast<std::uint64_t>((expected[k] % q + q) % q))
              << bits.size() << " primes, " << count << " dropped, coefficient " << k;
        }
      }
    }
  }
}

TEST(Division, FormsAgreeAndSatisfyTheEquation) {
  Rng rng(8);
  const std::size_t n = 1024;
  for (const Quotient& shape : kQuotients) {
    const BasisPtr basis = basisOf(n, shape.bits);
    const std::size_t kept = shape.bits.size() - shape.count;
    const auto x = randomPoly<Coeff>(basis, rng);
    const auto y = divideAndRound(x, shape.count);
    const auto y_eval = divideAndRound(toEval(x.copy()), shape.count);
    EXPECT_TRUE(equal(toEval(y.copy()), y_eval));
    const arith::Crt crt(moduliOf(*basis->range(kept, basis->size())));
    Words product(crt.product().begin(), crt.product().end());
    for (std::size_t k = 0; k < n; ++k) {
      Words residues, remainder(crt.words());
      for (std::size_t i = kept; i < x.size(); ++i) residues.push_back(x.residue(i)[k]);
      crt.compose(residues, remainder);
      Words wide = product;
      wide.push_back(0);
      const bool negative = less(wide, doubled(remainder));
      for (std::size_t i = 0; i < kept; ++i) {  // y D + [x]_D = x
        const std::uint64_t q = basis->modulus(i).value();
        const std::uint64_t d = moduloWord(product, q);
        std::uint64_t r = moduloWord(remainder, q);
        if (negative) r = (r + q - d) % q;
        ASSERT_EQ(static_cast<std::uint64_t>((u128{y.residue(i)[k]} * d + r) % q), x.residue(i)[k]);
      }
    }
  }
  const BasisPtr basis = basisOf(64, {30, 31});
  expectCode(Code::kOutOfRange, [&] { divideAndRound(Poly<Coeff>(basis), 2); });
  expectCode(Code::kOutOfRange, [&] { divideAndRound(Poly<Eval>(basis), 0); });
}

}  // namespace
}  // namespace veilsum::ring
