#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "ckks_instance.h"
#include "random/samplers.h"

namespace veilsum::ckks {
namespace {

using Complex = std::complex<double>;
using test::circle;
using test::Instance;
using test::map;
using test::reals;
using test::rotated;
using test::sameWords;
using test::shapes;
using test::Slots;

Code codeOf(const std::function<void()>& call, std::string* message = nullptr) {
  try {
    call();
  } catch (const Error& error) {
    if (message) *message = error.what();
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::kInternal;
}

const auto plus = [](Complex x, Complex y) { return x + y; };
const auto minus = [](Complex x, Complex y) { return x - y; };
const auto times = [](Complex x, Complex y) { return x * y; };

class Ckks : public testing::TestWithParam<test::Shape> {
 protected:
  // Every slot of c is the twin's, within the public bound; and the bound is worth something.
  void expectSlots(const Ciphertext& c, const Slots& expected, double useful = 0x1p-4) {
    Slots out(on.slots());
    const double error = decrypt(c, on.secret, out);
    EXPECT_LE(test::largestDifference(out, expected), error);
    EXPECT_LE(error, useful);
    double largest = 0;
    for (const Complex& value : expected) largest = std::max(largest, std::abs(value));
    EXPECT_LE(largest, c.message * (1 + 1e-14));
    EXPECT_GE(capacityBits(c), 0.0);
  }

  const Instance& on = Instance::of(GetParam());
  const Slots x = circle(on.slots(), 1.0, 11), y = reals(on.slots(), 1.5, 12),
              z = circle(on.slots(), 0.5, 13);
};

TEST_P(Ckks, EncryptDecrypt) {
  for (std::size_t level = 0; level <= on.top(); ++level) {
    const Plaintext plain = on.encode(y, level, on.scale());
    const Ciphertext with_public = encrypt(plain, on.public_key);
    const Ciphertext with_secret = encrypt(plain, on.secret);
    EXPECT_EQ(with_public.level(), level);
    expectSlots(with_public, y);
    expectSlots(with_secret, y);
    EXPECT_LT(with_secret.noise, with_public.noise);
    EXPECT_FALSE(with_public.body.seed.has_value());
    std::vector<double> real(5);
    const double error = decrypt(with_secret, on.secret, real);
    for (std::size_t i = 0; i < real.size(); ++i) EXPECT_NEAR(real[i], y[i].real(), error);
  }
}

TEST_P(Ckks, SeededExpandsToTheSame) {
  const Ciphertext c = dropTo(encrypt(on.encode(x), on.secret), on.top() - 1);
  ASSERT_TRUE(c.body.seed.has_value());
  const auto& c1 = c.body.parts[1];
  for (std::size_t i = 0; i < c1.size(); ++i) {
    std::vector<std::uint64_t> expanded(c1.n());
    random::expandUniform(*c.body.seed, i, c1.basis().modulus(i), expanded);
    EXPECT_TRUE(std::equal(expanded.begin(), expanded.end(), c1.residue(i)));
  }
  EXPECT_TRUE(addScalar(c, 1.0).body.seed.has_value());
  EXPECT_FALSE(negate(c).body.seed.has_value());
  EXPECT_FALSE(add(c, c).body.seed.has_value());
  EXPECT_FALSE(multiplyInteger(c, 2).body.seed.has_value());
}

TEST_P(Ckks, Additions) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y), c = on.encrypt(z);
  expectSlots(add(a, b), map(plus, x, y));
  expectSlots(sub(a, b), map(minus, x, y));
  expectSlots(negate(a), map([](Complex v) { return -v; }, x));
  expectSlots(addPlain(a, on.encode(y)), map(plus, x, y));
  expectSlots(subPlain(a, on.encode(y)), map(minus, x, y));
  const Complex k(0.25, -1.75);
  expectSlots(addScalar(a, k), map([&](Complex v) { return v + k; }, x));
  expectSlots(addScalar(a, -3), map([](Complex v) { return v - 3.0; }, x));
  const Ciphertext* terms[] = {&a, &b, &c, &a};
  const Slots total = map([](Complex p, Complex q, Complex r) { return 2.0 * p + q + r; }, x, y, z);
  const Ciphertext lazily = sum(terms);
  expectSlots(lazily, total);
  Ciphertext one_by_one = a.copy();
  addInto(one_by_one, b);
  addInto(one_by_one, c);
  addInto(one_by_one, a);
  EXPECT_TRUE(sameWords(lazily, one_by_one));
  EXPECT_DOUBLE_EQ(lazily.noise, one_by_one.noise);
}

TEST_P(Ckks, LongSumsReduceInTime) {
  const Ciphertext a = dropTo(on.encrypt(map([](Complex v) { return v * 0x1p-6; }, x)), 0);
  const std::vector<const Ciphertext*> terms(45, &a);
  EXPECT_TRUE(sameWords(sum(terms), multiplyInteger(a, 45)));
}

TEST_P(Ckks, LongInnerProducts) {
  constexpr std::int64_t kTerms = 600;  // more than the kernels take at once
  const Slots small = map([](Complex v) { return v * 0x1p-6; }, x);
  const Ciphertext a = dropTo(on.encrypt(small), 1), b = dropTo(on.encrypt(small), 1);
  const Plaintext p = on.encode(small);
  const std::vector<const Ciphertext*> left(kTerms, &a), right(kTerms, &b);
  const std::vector<const Plaintext*> plain(kTerms, &p);
  EXPECT_TRUE(sameWords(innerProduct(left, right), multiplyInteger(multiply(a, b), kTerms)));
  EXPECT_TRUE(
      sameWords(innerProductPlain(left, plain), multiplyInteger(multiplyPlain(a, p), kTerms)));
}

TEST_P(Ckks, ProductsWithPlaintextsAndScalars) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  const Plaintext p = on.encode(y), r = on.encode(z);
  expectSlots(multiplyPlain(a, p), map(times, x, y));
  expectSlots(rescale(multiplyPlain(a, p)), map(times, x, y));
  const auto prime = static_cast<double>(on.context->parameters().q[on.top()]);
  const Ciphertext scaled = rescale(multiplyScalar(a, 0.375, prime));
  EXPECT_NEAR(scaled.scale / a.scale, 1.0, 1e-15);
  expectSlots(scaled, map([](Complex v) { return 0.375 * v; }, x));
  const Complex k(-0.6, 0.7);
  expectSlots(rescale(multiplyScalar(a, k, prime)), map([&](Complex v) { return k * v; }, x));
  expectSlots(multiplyInteger(a, -7), map([](Complex v) { return -7.0 * v; }, x));
  expectSlots(multiplyInteger(a, 0), map([](Complex v) { return 0.0 * v; }, x));
  const Ciphertext* left[] = {&a, &b};
  const Plaintext* right[] = {&p, &r};
  const Ciphertext dot = innerProductPlain(left, right);
  expectSlots(dot, map([](Complex u, Complex v, Complex w) { return u * v + v * w; }, x, y, z));
  EXPECT_TRUE(sameWords(dot, add(multiplyPlain(a, p), multiplyPlain(b, r))));
}

TEST_P(Ckks, Products) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y), c = on.encrypt(z);
  const Ciphertext tensor = multiply(a, b);
  EXPECT_EQ(tensor.degree(), 2u);
  expectSlots(tensor, map(times, x, y));
  expectSlots(rescale(tensor), map(times, x, y), 2.0);  // the rounding of c_2 times s^2
  const Ciphertext product = relinearize(tensor, on.keys);
  EXPECT_EQ(product.degree(), 1u);
  expectSlots(product, map(times, x, y));
  expectSlots(rescale(product), map(times, x, y));
  const Ciphertext fused = relinearizeRescale(tensor, on.keys);
  EXPECT_EQ(fused.degree(), 1u);
  EXPECT_EQ(fused.level(), on.top() - 1);
  EXPECT_EQ(fused.scale, rescale(product).scale);
  EXPECT_LE(fused.noise, rescale(product).noise);
  expectSlots(fused, map(times, x, y));
  EXPECT_TRUE(sameWords(square(a), multiply(a, a.copy())));
  expectSlots(relinearizeRescale(square(a), on.keys), map(times, x, x));
  // Degrees 1 and 2 add up.
  const Ciphertext sum_of_both = add(product, multiply(b, c));
  EXPECT_EQ(sum_of_both.degree(), 2u);
  expectSlots(sum_of_both,
              map([](Complex u, Complex v, Complex w) { return u * v + v * w; }, x, y, z));
  expectSlots(sub(product, multiply(b, c)),
              map([](Complex u, Complex v, Complex w) { return u * v - v * w; }, x, y, z));
  // Tensors first, one relinearization.
  const Ciphertext *left[] = {&a, &b, &a}, *right[] = {&b, &c, &a};
  const Ciphertext dot = innerProduct(left, right);
  EXPECT_TRUE(sameWords(dot, add(add(multiply(a, b), multiply(b, c)), square(a))));
  expectSlots(relinearizeRescale(dot, on.keys),
              map([](Complex u, Complex v, Complex w) { return u * v + v * w + u * u; }, x, y, z));
}

TEST_P(Ckks, LevelsAndMixedLevels) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  for (std::size_t level = 0; level < on.top(); ++level) {
    const Ciphertext low = dropTo(a, level);
    EXPECT_EQ(low.level(), level);
    EXPECT_EQ(low.scale, a.scale);
    expectSlots(low, x);
    for (const Ciphertext& c : {add(low, b), add(b, low)}) {
      EXPECT_EQ(c.level(), level);
      expectSlots(c, map(plus, x, y));
    }
    expectSlots(sub(b, low), map(minus, y, x));
    expectSlots(addPlain(low, on.encode(y)), map(plus, x, y));
    expectSlots(addPlain(b, on.encode(x, level, on.scale())), map(plus, x, y));
    const Ciphertext* terms[] = {&b, &low, &b};
    expectSlots(sum(terms), map([](Complex u, Complex v) { return u + 2.0 * v; }, x, y));
    Ciphertext into = b.copy();
    addInto(into, low);
    expectSlots(into, map(plus, x, y));
    if (level == 0) continue;
    EXPECT_TRUE(sameWords(multiply(low, b), multiply(low, dropTo(b, level))));
    expectSlots(rescale(multiply(b, low)), map(times, x, y));
    expectSlots(rescale(multiplyPlain(low, on.encode(y))), map(times, x, y));
  }
}

TEST_P(Ckks, RescaleBySeveralLevels) {
  if (on.top() < 3) GTEST_SKIP() << "the chain is too short";
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y), c = on.encrypt(z);
  const Ciphertext cubic = multiply(relinearize(multiply(a, b), on.keys), c);
  const Slots expected = map(times, map(times, x, y), z);
  const Ciphertext at_once = rescale(cubic, 2), in_turn = rescale(rescale(cubic));
  EXPECT_EQ(at_once.level(), on.top() - 2);
  EXPECT_EQ(at_once.scale, in_turn.scale);
  expectSlots(at_once, expected);
  expectSlots(in_turn, expected);
}

TEST_P(Ckks, AdjustBringsDepthsTogether) {
  if (on.top() < 2) GTEST_SKIP() << "the chain is too short";
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  const Ciphertext deep = relinearizeRescale(multiply(a, b), on.keys);
  const Ciphertext met = adjust(a, deep.level(), deep.scale);
  EXPECT_EQ(met.level(), deep.level());
  EXPECT_EQ(met.scale, deep.scale);
  expectSlots(met, x);
  expectSlots(add(met, deep), map([](Complex u, Complex v) { return u + u * v; }, x, y));
  if (std::abs(deep.scale / a.scale - 1) > kScaleTolerance) {
    std::string message;
    EXPECT_EQ(codeOf([&] { add(a, deep); }, &message), Code::kScaleMismatch);
    EXPECT_NE(message.find("adjust"), std::string::npos) << message;
  }
  EXPECT_EQ(codeOf([&] { adjust(deep, deep.level(), 1e9); }), Code::kDepth);
  EXPECT_EQ(codeOf([&] { adjust(a, 0, on.scale() * 0x1p-50); }), Code::kScaleMismatch);
}

TEST_P(Ckks, RotationsAndConjugation) {
  const Ciphertext a = on.encrypt(x);
  for (const std::int64_t steps : {0, 1, -1, 5, 100, 3, 7, 13, -3}) {
    const Ciphertext c = rotate(a, steps, on.keys);
    expectSlots(c, rotated(x, steps));
  }
  expectSlots(conjugate(a, on.keys), map([](Complex v) { return std::conj(v); }, x));
  const auto order = static_cast<std::int64_t>(on.slots());
  EXPECT_TRUE(sameWords(rotate(a, 5 - order, on.keys), rotate(a, 5 + order, on.keys)));
  using Steps = std::vector<std::int64_t>;
  EXPECT_EQ(rotationSteps(on.shape.n, 5, on.keys), Steps{5});
  EXPECT_EQ(rotationSteps(on.shape.n, 7, on.keys), (Steps{-1, 8}));
  EXPECT_EQ(rotationSteps(on.shape.n, 11, on.keys), (Steps{1, 2, 8}));
  EXPECT_EQ(rotationSteps(on.shape.n, order, on.keys), Steps{});
}

TEST_P(Ckks, HoistedIsSingleBitForBit) {
  const Ciphertext a = dropTo(on.encrypt(x), on.top() - 1);
  const std::int64_t steps[] = {1, 2, -1, 100, 0, 7, 5};
  const std::vector<Ciphertext> hoisted = rotateHoisted(a, steps, on.keys);
  ASSERT_EQ(hoisted.size(), std::size(steps));
  for (std::size_t i = 0; i < hoisted.size(); ++i) {
    const Ciphertext single = rotate(a, steps[i], on.keys);
    EXPECT_TRUE(sameWords(hoisted[i], single)) << steps[i];
    EXPECT_EQ(hoisted[i].noise, single.noise);
    expectSlots(hoisted[i], rotated(x, steps[i]));
  }
}

TEST_P(Ckks, SparseSlotsRotateAmongThemselves) {
  const Slots few = circle(8, 1.0, 4);
  const Ciphertext a = on.encrypt(few);
  expectSlots(a, few);
  expectSlots(rotate(a, 5, on.keys), rotated(few, 5));
  expectSlots(relinearizeRescale(multiply(a, a), on.keys), map(times, few, few));
  const Ciphertext constant =
      encrypt(on.encoder.encodeConstant({0.5, 0.25}, {.level = on.top(), .scale = on.scale()}),
              on.public_key);
  expectSlots(relinearizeRescale(multiply(a, constant), on.keys),
              map([](Complex v) { return v * Complex(0.5, 0.25); }, few));
}

// x -> x^2 as long as the chain lasts, and one step further.
TEST_P(Ckks, ToTheEndOfTheChain) {
  Slots expected = x;
  Ciphertext c = on.encrypt(x);
  while (c.level() > 0) {
    c = relinearizeRescale(square(c), on.keys);
    expected = map(times, expected, expected);
    expectSlots(c, expected);
  }
  EXPECT_EQ(codeOf([&] { rescale(c); }), Code::kDepth);
  std::string message;
  EXPECT_EQ(codeOf([&] { square(dropTo(on.encrypt(x), 0)); }, &message), Code::kNoiseBudget);
  EXPECT_NE(message.find("bits too many"), std::string::npos) << message;
}

TEST_P(Ckks, Refusals) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  const Ciphertext tensor = multiply(a, b);
  std::string message;
  EXPECT_EQ(codeOf([&] { add(a, tensor); }, &message), Code::kScaleMismatch);
  EXPECT_NE(message.find("2^" + std::to_string(on.shape.scale_bits) + ".000"), std::string::npos)
      << message;
  EXPECT_EQ(codeOf([&] { addPlain(a, on.encode(y, on.top(), on.scale() * 1.01)); }),
            Code::kScaleMismatch);
  EXPECT_EQ(codeOf([&] { multiply(tensor, a); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { square(tensor); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { rotate(tensor, 1, on.keys); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { sum({}); }), Code::kUsage);
  const Ciphertext* one[] = {&a};
  EXPECT_EQ(codeOf([&] { innerProduct(one, {}); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { dropTo(dropTo(a, 0), 1); }), Code::kDepth);
  EXPECT_EQ(codeOf([&] { rescale(a, on.top() + 1); }), Code::kDepth);
  EXPECT_EQ(codeOf([&] { rescale(a, 2); }), on.top() > 1 ? Code::kNoiseBudget : Code::kDepth);
  EXPECT_EQ(codeOf([&] { dropTo(multiplyInteger(a, std::int64_t{1} << 36), 0); }),
            Code::kNoiseBudget);
  EXPECT_EQ(codeOf([&] { multiplyScalar(a, std::numeric_limits<double>::infinity(), 1e9); }),
            Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] { addScalar(a, std::numeric_limits<double>::quiet_NaN()); }),
            Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] { addScalar(a, 1e200); }), Code::kNoiseBudget);
  EXPECT_EQ(codeOf([&] { multiplyScalar(a, 1, 1e300); }), Code::kNoiseBudget);

  rlwe::EvaluationKeys none;
  EXPECT_EQ(codeOf([&] { relinearize(tensor, none); }), Code::kMissingKey);
  EXPECT_EQ(codeOf([&] { conjugate(a, none); }), Code::kMissingKey);
  EXPECT_EQ(codeOf([&] { rotate(a, 77, none); }, &message), Code::kMissingKey);
  EXPECT_NE(message.find("rotation by 77 steps"), std::string::npos) << message;

  Ciphertext spoilt = a.copy();
  spoilt.noise = std::ldexp(1.0, 1000);
  Slots out(4);
  EXPECT_EQ(codeOf([&] { decrypt(spoilt, on.secret, out); }), Code::kNoiseBudget);
  Slots many(on.slots() + 1);
  EXPECT_EQ(codeOf([&] { decrypt(a, on.secret, many); }), Code::kUsage);

  const Instance& other = Instance::of(shapes()[GetParam().n == 2048 ? 1 : 0]);
  EXPECT_EQ(codeOf([&] { add(a, other.encrypt(circle(4, 1, 1))); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { decrypt(a, other.secret, out); }), Code::kKeyMismatch);
  EXPECT_EQ(codeOf([&] { encrypt(on.encode(x), other.public_key); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { relinearize(tensor, other.keys); }), Code::kParameterMismatch);
}

TEST_P(Ckks, Adoption) {
  const Ciphertext a = on.encrypt(x);
  expectSlots(adopt(a.body.copy(), a.scale, a.noise, a.message), x);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double scale : {0.0, -1.0, nan, 1e-310, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(codeOf([&] { adopt(a.body.copy(), scale, a.noise, a.message); }), Code::kCorrupt);
  }
  EXPECT_EQ(codeOf([&] { adopt(a.body.copy(), a.scale, nan, a.message); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { adopt(a.body.copy(), a.scale, a.noise, -1); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { adopt(a.body.copy(), 1e300, a.noise, a.message); }), Code::kNoiseBudget);
  auto transparent = a.body.copy();
  for (auto& word : transparent.parts[1].words()) word = 0;
  EXPECT_EQ(codeOf([&] { adopt(std::move(transparent), a.scale, a.noise, a.message); }),
            Code::kCorrupt);
  auto unreduced = a.body.copy();
  unreduced.parts[0].residue(0)[3] = on.context->parameters().q[0];
  EXPECT_EQ(codeOf([&] { adopt(std::move(unreduced), a.scale, a.noise, a.message); }),
            Code::kCorrupt);
  auto uneven = a.body.copy();
  uneven.parts[1] = uneven.parts[1].prefix(1);
  EXPECT_EQ(codeOf([&] { adopt(std::move(uneven), a.scale, a.noise, a.message); }), Code::kCorrupt);
}

// The largest degrees, one of each kind of operation.
TEST(CkksLarge, Degrees32768And65536) {
  for (const std::size_t n : {32768u, 65536u}) {
    const Instance on({"large", n, {60, 50}, {60}, 1, 45}, {5});
    const Slots x = circle(on.slots(), 1.0, 1), y = reals(on.slots(), 1.0, 2);
    const Ciphertext a = on.encrypt(x), b = encrypt(on.encode(y), on.secret);
    const Ciphertext product = relinearizeRescale(multiply(a, b), on.keys);
    Slots out(on.slots());
    double error = decrypt(product, on.secret, out);
    EXPECT_LE(test::largestDifference(out, map(times, x, y)), error);
    EXPECT_LE(error, 1e-4);
    error = decrypt(rotate(conjugate(a, on.keys), 5, on.keys), on.secret, out);
    EXPECT_LE(
        test::largestDifference(out, rotated(map([](Complex v) { return std::conj(v); }, x), 5)),
        error);
    EXPECT_LE(error, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Ckks, testing::ValuesIn(shapes()),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace veilsum::ckks
