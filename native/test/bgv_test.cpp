// BGV over a table of parameter sets: every operation against the cleartext twin, products against
// schoolbook arithmetic, mixed with BFV; the noise bound at every depth; which level a product
// takes.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bfv/noise.h"
#include "bgv_cases.h"

namespace veilsum::bgv::testing {
namespace {

using bfv::log2NoiseAt;
using bfv::noiseBudgetBits;
using bfv::Plaintext;

template <class F>
Code codeOf(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::kInternal;  // nothing was thrown
}

double measured(const Ciphertext& c, const rlwe::SecretKey& secret) {
  return bfv::log2MeasuredNoise(toBfv(c.copy()), secret);
}

struct Set {
  Case sizes;
  bool for_bgv;  ///< a chain of small kappas
};

bfv::ContextPtr contextOf(const Set& set) {
  return set.for_bgv ? contextForBgv(set.sizes) : bfv::testing::contextOf(set.sizes);
}

std::vector<Set> sets() {
  const std::vector<int> seal(7, 60), q6(6, 46);
  return {
      {{"t65537", 2048, {46, 34, 34, 36}, {30}, 1, 0, 65537}, true},
      {{"t22Bits", 2048, {46, 44, 42, 42}, {42, 42}, 2, 0, 3735553}, true},
      {{"t30Bits", 1024, {60, 50, 50, 50}, {46}, 1, 30}, true},
      {{"t2", 2048, {40, 30, 30}, {30}, 1, 0, 2}, false},
      {{"t3", 2048, {40, 40, 40}, {41}, 1, 0, 3}, false},
      {{"t65537OfBfv", 2048, {46, 46, 46, 46}, {46}, 1, 0, 65537}, false},
      {{"t20OfSeal", 2048, seal, {60}, 1, 20}, false},
      {{"t40OfBfv", 2048, q6, {46, 46}, 2, 40}, false},
      {{"t2pow16", 2048, {46, 46, 46, 46}, {46}, 1, 0, std::uint64_t{1} << 16}, false},
      {{"tComposite", 2048, q6, {46, 46}, 2, 0, 1000000}, false},
  };
}

class Bgv : public ::testing::TestWithParam<Set> {
 protected:
  // The result is exact, and its public bound holds.
  void expect(const Ciphertext& c, const Clear& m, const char* what) {
    EXPECT_EQ(s.decrypted(c), m.m) << what;
    EXPECT_LE(measured(c, s.secret), c.log2_noise) << what;
    EXPECT_GE(noiseBudgetBits(c), 0) << what;
  }

  std::uint64_t left3 = rlwe::galoisElement(GetParam().sizes.n, 3);
  std::uint64_t right1 = rlwe::galoisElement(GetParam().sizes.n, -1);
  std::uint64_t swap = rlwe::galoisElementOfConjugation(GetParam().sizes.n);
  Setting s{contextOf(GetParam()), {left3, right1, swap}};
};

TEST_P(Bgv, IsBfvInEvalForm) {
  const Clear m = s.edgeClear();
  bfv::Ciphertext a = bfv::encrypt(s.plain(m), s.secret, s.context->maxLevel());
  const bfv::Ciphertext original = a.copy();
  const Ciphertext c = fromBfv(std::move(a));
  expect(c, m, "from BFV");
  EXPECT_TRUE(c.body.seed.has_value());
  const bfv::Ciphertext back = toBfv(c.copy());
  EXPECT_EQ(back.body.seed, original.body.seed);
  EXPECT_EQ(back.log2_noise, original.log2_noise);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(std::ranges::equal(back.body.parts[i].words(), original.body.parts[i].words()));
  }
  const Ciphertext fresh = bgv::encrypt(s.plain(m), s.public_key, s.context->maxLevel());
  expect(fresh, m, "public key");
  EXPECT_EQ(fresh.log2_noise, bfv::log2FreshPublicNoise(*s.context));
  EXPECT_EQ(codeOf([&] { bgv::encrypt(s.plain(m), s.public_key, s.context->maxLevel() + 1); }),
            Code::kDepth);
}

TEST_P(Bgv, AddsAndCombinesWithPlaintexts) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.edgeClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2);
  const Ciphertext c = bgv::encrypt(s.plain(m3), s.secret, s.context->maxLevel());
  expect(add(a, b), m1 + m2, "add");
  expect(sub(a, b), m1 - m2, "sub");
  expect(negate(a), -m1, "negate");
  const Ciphertext* terms[] = {&a, &b, &c, &a};
  expect(sum(CiphertextRefs(terms)), m1 + m2 + m3 + m1, "sum");
  EXPECT_FALSE(add(c, c).body.seed.has_value());

  const Plaintext p = s.plain(m2);
  expect(addPlain(a, p), m1 + m2, "addPlain");
  expect(subPlain(a, p), m1 - m2, "subPlain");
  for (std::int64_t k : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{41},
                         -(std::int64_t{1} << 40)}) {
    expect(addScalar(a, k), m1.plus(k), "addScalar");
    expect(multiplyScalar(a, k), m1.times(k), "multiplyScalar");
  }
  const bfv::EvalPlaintext q = bfv::prepare(p, s.context->maxLevel());
  const bfv::EvalPlaintext r = bfv::prepare(s.plain(m3), s.context->maxLevel());
  expect(multiplyPlain(a, q), m1 * m2, "multiplyPlain");
  expect(multiplyPlain(modSwitchTo(a, s.context->maxLevel() - 1), q), m1 * m2,
         "a prepared plaintext at a lower level");
  const Ciphertext* left[] = {&a, &b};
  const bfv::EvalPlaintext* right[] = {&q, &r};
  expect(innerProductPlain(left, right), m1 * m2 + m2 * m3, "innerProductPlain");
  EXPECT_EQ(codeOf([&] { innerProductPlain(left, {right, 1}); }), Code::kUsage);
}

TEST_P(Bgv, Multiplies) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.randomClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2), c = s.encrypted(m3);
  const Clear m12 = m1 * m2, m11 = m1 * m1;
  const Ciphertext ab = multiply(a, b);
  EXPECT_EQ(ab.degree(), 2u);
  expect(ab, m12, "multiply");
  expect(relinearize(ab, s.keys), m12, "relinearize");
  expect(multiplyRelinearize(a, b, s.keys), m12, "multiplyRelinearize");
  expect(square(a), m11, "square");
  expect(multiplyRelinearize(a, a, s.keys), m11, "relinearized square");
  expect(add(ab, c), m12 + m3, "degrees 2 and 1");
  expect(sub(c, ab), m3 - m12, "degrees 1 and 2");
  expect(addPlain(ab, s.plain(m3)), m12 + m3, "degree 2 and a plaintext");
  expect(multiply(a, modSwitchTo(b, s.context->maxLevel() - 1)), m12, "mixed levels");

  const Clear expected = m12 + m1 * m3 + m3 * m3;
  const Ciphertext* left[] = {&a, &a, &c};
  const Ciphertext* right[] = {&b, &c, &c};
  const Ciphertext one = innerProduct(left, right);
  expect(one, expected, "innerProduct");
  expect(relinearize(one, s.keys), expected, "innerProduct, relinearized");
  const std::vector<const Ciphertext*> many_left(150, &a), many_right(150, &b);
  expect(innerProduct(many_left, many_right), m12.times(150), "in several runs");

  EXPECT_EQ(codeOf([&] { multiply(ab, c); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { innerProduct({left, 2}, right); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { relinearize(ab, rlwe::EvaluationKeys{}); }), Code::kMissingKey);
}

TEST_P(Bgv, AppliesAutomorphisms) {
  const Clear m = s.randomClear();
  const Ciphertext a = s.encrypted(m);
  expect(rotateRows(a, 3, s.keys), m.galois(left3), "left by 3");
  expect(rotateColumns(a, s.keys), m.galois(swap), "row swap");
  const std::int64_t steps[] = {-1, 0, 3};
  const auto hoisted = rotateRowsHoisted(a, std::span<const std::int64_t>(steps), s.keys);
  ASSERT_EQ(hoisted.size(), 3u);
  expect(hoisted[0], m.galois(right1), "right by 1");
  expect(hoisted[1], m, "by nothing");
  expect(hoisted[2], m.galois(left3), "left by 3, hoisted");
  EXPECT_EQ(codeOf([&] { rotateRows(a, 5, s.keys); }), Code::kMissingKey);
}

// A circuit that goes from one scheme to the other and back.
TEST_P(Bgv, MixesWithBfv) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear();
  const bfv::Ciphertext a = static_cast<bfv::testing::Setting&>(s).encrypted(m1);
  const bfv::Ciphertext b = static_cast<bfv::testing::Setting&>(s).encrypted(m2);
  const Ciphertext product = multiplyRelinearize(fromBfv(a.copy()), fromBfv(b.copy()), s.keys);
  const bfv::Ciphertext sum = bfv::add(toBfv(product.copy()), b);
  expect(fromBfv(sum.copy()), m1 * m2 + m2, "a BGV product and a BFV sum");
  const bfv::Ciphertext high = bfv::multiplyRelinearize(a, b, s.keys);
  const Ciphertext mixed = add(fromBfv(high.copy()), product);
  expect(mixed, (m1 * m2).times(2), "products of both");
}

TEST_P(Bgv, KappaTakesTheModulusOutOfAProduct) {
  const bfv::Context& context = *s.context;
  const arith::Modulus& t = context.plainModulus();
  for (std::size_t level = 0; level <= context.maxLevel(); ++level) {
    const auto primes = context.rlwe()->basisQ(level)->primes();
    const std::int64_t kappa = productFactor(context, level);
    EXPECT_EQ(t.mul(t.fromSigned(kappa), productModulo(primes, t)), t.value() - 1);
    EXPECT_LE(2 * std::abs(kappa), static_cast<std::int64_t>(t.value()));
    if (GetParam().for_bgv && level > 0) {
      EXPECT_LE(std::abs(kappa), 16);
    }
  }
}

// Products until the bound refuses: all of them exact, and the bound near the noise. It is within 4
// bits a level where chains are made for BGV: rounding sets the noise anew at each. Elsewhere a
// square doubles the bits that the bound was off by, since it doubles all bits of noise.
TEST_P(Bgv, EveryDepthThatIsAllowedIsExact) {
  constexpr double kSlackBitsPerLevel = 4;
  for (const bool squares : {true, false}) {
    Clear m = s.randomClear();
    const Clear factor = s.edgeClear();
    Ciphertext c = s.encrypted(m);
    const Ciphertext fresh = bgv::encrypt(s.plain(factor), s.secret, s.context->maxLevel());
    int depth = 0;
    double slack = 0;
    for (;; ++depth) {
      ASSERT_LT(depth, 40);
      Ciphertext next;
      try {
        next = multiplyRelinearize(c, squares ? c : fresh, s.keys);
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), Code::kNoiseBudget);
        break;
      }
      c = std::move(next);
      m = squares ? m * m : m * factor;
      ASSERT_EQ(s.decrypted(c), m.m) << "depth " << depth + 1;
      const double before = slack;
      slack = c.log2_noise - measured(c, s.secret);
      EXPECT_GE(slack, 0);
      EXPECT_LE(slack, GetParam().for_bgv ? kSlackBitsPerLevel * (depth + 2)
                                          : 2 * before + 2 * kSlackBitsPerLevel);
      EXPECT_GE(noiseBudgetBits(c), 0);
    }
    std::cout << (squares ? "squares" : "products") << ": depth " << depth << ", " << slack
              << " bits between bound and noise, level " << c.level() << ", budget "
              << noiseBudgetBits(c) << "\n";
    EXPECT_GE(depth, 1);
    if (GetParam().for_bgv) {
      EXPECT_GE(depth, static_cast<int>(s.context->maxLevel()));
    }
  }
}

// The level that a product takes is the one with the least noise relative to Q, and what it says
// of that noise is what the product at that level has.
TEST_P(Bgv, ProductsTakeTheLevelOfLeastNoise) {
  const Clear m = s.randomClear();
  const Ciphertext a = s.encrypted(m);
  // Noise of 2^26 or more, as after sums or products with plaintexts.
  const Ciphertext noisy = multiplyScalar(a, s.context->t() > 1000 ? 499 : 1);
  for (const Ciphertext* c : {&a, &noisy}) {
    const Ciphertext* operands[] = {c};
    const std::size_t chosen = productLevel(operands, operands);
    EXPECT_EQ(square(*c).level(), chosen);
    const auto relative = [&](std::size_t level) {
      return log2ProductNoise(operands, operands, level) - s.context->rlwe()->basisQ(level)->log2();
    };
    for (std::size_t level = 0; level <= c->level(); ++level) {
      EXPECT_LE(relative(chosen), relative(level));
      const Ciphertext down = modSwitchTo(*c, std::max(level, std::size_t{1}));
      const Ciphertext* lowered[] = {&down};
      EXPECT_NEAR(log2ProductNoise(lowered, lowered, down.level()),
                  log2ProductNoise(operands, operands, down.level()), 1e-9);
    }
    const Ciphertext product = multiplyRelinearize(*c, *c, s.keys);
    EXPECT_EQ(productLevel(std::vector{&product}, std::vector{&product}), product.level())
        << "a product is left where the next one wants it";
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Bgv, ::testing::ValuesIn(sets()),
                         [](const auto& param) { return std::string(param.param.sizes.name); });

// t kappa (c_0 + c_1 Y)(d_0 + d_1 Y), by the schoolbook, modulo each prime.
TEST(BgvMultiplication, AgreesWithTheSchoolbook) {
  Setting s(bfv::testing::contextOf({"", 1024, {46, 44}, {46}, 1, 0, 65537}));
  const bfv::Ciphertext a = static_cast<bfv::testing::Setting&>(s).encrypted(s.randomClear());
  const bfv::Ciphertext b = static_cast<bfv::testing::Setting&>(s).encrypted(s.randomClear());
  const Ciphertext *x, *y;
  const Ciphertext ea = fromBfv(a.copy()), eb = fromBfv(b.copy());
  x = &ea;
  y = &eb;
  Ciphertext product;
  try {
    product = multiply(*x, *y);
  } catch (const Error& e) {
    FAIL() << e.what();
  }
  ASSERT_EQ(product.level(), 1u);
  const bfv::Ciphertext result = toBfv(std::move(product));
  for (std::size_t i = 0; i < 2; ++i) {
    const arith::Modulus& q = a.body.parts[0].basis().modulus(i);
    const std::uint64_t factor = q.mul(65537, q.fromSigned(productFactor(*s.context, 1)));
    std::vector<std::vector<std::uint64_t>> tensor(3, std::vector<std::uint64_t>(a.context->n()));
    for (std::size_t j = 0; j < 2; ++j) {
      for (std::size_t k = 0; k < 2; ++k) {
        const auto residues = [&](const bfv::Ciphertext& c, std::size_t part) {
          const std::uint64_t* row = c.body.parts[part].residue(i);
          return Clear{q, std::vector<std::uint64_t>(row, row + c.context->n())};
        };
        const Clear term = residues(a, j) * residues(b, k);
        for (std::size_t n = 0; n < term.m.size(); ++n) {
          tensor[j + k][n] = q.add(tensor[j + k][n], q.mul(term.m[n], factor));
        }
      }
    }
    for (std::size_t part = 0; part < 3; ++part) {
      EXPECT_TRUE(std::ranges::equal(
          std::span(result.body.parts[part].residue(i), tensor[part].size()), tensor[part]));
    }
  }
}

TEST(BgvContexts, PresetsHaveSmallKappas) {
  const auto kappas = [](const bfv::ContextPtr& context) {
    std::vector<std::int64_t> all;
    for (std::size_t l = 1; l <= context->maxLevel(); ++l) {
      all.push_back(productFactor(*context, l));
    }
    return all;
  };
  EXPECT_EQ(kappas(contextForBgv(layoutA())), (std::vector<std::int64_t>{1, 1, -2, 1}));
  EXPECT_EQ(kappas(contextForBgv(layoutB())), (std::vector<std::int64_t>{1, -2, 1, 3, 1, 3, 1}));
}

}  // namespace
}  // namespace veilsum::bgv::testing
