// Every BFV operation over a table of parameter sets, against the cleartext twin.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "bfv/noise.h"
#include "bfv/tables.h"
#include "bfv_cases.h"
#include "rlwe/noise.h"

namespace veilsum::bfv::testing {
namespace {

template <class F>
Code codeOf(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::kInternal;  // nothing was thrown
}

class Bfv : public ::testing::TestWithParam<Case> {
 protected:
  // The result is exact, and its public bound holds.
  void expect(const Ciphertext& c, const Clear& m, const char* what) {
    EXPECT_EQ(s.decrypted(c), m.m) << what;
    EXPECT_LE(log2MeasuredNoise(c, s.secret), c.log2_noise) << what;
    EXPECT_GE(noiseBudgetBits(c), 0) << what;
  }

  std::uint64_t left3 = rlwe::galoisElement(GetParam().n, 3);
  std::uint64_t right1 = rlwe::galoisElement(GetParam().n, -1);
  std::uint64_t swap = rlwe::galoisElementOfConjugation(GetParam().n);
  Setting s{GetParam(), {left3, right1, swap}};
};

TEST_P(Bfv, EncryptsAtEveryLevel) {
  for (std::size_t level = 0; level <= s.context->maxLevel(); ++level) {
    const Clear m = level % 2 ? s.randomClear() : s.edgeClear();
    const bool room = log2FreshPublicNoise(*s.context) <= s.context->log2NoiseLimit(level);
    if (!room) {
      EXPECT_EQ(codeOf([&] { encrypt(s.plain(m), s.public_key, level); }), Code::kNoiseBudget);
      continue;
    }
    const Ciphertext a = encrypt(s.plain(m), s.public_key, level);
    const Ciphertext b = encrypt(s.plain(m), s.secret, level);
    EXPECT_EQ(a.level(), level);
    EXPECT_FALSE(a.body.seed.has_value());
    EXPECT_TRUE(b.body.seed.has_value());
    EXPECT_LT(b.log2_noise, a.log2_noise);
    expect(a, m, "public key");
    expect(b, m, "secret key");
  }
  EXPECT_EQ(
      codeOf([&] { encrypt(s.plain(s.randomClear()), s.public_key, s.context->maxLevel() + 1); }),
      Code::kDepth);
}

TEST_P(Bfv, AddsAndSubtracts) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.edgeClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2);
  const Ciphertext c = encrypt(s.plain(m3), s.secret, s.context->maxLevel());
  expect(add(a, b), m1 + m2, "add");
  expect(sub(a, b), m1 - m2, "sub");
  expect(negate(a), -m1, "negate");
  expect(add(a, a), m1 + m1, "twice");
  const Ciphertext* terms[] = {&a, &b, &c, &a};
  expect(sum(terms), m1 + m2 + m3 + m1, "sum");
  EXPECT_FALSE(add(c, c).body.seed.has_value());
  EXPECT_FALSE(negate(c).body.seed.has_value());
  EXPECT_EQ(codeOf([&] { sum(CiphertextRefs{}); }), Code::kUsage);
}

TEST_P(Bfv, SumsTermsOfSeveralLevelsAndDegrees) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m12 = m1 * m2;
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2), ab = multiply(a, b);
  expect(sub(a, ab), m1 - m12, "sub of a product");
  expect(sub(ab, a), m12 - m1, "sub from a product");
  // More than are added at once, the product and the lower level among the last.
  std::vector<const Ciphertext*> terms(17, &a);
  terms.push_back(&ab);
  expect(sum(terms), m1.times(17) + m12, "a long sum");
  const Ciphertext lower = modSwitch(b);
  terms[17] = &lower;
  terms.push_back(&lower);
  const Ciphertext total = sum(terms);
  EXPECT_EQ(total.level(), lower.level());
  expect(total, m1.times(17) + m2 + m2, "a long sum at a lower level");
}

TEST_P(Bfv, CombinesWithPlaintexts) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.randomClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m3);
  const Plaintext p = s.plain(m2);
  expect(addPlain(a, p), m1 + m2, "addPlain");
  expect(subPlain(a, p), m1 - m2, "subPlain");
  for (std::int64_t k : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{41},
                         -(std::int64_t{1} << 40)}) {
    expect(addScalar(a, k), m1.plus(k), "addScalar");
    expect(multiplyScalar(a, k), m1.times(k), "multiplyScalar");
  }
  expect(multiplyPlain(a, p), m1 * m2, "multiplyPlain");
  const EvalPlaintext q = prepare(p, s.context->maxLevel());
  expect(multiplyPlain(modSwitch(a), q), m1 * m2, "a prepared plaintext at a lower level");
  const Clear zero = m1 - m1;
  expect(multiplyPlain(a, s.plain(zero)), zero, "times zero");

  const EvalPlaintext r = prepare(s.plain(m3), s.context->maxLevel());
  const Ciphertext* left[] = {&a, &b};
  const EvalPlaintext* right[] = {&q, &r};
  expect(innerProductPlain(left, right), m1 * m2 + m3 * m3, "innerProductPlain");
  EXPECT_EQ(codeOf([&] { innerProductPlain(left, {right, 1}); }), Code::kUsage);
}

TEST_P(Bfv, Multiplies) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.randomClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2), c = s.encrypted(m3);
  const Clear m12 = m1 * m2, m11 = m1 * m1;
  const Ciphertext ab = multiply(a, b);
  EXPECT_EQ(ab.degree(), 2u);
  expect(ab, m12, "multiply");
  expect(relinearize(ab, s.keys), m12, "relinearize");
  expect(multiplyRelinearize(a, b, s.keys), m12, "multiplyRelinearize");
  expect(square(a), m11, "square");
  expect(squareRelinearize(a, s.keys), m11, "squareRelinearize");
  expect(modSwitch(ab), m12, "degree 2 switched down");
  expect(add(ab, c), m12 + m3, "degrees 2 and 1");
  expect(sub(c, ab), m3 - m12, "degrees 1 and 2");
  expect(addPlain(ab, s.plain(m3)), m12 + m3, "degree 2 and a plaintext");

  const Ciphertext lower = modSwitch(b);
  const Ciphertext mixed = multiply(a, lower);
  EXPECT_EQ(mixed.level(), lower.level());
  expect(mixed, m12, "mixed levels");
  expect(add(a, lower), m1 + m2, "mixed levels, added");

  EXPECT_EQ(codeOf([&] { multiply(ab, c); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { applyGalois(ab, 3, s.keys); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { relinearize(ab, rlwe::EvaluationKeys{}); }), Code::kMissingKey);
}

TEST_P(Bfv, InnerProductIsTheSumOfProducts) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear(), m3 = s.randomClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2), c = s.encrypted(m3);
  const Clear expected = m1 * m2 + m1 * m3 + m3 * m3;
  const Ciphertext* left[] = {&a, &a, &c};
  const Ciphertext* right[] = {&b, &c, &c};
  const Ciphertext one = innerProduct(left, right);
  expect(one, expected, "innerProduct");
  expect(relinearize(one, s.keys), expected, "relinearized");
  const Lifted la = lift(a), lb = lift(b), lc = lift(c);
  const Lifted* lleft[] = {&la, &la, &lc};
  const Lifted* lright[] = {&lb, &lc, &lc};
  const Ciphertext other = innerProduct(lleft, lright);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::ranges::equal(one.body.parts[i].words(), other.body.parts[i].words()));
  }
  EXPECT_EQ(one.log2_noise, other.log2_noise);

  // Longer than B takes at once.
  const std::size_t count = s.context->multiplication(s.context->maxLevel()).max_terms * 2 + 1;
  if (count > 100) return;
  const std::vector<const Ciphertext*> many_left(count, &a), many_right(count, &b);
  expect(innerProduct(many_left, many_right), (m1 * m2).times(static_cast<std::int64_t>(count)),
         "in pieces");
  EXPECT_EQ(codeOf([&] { innerProduct({left, 2}, right); }), Code::kUsage);
}

TEST_P(Bfv, SwitchesModuliDown) {
  const Clear m = s.edgeClear();
  Ciphertext a = s.encrypted(m);
  const Ciphertext top = a.copy();
  while (a.level() > 0 &&
         log2NoiseAt(a, a.level() - 1) <= s.context->log2NoiseLimit(a.level() - 1)) {
    a = modSwitch(a);
    expect(a, m, "modSwitch");
    expect(modSwitchTo(top, a.level()), m, "modSwitchTo");
  }
  EXPECT_EQ(codeOf([&] { modSwitch(a); }), a.level() == 0 ? Code::kDepth : Code::kNoiseBudget);
  EXPECT_EQ(codeOf([&] { modSwitchTo(a, a.level() + 1); }), Code::kDepth);
  EXPECT_LT(a.level(), s.context->maxLevel());
}

TEST_P(Bfv, AppliesAutomorphisms) {
  const Clear m = s.randomClear();
  const Ciphertext a = s.encrypted(m);
  expect(rotateRows(a, 3, s.keys), m.galois(left3), "left by 3");
  expect(rotateRows(a, -1, s.keys), m.galois(right1), "right by 1");
  expect(rotateColumns(a, s.keys), m.galois(swap), "row swap");
  expect(rotateRows(a, 0, s.keys), m, "by nothing");
  expect(rotateRows(modSwitch(a), 3, s.keys), m.galois(left3), "at a lower level");
  const auto half = static_cast<std::int64_t>(s.context->n() / 2);
  expect(rotateRows(a, 3 - 5 * half, s.keys), m.galois(left3), "steps modulo n/2");

  const std::int64_t steps[] = {-1, 0, 3};
  const auto hoisted = rotateRowsHoisted(a, steps, s.keys);
  ASSERT_EQ(hoisted.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const Ciphertext single = rotateRows(a, steps[i], s.keys);
    for (std::size_t p = 0; p < 2; ++p) {
      EXPECT_TRUE(
          std::ranges::equal(hoisted[i].body.parts[p].words(), single.body.parts[p].words()));
    }
  }
  EXPECT_EQ(codeOf([&] { rotateRows(a, 5, s.keys); }), Code::kMissingKey);
  EXPECT_EQ(codeOf([&] { applyGalois(a, 4, s.keys); }), Code::kUsage);
}

INSTANTIATE_TEST_SUITE_P(Sets, Bfv, ::testing::ValuesIn(cases()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(BfvBatching, SlotsAreTheMatrixOfSeal) {
  const Case c{"", 2048, {46, 46, 46}, {46}, 1, 0, 65537};
  const std::size_t n = c.n, half = n / 2;
  Setting s(c, {rlwe::galoisElement(n, 5), rlwe::galoisElementOfConjugation(n)});
  const BatchEncoder encoder(s.context);
  std::vector<std::uint64_t> x(n), y(n), out(n);
  for (auto& v : x) v = s.random() % 65537;
  for (auto& v : y) v = s.random() % 65537;

  // Slot (row, column) is the value at psi^(+-3^column).
  const Plaintext p = encoder.encode(x);
  const arith::Modulus& t = s.context->plainModulus();
  const std::uint64_t psi = arith::minimalPrimitiveRoot(2 * n, t.value());
  std::uint64_t exponent = 1;
  for (std::size_t column = 0; column < half; column += 1, exponent = exponent * 3 % (2 * n)) {
    if (column % 97 != 0) continue;
    for (std::size_t row = 0; row < 2; ++row) {
      const std::uint64_t point = t.pow(psi, row ? 2 * n - exponent : exponent);
      std::uint64_t value = 0;
      for (std::size_t i = n; i-- > 0;) value = t.add(t.mul(value, point), p.coefficients[i]);
      EXPECT_EQ(value, x[row * half + column]);
    }
  }

  const Ciphertext a = encrypt(p, s.public_key, 2);
  const Ciphertext b = encrypt(encoder.encode(y), s.public_key, 2);
  encoder.decode(decrypt(multiplyRelinearize(a, b, s.keys), s.secret), out);
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], x[i] * y[i] % 65537);
  encoder.decode(decrypt(addScalar(a, -3), s.secret), out);
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], (x[i] + 65534) % 65537);
  encoder.decode(decrypt(rotateRows(a, 5, s.keys), s.secret), out);
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(out[i], x[i / half * half + (i % half + 5) % half]);
  }
  encoder.decode(decrypt(rotateColumns(a, s.keys), s.secret), out);
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], x[(i + half) % n]);
}

TEST(BfvBatching, EncodesSignedValuesAndRefusesWhatDoesNotFit) {
  const Case c{"", 2048, {46, 46}, {46}, 1, 20};
  Setting s(c);
  const BatchEncoder encoder(s.context);
  const auto t = static_cast<std::int64_t>(s.context->t());
  const std::vector<std::int64_t> x = {0, 1, -1, t / 2, -(t / 2), 12345, -54321};
  std::vector<std::int64_t> out(x.size() + 2);
  encoder.decodeSigned(decrypt(encrypt(encoder.encodeSigned(x), s.secret, 1), s.secret), out);
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], i < x.size() ? x[i] : 0);
  s.encoder.decodeSigned(s.encoder.encodeSigned(x), out);
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], i < x.size() ? x[i] : 0);

  const std::int64_t above[] = {t / 2 + 1}, below[] = {-(t / 2) - 1};
  const std::uint64_t modulus[] = {s.context->t()};
  const std::vector<std::uint64_t> many(c.n + 1);
  EXPECT_EQ(codeOf([&] { encoder.encodeSigned(above); }), Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] { encoder.encodeSigned(below); }), Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] { encoder.encode(modulus); }), Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] { encoder.encode(many); }), Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] {
              BatchEncoder(contextOf({"", 2048, {46}, {}, 1, 0, 65536}));
            }),
            Code::kUnsupported);
}

TEST(BfvBatching, ReductionNamesTheFirstValueOutsideOfItsRange) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::uint64_t t : {std::uint64_t{65537}, std::uint64_t{256}, std::uint64_t{1} << 59}) {
    const Interval all = signedRange(t);
    EXPECT_EQ(static_cast<std::uint64_t>(all.greatest - all.least), t - 1);
    const auto t_half = static_cast<std::int64_t>(t / 2);
    for (const Interval range : {all, Interval{-5, 7}, Interval{3, 3}, Interval{-9, -2}}) {
      const std::int64_t middle = (range.least + range.greatest) / 2;
      const std::vector<std::int64_t> inside = {range.least, range.greatest, middle};
      std::vector<std::uint64_t> out(inside.size());
      ASSERT_EQ(reduce(inside, range, t, out), inside.size());
      for (std::size_t i = 0; i < inside.size(); ++i) {
        EXPECT_LT(out[i], t);
        EXPECT_EQ(out[i], static_cast<std::uint64_t>(inside[i]) + (inside[i] < 0 ? t : 0));
      }
      std::vector<std::int64_t> back(inside.size());
      centre(out, t, back);
      EXPECT_EQ(back, inside);
      for (const std::int64_t wrong : {range.least - 1, range.greatest + 1, kLeast, kLeast + 1,
                                       kMost, kMost - 1, kLeast + t_half}) {
        for (std::size_t at = 0; at < inside.size(); ++at) {
          std::vector<std::int64_t> values = inside;
          values[at] = wrong;
          values.back() = at + 1 < values.size() ? wrong : values.back();
          EXPECT_EQ(reduce(values, range, t, out), at)
              << wrong << " in " << range.least << " to " << range.greatest;
        }
      }
    }
  }
}

TEST(BfvBatching, ResiduesThatTheCallerFilledAreEncodedAlike) {
  const Case c{"", 2048, {46, 46}, {46}, 1, 20};
  Setting s(c);
  const BatchEncoder encoder(s.context);
  std::vector<std::int64_t> x(c.n);
  for (std::size_t i = 0; i < c.n; ++i) x[i] = static_cast<std::int64_t>(i * 37 % 4001) - 2000;
  const auto reduced = [&] {
    Residues residues(c.n);
    reduce(x, signedRange(s.context->t()), s.context->t(), residues);
    return residues;
  };
  const auto same = [](const Plaintext& a, const Plaintext& b) {
    return std::ranges::equal(a.coefficients, b.coefficients);
  };
  EXPECT_TRUE(same(encoder.encode(reduced()), encoder.encodeSigned(x)));
  EXPECT_TRUE(same(s.encoder.encode(reduced()), s.encoder.encodeSigned(x)));
  std::vector<std::int64_t> out(c.n / 3);
  encoder.signedSlots(encoder.evaluate(encoder.encodeSigned(x)), out);
  EXPECT_TRUE(std::ranges::equal(out, std::span(x).first(out.size())));
  EXPECT_EQ(codeOf([&] { encoder.encode(Residues(c.n - 1)); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { s.encoder.encode(Residues(c.n + 1)); }), Code::kUsage);
}

TEST(BfvContexts, RefuseUnfitPlaintextModuli) {
  const auto with = [](std::uint64_t t) {
    return codeOf([t] { contextOf({"", 2048, {46}, {}, 1, 0, t}); });
  };
  EXPECT_EQ(with(0), Code::kParameterMismatch);
  EXPECT_EQ(with(1), Code::kParameterMismatch);
  EXPECT_EQ(with(std::uint64_t{1} << 60), Code::kParameterMismatch);
  EXPECT_EQ(with(std::uint64_t{1} << 46), Code::kParameterMismatch);
  const std::uint64_t q = arith::largestPrimes(30, 4096, 1)[0];
  EXPECT_EQ(codeOf([&] {
              Context::create(
                  rlwe::Context::create({2048, {q, arith::largestPrimes(46, 4096, 1)[0]}, {}, 1}),
                  q);
            }),
            Code::kParameterMismatch);
}

TEST(BfvContexts, OperandsOfDifferentContextsAreRefused) {
  Setting a({"", 2048, {46, 46}, {46}, 1, 0, 65537}), b({"", 2048, {46, 46}, {46}, 1, 20});
  Setting other({"", 1024, {46, 46}, {46}, 1, 0, 65537});
  const Ciphertext x = a.encrypted(a.randomClear()), y = b.encrypted(b.randomClear());
  EXPECT_EQ(codeOf([&] { add(x, y); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { multiply(x, y); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { addPlain(x, b.plain(b.randomClear())); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { decrypt(x, other.secret); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { relinearize(multiply(x, x), other.keys); }), Code::kParameterMismatch);
  // Equal numbers in another object are the same parameters.
  Setting same({"", 2048, {46, 46}, {46}, 1, 0, 65537});
  const Clear m = same.randomClear();
  EXPECT_EQ(a.decrypted(
                add(encrypt(same.plain(m), a.public_key, 1), encrypt(a.plain(m), a.public_key, 1))),
            (m + m).m);
}

TEST(BfvContexts, LargeDegrees) {
  for (std::size_t n : {std::size_t{16384}, std::size_t{65536}}) {
    Setting s({"", n, {46, 46, 46}, {46}, 1, 20 + (n == 65536)});
    const BatchEncoder encoder(s.context);
    std::vector<std::uint64_t> x(n), out(n);
    for (auto& v : x) v = s.random() % s.context->t();
    const Ciphertext a = encrypt(encoder.encode(x), s.public_key, 2);
    encoder.decode(decrypt(squareRelinearize(a, s.keys), s.secret), out);
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_EQ(out[i], s.context->plainModulus().mul(x[i], x[i]));
    }
  }
}

TEST(BfvCiphertexts, AdoptedOnesAreChecked) {
  Setting s({"", 2048, {46, 46}, {46}, 1, 0, 65537});
  const Clear m = s.randomClear();
  const Ciphertext a = s.encrypted(m);
  const Ciphertext b = adopt(s.context, a.body.copy(), a.log2_noise);
  EXPECT_EQ(s.decrypted(b), m.m);
  EXPECT_EQ(codeOf([&] { adopt(s.context, a.body.copy(), 1000); }), Code::kNoiseBudget);
  EXPECT_EQ(codeOf([&] { adopt(s.context, a.body.copy(), NAN); }), Code::kCorrupt);
  auto transparent = a.body.copy();
  std::ranges::fill(transparent.parts[1].words(), 0);
  EXPECT_EQ(codeOf([&] { adopt(s.context, std::move(transparent), a.log2_noise); }),
            Code::kCorrupt);
  auto short_body = a.body.copy();
  short_body.parts.pop_back();
  EXPECT_EQ(codeOf([&] { adopt(s.context, std::move(short_body), a.log2_noise); }), Code::kCorrupt);
}

}  // namespace
}  // namespace veilsum::bfv::testing
