#include <gtest/gtest.h>

#include "ckks/noise.h"
#include "ckks_instance.h"

namespace veilsum::ckks {
namespace {

using Complex = std::complex<double>;
using test::circle;
using test::Instance;
using test::map;
using test::measuredNoise;
using test::rotated;
using test::shapes;
using test::Slots;

const auto plus = [](Complex x, Complex y) { return x + y; };
const auto times = [](Complex x, Complex y) { return x * y; };

class CkksNoise : public testing::TestWithParam<test::Shape> {
 protected:
  // The bound holds, and is within 4 bits a level (levels used, and the fresh one) of what is
  // measured.
  void expectBound(const Ciphertext& c, const Slots& expected, const char* what) {
    const double measured = measuredNoise(on, c, expected);
    const double slack = std::log2(c.noise) - std::log2(measured);
    EXPECT_GE(slack, 0.0) << what;
    const double levels = 1 + static_cast<double>(on.top() - c.level());
    EXPECT_LE(slack, 4 * levels) << what;
    worst_ = std::max(worst_, slack / levels);
    least_ = std::min(least_, slack);
  }
  void TearDown() override {
    RecordProperty("worst_bits_a_level", std::to_string(worst_));
    std::printf("slack: at least %.2f bits, at most %.2f bits a level\n", least_, worst_);
  }

  const Instance& on = Instance::of(GetParam());
  const Slots x = circle(on.slots(), 1.0, 21), y = circle(on.slots(), 1.0, 22);
  double worst_ = -100, least_ = 100;
};

TEST_P(CkksNoise, Encodings) {
  for (const std::size_t slots : {on.slots(), on.slots() / 16, std::size_t{8}, std::size_t{2}}) {
    const Slots values = circle(slots, 1.0, 5);
    const Plaintext plain = on.encode(values);
    // Against the same encoding at a scale 2^20 times as fine: coefficients that the coarse one
    // rounds are 2^20 times as exact.
    const Plaintext fine = on.encode(values, on.top(), on.scale() * 0x1p20);
    ring::Poly<ring::Coeff> error = ring::toCoeff(fine.poly->copy());
    ring::Poly<ring::Coeff> coarse = ring::toCoeff(plain.poly->copy());
    for (std::size_t i = 0; i < error.size(); ++i) {
      const auto& q = error.basis().modulus(i);
      for (std::size_t k = 0; k < error.n(); ++k) {
        error.residue(i)[k] =
            q.sub(error.residue(i)[k], q.mul(coarse.residue(i)[k], std::uint64_t{1} << 20));
      }
    }
    std::vector<double> coefficients(error.n());
    const auto& q = error.basis().modulus(0);
    for (std::size_t k = 0; k < error.n(); ++k) {
      const std::uint64_t r = error.residue(0)[k];
      coefficients[k] =
          r > q.value() / 2 ? -static_cast<double>(q.value() - r) : static_cast<double>(r);
    }
    const double measured = rlwe::canonicalNorm(coefficients) * 0x1p-20;
    EXPECT_LE(measured, plain.noise) << slots;
    // Few slots, few roundings: the largest of them says little about the tail.
    EXPECT_GE(measured * (slots >= 128 ? 16 : 64), plain.noise) << slots;
  }
}

TEST_P(CkksNoise, FreshAndAdded) {
  const Plaintext plain = on.encode(x);
  expectBound(encrypt(plain, on.public_key), x, "public key");
  expectBound(encrypt(plain, on.secret), x, "secret key");
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  expectBound(add(a, b), map(plus, x, y), "add");
  expectBound(addPlain(a, on.encode(y)), map(plus, x, y), "add plain");
  expectBound(multiplyInteger(a, 11), map([](Complex v) { return 11.0 * v; }, x), "integer");
  const Complex k(0.3, 0.4);
  expectBound(addScalar(a, k), map([&](Complex v) { return v + k; }, x), "add scalar");
}

TEST_P(CkksNoise, Products) {
  const Ciphertext a = on.encrypt(x), b = on.encrypt(y);
  const Slots product = map(times, x, y);
  expectBound(multiply(a, b), product, "multiply");
  expectBound(rescale(multiply(a, b)), product, "multiply, rescale");
  expectBound(relinearize(multiply(a, b), on.keys), product, "relinearize");
  expectBound(rescale(relinearize(multiply(a, b), on.keys)), product, "relinearize, rescale");
  expectBound(relinearizeRescale(multiply(a, b), on.keys), product, "fused");
  expectBound(relinearizeRescale(square(a), on.keys), map(times, x, x), "square");
  expectBound(multiplyPlain(a, on.encode(y)), product, "multiply plain");
  expectBound(rescale(multiplyPlain(a, on.encode(y))), product, "multiply plain, rescale");
  expectBound(multiplyScalar(a, 0.7, on.scale()), map([](Complex v) { return 0.7 * v; }, x),
              "scalar");
  const auto prime = static_cast<double>(on.context->parameters().q[on.top()]);
  expectBound(rescale(multiplyScalar(a, {0, 0.7}, prime)),
              map([](Complex v) { return Complex(0, 0.7) * v; }, x), "complex scalar");
}

TEST_P(CkksNoise, KeySwitching) {
  // Secret-key encryption has little noise that could hide the key switch's.
  const Ciphertext a = encrypt(on.encode(x), on.secret);
  expectBound(rotate(a, 5, on.keys), rotated(x, 5), "rotate");
  expectBound(conjugate(a, on.keys), map([](Complex v) { return std::conj(v); }, x), "conjugate");
  const Ciphertext low = dropTo(a, 0);
  const Ciphertext turned = rotate(low, 5, on.keys);
  EXPECT_LE(measuredNoise(on, turned, rotated(x, 5)), turned.noise);
}

TEST_P(CkksNoise, DeepCircuit) {
  Slots expected = x;
  Ciphertext c = on.encrypt(x);
  while (c.level() > 0) {
    c = relinearizeRescale(square(c), on.keys);
    expected = map(times, expected, expected);
    expectBound(c, expected, "deep");
  }
}

TEST_P(CkksNoise, AdjustedAndDropped) {
  if (on.top() < 2) GTEST_SKIP() << "the chain is too short";
  const Ciphertext a = on.encrypt(x);
  expectBound(adjust(a, on.top() - 1, on.scale() * 1.001), x, "adjust");
  expectBound(dropTo(a, on.top() - 2), x, "drop");
}

INSTANTIATE_TEST_SUITE_P(Sets, CkksNoise, testing::ValuesIn(shapes()),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace veilsum::ckks
