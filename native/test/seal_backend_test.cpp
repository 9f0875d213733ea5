// Microsoft SEAL on the core's objects against the core and the twin in the clear: results, public
// bounds against the measured noise, transparent results, and what SEAL cannot do.

#include <gtest/gtest.h>

#include <algorithm>

#include "bfv_cases.h"
#include "ckks_instance.h"
#include "seal_backend/bfv.h"
#include "seal_backend/ckks.h"

namespace veilsum::seal_backend {
namespace {

namespace bt = bfv::testing;

const std::vector<bt::Case>& bfvCases() {
  static const std::vector<bt::Case> table = {
      {"t2", 2048, {46, 46, 46}, {46}, 1, 0, 2},
      {"t65537", 4096, {36, 36, 37, 37}, {38}, 1, 0, 65537},
      {"t20Seal60", 2048, {60, 60, 60}, {60}, 1, 20},
      {"t20Bits30", 2048, {30, 30, 30, 30, 30, 30, 30}, {30}, 1, 20},
      {"t54", 2048, {46, 46, 46, 46, 46}, {46}, 1, 54},
      {"t2pow16", 2048, {46, 46, 46, 46}, {46}, 1, 0, std::uint64_t{1} << 16},
      {"tComposite", 2048, {46, 46, 46, 46}, {46}, 1, 0, 1000000},
  };
  return table;
}

class SealBfv : public ::testing::TestWithParam<bt::Case> {
 protected:
  std::uint64_t left1 = rlwe::galoisElement(GetParam().n, 1);
  bt::Setting s{GetParam(), {left1}};
  EnginePtr engine = Engine::bfv(s.context);
  SwitchKeys keys = toSeal(*engine, s.keys);

  // Right by both decryptions, and the true noise is within the bound.
  void check(const bfv::Ciphertext& c, const bt::Clear& expected, const char* what) {
    EXPECT_EQ(s.decrypted(c), expected.m) << what;
    const bfv::Plaintext p = bfv_engine::decrypt(*engine, c, s.secret);
    EXPECT_TRUE(std::equal(p.coefficients.begin(), p.coefficients.end(), expected.m.begin()))
        << what;
    EXPECT_LE(bfv::log2MeasuredNoise(c, s.secret), c.log2_noise) << what;
  }

  bfv::Ciphertext product(const bfv::Ciphertext& a, const bfv::Ciphertext& b) {
    const bfv::Ciphertext *x = &a, *y = &b;
    return bfv_engine::innerProduct(*engine, {&x, 1}, {&y, 1});
  }
};

TEST_P(SealBfv, EveryOperationIsRightAndWithinItsBound) {
  namespace e = bfv_engine;
  const bt::Clear m1 = s.randomClear(), m2 = s.edgeClear();
  const bfv::Ciphertext a = s.encrypted(m1), b = s.encrypted(m2);
  const bfv::Plaintext p = s.plain(m2);
  check(e::add(*engine, a, b), m1 + m2, "add");
  check(e::sub(*engine, a, b), m1 - m2, "sub");
  check(e::negate(*engine, a), -m1, "negate");
  check(e::addPlain(*engine, a, p), m1 + m2, "addPlain");
  check(e::subPlain(*engine, a, p), m1 - m2, "subPlain");
  check(e::addScalar(*engine, a, -3), m1.plus(-3), "addScalar");
  check(e::multiplyScalar(*engine, a, -1), m1.times(-1), "multiplyScalar");
  const bfv::Ciphertext* terms[] = {&a, &b, &a};
  check(e::sum(*engine, terms), m1 + m2 + m1, "sum");
  check(e::modSwitchTo(*engine, a, a.level() - 1), m1, "modSwitchTo");
  check(e::rotateRows(*engine, a, 1, s.keys, keys), m1.galois(left1), "rotateRows");
  const bfv::EvalPlaintext prepared = bfv::prepare(p, a.level());
  const e::Factor factor{&p, prepared.norm};
  const bfv::Ciphertext* const x = &a;
  check(e::innerProductPlain(*engine, {&x, 1}, {&factor, 1}), m1 * m2, "innerProductPlain");
  bt::Clear monomial = m1 - m1;  // -X^(n-1), for which SEAL has a path of its own
  monomial.m.back() = s.context->t() - 1;
  const bfv::Plaintext q = s.plain(monomial);
  const e::Factor negative{&q, bfv::prepare(q, a.level()).norm};
  check(e::innerProductPlain(*engine, {&x, 1}, {&negative, 1}), m1 * monomial, "monomial");
  const bfv::Ciphertext tensor = product(a, b);
  check(tensor, m1 * m2, "multiply");
  check(e::relinearize(*engine, tensor, s.keys, keys), m1 * m2, "relinearize");
  check(product(a, a), m1 * m1, "square");
}

TEST_P(SealBfv, WhatTheBoundAllowsIsExact) {
  bt::Clear m = s.edgeClear();
  bfv::Ciphertext c = s.encrypted(m);
  try {
    for (int depth = 0; depth < 6; ++depth) {
      c = bfv_engine::relinearize(*engine, product(c, c), s.keys, keys);
      m = m * m;
      check(c, m, "square");
      if (c.level() > 1) {
        c = bfv_engine::modSwitchTo(*engine, c, c.level() - 1);
        check(c, m, "modSwitchTo");
      }
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNoiseBudget) << error.what();
  }
}

TEST_P(SealBfv, TransparentResultsAreZeroAndNoError) {
  const bt::Clear m = s.randomClear();
  const bfv::Ciphertext a = s.encrypted(m);
  check(bfv_engine::sub(*engine, a, a), m - m, "a - a");
  check(bfv_engine::multiplyScalar(*engine, a, 0), m - m, "a * 0");
}

INSTANTIATE_TEST_SUITE_P(Cases, SealBfv, ::testing::ValuesIn(bfvCases()),
                         [](const auto& info) { return std::string(info.param.name); });

class SealCkks : public ::testing::TestWithParam<ckks::test::Shape> {
 protected:
  const ckks::test::Instance& i = ckks::test::Instance::of(GetParam());
  EnginePtr engine = Engine::ckks(i.context);
  SwitchKeys keys = toSeal(*engine, i.keys);

  void check(const ckks::Ciphertext& c, const ckks::test::Slots& expected, const char* what) {
    ckks::test::Slots out(i.slots());
    const double bound = ckks_engine::decrypt(*engine, c, i.secret, out);
    const ckks::test::Slots core = i.decrypt(c);
    for (std::size_t k = 0; k < out.size(); ++k) {
      ASSERT_LE(std::abs(out[k] - expected[k]), bound) << what << ", slot " << k;
      ASSERT_EQ(out[k], core[k]) << what << ": both decryptions are exact, and decoded alike";
    }
  }

  static void expectSameWords(const ckks::Ciphertext& a, const ckks::Ciphertext& b) {
    ASSERT_EQ(a.degree(), b.degree());
    for (std::size_t p = 0; p <= a.degree(); ++p) {
      EXPECT_TRUE(std::ranges::equal(a.body.parts[p].words(), b.body.parts[p].words()));
    }
    EXPECT_EQ(a.scale, b.scale);
    EXPECT_EQ(a.message, b.message);
    EXPECT_DOUBLE_EQ(a.noise, b.noise);
  }
};

TEST_P(SealCkks, WhatHasNoRoundingIsTheCoresWordForWord) {
  namespace e = ckks_engine;
  const auto v = ckks::test::circle(i.slots(), 1, 1), w = ckks::test::reals(i.slots(), 1, 2);
  const ckks::Ciphertext a = i.encrypt(v), b = i.encrypt(w);
  const ckks::Plaintext p = i.encode(w);
  expectSameWords(e::add(*engine, a, b), ckks::add(a, b));
  expectSameWords(e::sub(*engine, a, b), ckks::sub(a, b));
  expectSameWords(e::negate(*engine, a), ckks::negate(a));
  expectSameWords(e::addPlain(*engine, a, p), ckks::addPlain(a, p));
  expectSameWords(e::subPlain(*engine, a, p), ckks::subPlain(a, p));
  expectSameWords(e::addScalar(*engine, a, 0.3), ckks::addScalar(a, 0.3));
  expectSameWords(e::multiplyPlain(*engine, a, p), ckks::multiplyPlain(a, p));
  expectSameWords(e::multiplyScalar(*engine, a, -0.7, 0x1p20),
                  ckks::multiplyScalar(a, -0.7, 0x1p20));
  expectSameWords(e::multiplyInteger(*engine, a, -5), ckks::multiplyInteger(a, -5));
  expectSameWords(e::multiply(*engine, a, b), ckks::multiply(a, b));
  expectSameWords(e::multiply(*engine, a, a), ckks::square(a));
  expectSameWords(e::dropTo(*engine, a, 0), ckks::dropTo(a, 0));
  const ckks::Ciphertext *x[] = {&a, &b, &b}, *y[] = {&b, &b, &a};
  expectSameWords(e::sum(*engine, x), ckks::sum(x));
  expectSameWords(e::innerProduct(*engine, x, y), ckks::innerProduct(x, y));
}

TEST_P(SealCkks, RescalingAndKeySwitchingKeepToTheirBounds) {
  namespace e = ckks_engine;
  const auto v = ckks::test::circle(i.slots(), 1, 3), w = ckks::test::reals(i.slots(), 1, 4);
  const ckks::Ciphertext a = i.encrypt(v), b = i.encrypt(w);
  const auto product = ckks::test::map([](auto s, auto t) { return s * t; }, v, w);
  const ckks::Ciphertext tensor = e::multiply(*engine, a, b);
  check(e::rescale(*engine, tensor, 1), product, "rescale of degree 2");
  const ckks::Ciphertext linear = e::relinearize(*engine, tensor, i.keys, keys);
  check(linear, product, "relinearize");
  check(e::rescale(*engine, linear, 1), product, "rescale");
  check(e::rotate(*engine, a, 5, i.keys, keys), ckks::test::rotated(v, 5), "rotate");
  check(e::rotate(*engine, a, -3, i.keys, keys), ckks::test::rotated(v, -3), "composed rotation");
  check(e::conjugate(*engine, a, i.keys, keys),
        ckks::test::map([](auto s, auto) { return std::conj(s); }, v, w), "conjugate");
  check(e::sub(*engine, a, a), ckks::test::Slots(i.slots()), "transparent");
}

INSTANTIATE_TEST_SUITE_P(Shapes, SealCkks,
                         ::testing::Values(ckks::test::shapes()[0], ckks::test::shapes()[1],
                                           ckks::test::shapes()[2], ckks::test::shapes()[4]),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(SealEngine, RefusesWhatSealCannotDo) {
  for (const auto& shape : {ckks::test::shapes()[3], ckks::test::shapes()[5]}) {
    const auto context = rlwe::Context::create(ckks::test::Instance::parametersOf(shape));
    try {
      Engine::ckks(context);
      FAIL() << "two special primes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUnsupported);
    }
  }
}

}  // namespace
}  // namespace veilsum::seal_backend
