// The public noise bound: it holds at every step, is within 4 bits a level of the measured noise,
// and everything that it lets through decrypts exactly. Multiplication against big integers.

#include <gtest/gtest.h>

#include <array>

#include "bfv/noise.h"
#include "bfv_cases.h"

namespace veilsum::bfv::testing {
namespace {

constexpr double kSlackBitsPerLevel = 4;  // a fresh ciphertext counts as one level

std::vector<Case> deepCases() {
  const std::vector<int> q10(10, 46), q20(20, 30), q7(7, 60);
  return {
      {"t2", 2048, std::vector<int>(5, 46), {46}, 1, 0, 2},
      {"t65537", 2048, q10, {46, 46}, 2, 0, 65537},
      {"t65537n8192", 8192, {36, 36, 36, 36}, {37}, 1, 0, 65537},
      {"t20Bits30", 2048, q20, {30}, 1, 20},
      {"t40", 2048, q10, {46, 46, 46}, 3, 40},
      {"t60Seal60", 2048, q7, {60}, 1, 60},
      {"t2pow32", 2048, q10, {46, 46}, 2, 0, std::uint64_t{1} << 32},
  };
}

class BfvNoise : public ::testing::TestWithParam<Case> {
 protected:
  // Bits between bound and measurement, which must be in [0, slack].
  double expectWithin(const Ciphertext& c, double slack, const char* what) {
    const double measured = log2MeasuredNoise(c, s.secret);
    EXPECT_LE(measured, c.log2_noise) << what;
    EXPECT_LE(c.log2_noise - measured, slack) << what;
    return c.log2_noise - measured;
  }

  std::uint64_t left1 = rlwe::galoisElement(GetParam().n, 1);
  Setting s{GetParam(), {left1}};
};

TEST_P(BfvNoise, OneOperationIsWithinALevelsSlack) {
  const Clear m1 = s.randomClear(), m2 = s.edgeClear();
  const Ciphertext a = s.encrypted(m1), b = s.encrypted(m2);
  expectWithin(a, kSlackBitsPerLevel, "public key");
  expectWithin(encrypt(s.plain(m1), s.secret, s.context->maxLevel()), kSlackBitsPerLevel,
               "secret key");
  expectWithin(add(a, b), kSlackBitsPerLevel, "add");
  expectWithin(addPlain(a, s.plain(m2)), kSlackBitsPerLevel, "addPlain");
  expectWithin(multiplyScalar(a, -7), kSlackBitsPerLevel, "multiplyScalar");
  expectWithin(multiplyPlain(a, s.plain(m2)), 2 * kSlackBitsPerLevel, "multiplyPlain");
  expectWithin(modSwitch(a), kSlackBitsPerLevel, "modSwitch");
  expectWithin(modSwitchTo(a, 1), kSlackBitsPerLevel, "modSwitchTo");
  expectWithin(rotateRows(a, 1, s.keys), kSlackBitsPerLevel, "rotateRows");
}

// Squares and products until the bound refuses.
TEST_P(BfvNoise, EveryDepthThatIsAllowedIsExact) {
  for (const bool squares : {true, false}) {
    Clear m = s.randomClear();
    const Clear factor = s.edgeClear();
    Ciphertext c = s.encrypted(m);
    const Ciphertext fresh = s.encrypted(factor);
    int depth = 0;
    double slack = 0;
    for (;; ++depth) {
      ASSERT_LT(depth, 40);
      Ciphertext next;
      try {
        next = squares ? squareRelinearize(c, s.keys) : multiplyRelinearize(c, fresh, s.keys);
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), Code::kNoiseBudget);
        EXPECT_NE(std::string(e.what()).find("bits of noise budget"), std::string::npos);
        break;
      }
      c = std::move(next);
      m = squares ? m * m : m * factor;
      ASSERT_EQ(s.decrypted(c), m.m) << "depth " << depth + 1;
      slack = expectWithin(c, kSlackBitsPerLevel * (depth + 2), "product");
      EXPECT_GE(noiseBudgetBits(c), 0);
    }
    std::cout << (squares ? "squares" : "products") << ": depth " << depth << ", " << slack
              << " bits between bound and noise, budget " << noiseBudgetBits(c) << "\n";
    EXPECT_GE(depth, 2);
  }
}

// The same with the modulus switched down between products.
TEST_P(BfvNoise, LevelsMayBeDroppedOnTheWay) {
  Clear m = s.randomClear();
  Ciphertext c = s.encrypted(m);
  int products = 0;
  for (; products < 40; ++products) {
    try {
      c = squareRelinearize(c, s.keys);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kNoiseBudget);
      break;
    }
    m = m * m;
    while (c.level() > 0) {
      // Drop a prime while that costs less than a bit.
      const double cost = noiseBudgetBits(c) - (s.context->log2NoiseLimit(c.level() - 1) -
                                                log2NoiseAt(c, c.level() - 1));
      if (cost > 1) break;
      c = modSwitch(c);
    }
    ASSERT_EQ(s.decrypted(c), m.m) << "product " << products + 1;
    expectWithin(c, kSlackBitsPerLevel * (products + 2), "product");
  }
  EXPECT_GE(products, 2);
}

// Doubling costs a bit each time, until the last one that fits; the next is refused.
TEST_P(BfvNoise, AdditionsStopAtTheLimit) {
  Clear m = s.edgeClear();
  Ciphertext c = modSwitchTo(s.encrypted(m), s.context->t() < (std::uint64_t{1} << 58) ? 1 : 2);
  int doublings = 0;
  for (; doublings < 2000; ++doublings) {
    if (noiseBudgetBits(c) < 1) break;
    c = add(c, c);
    m = m + m;
  }
  EXPECT_EQ(s.decrypted(c), m.m);
  try {
    add(c, c);
    ADD_FAILURE() << "an addition beyond the limit was let through";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kNoiseBudget);
  }
  expectWithin(c, kSlackBitsPerLevel, "doublings");
}

INSTANTIATE_TEST_SUITE_P(Sets, BfvNoise, ::testing::ValuesIn(deepCases()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(BfvNoiseBounds, HoldOverManyEncryptionsAndKeys) {
  const Case c{"", 2048, {46, 46}, {46}, 1, 0, 65537};
  for (std::uint8_t key = 0; key < 5; ++key) {
    Setting s(c);
    const auto secret = rlwe::SecretKey::generate(s.context->rlwe(), random::Seed{key, 9});
    const auto public_key = rlwe::PublicKey::generate(secret);
    for (int i = 0; i < 20; ++i) {
      const Plaintext m = s.plain(s.edgeClear());
      const Ciphertext a = encrypt(m, public_key, 1), b = encrypt(m, secret, 1);
      EXPECT_LE(log2MeasuredNoise(a, secret), a.log2_noise);
      EXPECT_LE(log2MeasuredNoise(b, secret), b.log2_noise);
    }
  }
}

// --- the big-integer oracle ---

// 320-bit two's complement integers: as wide as t n Q^2 for the primes below.
struct Wide {
  std::array<std::uint64_t, 5> w{};

  static Wide of(arith::u128 x) {
    return {{static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(x >> 64)}};
  }
  bool negative() const { return w[4] >> 63; }
  Wide operator+(const Wide& b) const {
    Wide r;
    arith::u128 carry = 0;
    for (int i = 0; i < 5; ++i) {
      carry += arith::u128{w[i]} + b.w[i];
      r.w[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return r;
  }
  Wide operator-() const {
    Wide r;
    for (int i = 0; i < 5; ++i) r.w[i] = ~w[i];
    return r + of(1);
  }
  Wide operator-(const Wide& b) const { return *this + -b; }
  Wide operator*(const Wide& b) const {  // modulo 2^320
    Wide r;
    for (int i = 0; i < 5; ++i) {
      arith::u128 carry = 0;
      for (int j = 0; i + j < 5; ++j) {
        carry += arith::u128{w[i]} * b.w[j] + r.w[i + j];
        r.w[i + j] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
      }
    }
    return r;
  }
  Wide doubled() const { return *this + *this; }
};

// floor(x / q) for a positive q below 2^120.
Wide floorDivide(const Wide& x, arith::u128 q) {
  if (x.negative()) return -floorDivide(-x + Wide::of(q - 1), q);
  Wide quotient;
  arith::u128 rest = 0;
  for (int bit = 319; bit >= 0; --bit) {
    rest = rest << 1 | (x.w[bit / 64] >> bit % 64 & 1);
    if (rest >= q) {
      rest -= q;
      quotient.w[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
  }
  return quotient;
}

std::uint64_t residue(const Wide& x, std::uint64_t q) {
  const Wide r = x - floorDivide(x, q) * Wide::of(q);
  return r.w[0];
}

TEST(BfvMultiplication, AgreesWithBigIntegers) {
  const Case c{"", 1024, {46, 44}, {46}, 1, 20};
  Setting s(c);
  const Ciphertext a = s.encrypted(s.randomClear()), b = s.encrypted(s.randomClear());
  const ring::Basis& basis = a.body.parts[0].basis();
  const std::uint64_t q0 = basis.modulus(0).value(), q1 = basis.modulus(1).value();
  const arith::u128 q = arith::u128{q0} * q1;

  // Centred integers, by Garner's formula.
  const auto integers = [&](const ring::Poly<ring::Coeff>& x) {
    std::vector<Wide> out;
    const std::uint64_t inverse = basis.modulus(1).inverse(q0 % q1);
    for (std::size_t k = 0; k < x.n(); ++k) {
      const std::uint64_t x0 = x.residue(0)[k], x1 = x.residue(1)[k];
      const std::uint64_t d = basis.modulus(1).mul(basis.modulus(1).sub(x1, x0 % q1), inverse);
      const arith::u128 value = arith::u128{q0} * d + x0;
      out.push_back(value > q / 2 ? -Wide::of(q - value) : Wide::of(value));
    }
    return out;
  };
  const auto multiplyAdd = [&](std::vector<Wide>& sum, const std::vector<Wide>& x,
                               const std::vector<Wide>& y) {
    for (std::size_t i = 0; i < c.n; ++i) {
      for (std::size_t j = 0; j < c.n; ++j) {
        Wide& target = sum[(i + j) % c.n];
        const Wide product = x[i] * y[j];
        target = i + j < c.n ? target + product : target - product;
      }
    }
  };
  std::vector<std::vector<Wide>> x, y, tensor(3, std::vector<Wide>(c.n));
  for (std::size_t i = 0; i < 2; ++i) {
    x.push_back(integers(a.body.parts[i]));
    y.push_back(integers(b.body.parts[i]));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) multiplyAdd(tensor[i + j], x[i], y[j]);
  }

  const Ciphertext product = multiply(a, b);
  const Wide t = Wide::of(s.context->t());
  for (std::size_t part = 0; part < 3; ++part) {
    for (std::size_t k = 0; k < c.n; ++k) {
      // round(t x / Q) = floor((2 t x + Q) / 2Q)
      const Wide scaled = floorDivide((t * tensor[part][k]).doubled() + Wide::of(q), 2 * q);
      ASSERT_EQ(product.body.parts[part].residue(0)[k], residue(scaled, q0));
      ASSERT_EQ(product.body.parts[part].residue(1)[k], residue(scaled, q1));
    }
  }
}

}  // namespace
}  // namespace veilsum::bfv::testing
