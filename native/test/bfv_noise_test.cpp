// The public noise bound: it holds at every step, is within 4 bits a level of the measured noise,
// and everything that it lets through decrypts exactly. Multiplication against big integers.

#include <gtest/gtest.h>

#include <array>

#include "bfv/noise.h"
#include "bfv/product_tables.h"
#include "bfv_cases.h"
#include "rlwe/key_switch.h"

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

// floor(x / q) for a positive q.
Wide floorDivide(const Wide& x, const Wide& q) {
  if (x.negative()) return -floorDivide(-x + q - Wide::of(1), q);
  Wide quotient, rest;
  for (int bit = 319; bit >= 0; --bit) {
    rest = rest.doubled() + Wide::of(x.w[bit / 64] >> bit % 64 & 1);
    const Wide less = rest - q;
    if (!less.negative()) {
      rest = less;
      quotient.w[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
  }
  return quotient;
}
Wide floorDivide(const Wide& x, std::uint64_t q) { return floorDivide(x, Wide::of(q)); }
Wide roundedQuotient(const Wide& x, const Wide& q) {
  return floorDivide(x.doubled() + q, q.doubled());
}
std::uint64_t residue(const Wide& x, std::uint64_t q) {
  return (x - floorDivide(x, q) * Wide::of(q)).w[0];
}
Wide centred(const Wide& x, const Wide& q) { return x - roundedQuotient(x, q) * q; }

using Integers = std::vector<Wide>;

Wide productOf(const ring::Basis& basis) {
  Wide product = Wide::of(1);
  for (const std::uint64_t prime : basis.primes()) product = product * Wide::of(prime);
  return product;
}

// The coefficients as centred integers, by the Chinese remainder theorem.
Integers integersOf(const ring::Poly<ring::Coeff>& x) {
  const Wide all = productOf(x.basis());
  Integers out(x.n());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const arith::Modulus& q = x.basis().modulus(i);
    const Wide others = floorDivide(all, q.value());
    const std::uint64_t inverse = q.inverse(residue(others, q.value()));
    for (std::size_t k = 0; k < x.n(); ++k) {
      out[k] = out[k] + others * Wide::of(q.mul(x.residue(i)[k], inverse));
    }
  }
  for (Wide& value : out) value = centred(value, all);
  return out;
}

// sum += x y modulo X^n + 1.
void multiplyAdd(Integers& sum, const Integers& x, const Integers& y) {
  const std::size_t n = sum.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      Wide& target = sum[(i + j) % n];
      const Wide product = x[i] * y[j];
      target = i + j < n ? target + product : target - product;
    }
  }
}

std::vector<Integers> tensorOf(const std::vector<Integers>& x, const std::vector<Integers>& y) {
  std::vector<Integers> tensor(3, Integers(x[0].size()));
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) multiplyAdd(tensor[i + j], x[i], y[j]);
  }
  return tensor;
}

void expectPart(const ring::Poly<ring::Coeff>& part, const Integers& expected) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    const std::uint64_t q = part.basis().modulus(i).value();
    for (std::size_t k = 0; k < part.n(); ++k) {
      ASSERT_EQ(part.residue(i)[k], residue(expected[k], q)) << "residue " << i << " of " << k;
    }
  }
}

struct BigIntegers : ::testing::Test {
  Setting s{Case{"", 1024, {46, 44}, {46}, 1, 20}};
  Ciphertext a = s.encrypted(s.randomClear()), b = s.encrypted(s.randomClear());
  const ring::BasisPtr basis = a.body.parts[0].basisPtr();
  Wide t = Wide::of(s.context->t()), q = productOf(*basis);
  std::vector<Integers> x{integersOf(a.body.parts[0]), integersOf(a.body.parts[1])};
  std::vector<Integers> y{integersOf(b.body.parts[0]), integersOf(b.body.parts[1])};

  // round(t x / modulus).
  Integers scaled(const Integers& values, const Wide& modulus) const {
    Integers result;
    for (const Wide& value : values) result.push_back(roundedQuotient(t * value, modulus));
    return result;
  }
};

TEST_F(BigIntegers, AgreeWithInnerProducts) {
  const Ciphertext* const left[] = {&a};
  const Ciphertext* const right[] = {&b};
  const Ciphertext product = innerProduct(left, right);
  const auto tensor = tensorOf(x, y);
  for (std::size_t i = 0; i < 3; ++i) expectPart(product.body.parts[i], scaled(tensor[i], q));
}

// The second operand switched to R, for a fresh one of as many primes as Q: the special prime
// first.
TEST_F(BigIntegers, AgreeWithProducts) {
  const auto& tables = s.context->product(1, [](double log2_shrink) { return log2_shrink < 0; });
  ASSERT_EQ(tables.r->size(), 2u);
  ASSERT_EQ(tables.r->modulus(0).value(), s.context->rlwe()->parameters().p[0]);
  const Wide r = productOf(*tables.r);
  for (Integers& part : y) {
    for (Wide& value : part) value = centred(roundedQuotient(r * value, q), r);
  }
  const auto tensor = tensorOf(x, y);
  const Ciphertext product = multiply(a, b);
  for (std::size_t i = 0; i < 3; ++i) expectPart(product.body.parts[i], scaled(tensor[i], r));

  // Relinearized: round((t x_i + R' k_i) / R).
  const auto [k0, k1] = rlwe::innerProduct(
      rlwe::decompose(*s.context->rlwe(), product.body.parts[2]), s.keys.relin());
  const Ciphertext relinearized = multiplyRelinearize(a, b, s.keys);
  const Wide rest = Wide::of(tables.r->modulus(1).value());
  for (std::size_t i = 0; i < 2; ++i) {
    const Integers switched = integersOf(toCoeff((i == 0 ? k0 : k1).copy()));
    Integers expected;
    for (std::size_t k = 0; k < switched.size(); ++k) {
      expected.push_back(roundedQuotient(t * tensor[i][k] + rest * switched[k], r));
    }
    expectPart(relinearized.body.parts[i], expected);
  }
}

// --- operands of any noise, up to what a product refuses ---

// a with 2^bits X^place added to its noise.
Ciphertext withNoise(const Ciphertext& a, int bits, std::size_t place) {
  Ciphertext result = a.copy();
  ring::Poly<ring::Coeff>& c0 = result.body.parts[0];
  for (std::size_t i = 0; i < c0.size(); ++i) {
    const arith::Modulus& q = c0.basis().modulus(i);
    std::uint64_t error = 1;
    for (int k = 0; k < bits; ++k) error = q.add(error, error);
    c0.residue(i)[place] = q.add(c0.residue(i)[place], error);
  }
  result.log2_noise = log2Sum(a.log2_noise, bits);
  return result;
}

class NoisyProducts : public ::testing::TestWithParam<Case> {};

// The moduli that the second operand is switched to get shorter with the noise, down to the special
// primes alone.
TEST_P(NoisyProducts, AreRightOrRefused) {
  const Case& c = GetParam();
  Case keyed = c;
  if (keyed.p_bits.empty()) keyed.p_bits = {46};  // for the keys of the setting alone
  Setting s(keyed);
  ContextPtr context = s.context;
  if (c.p_bits.empty()) {
    rlwe::ParameterSet set = context->rlwe()->parameters();
    set.p.clear();
    context = Context::create(rlwe::Context::create(set), context->t());
  }
  const auto secret = rlwe::SecretKey::generate(context->rlwe(), random::Seed{1, 2, 3});
  const CoefficientEncoder encoder(context);
  const Clear m1 = s.edgeClear(), m2 = s.edgeClear(), expected = m1 * m2;
  const auto check = [&](const Ciphertext& product) {
    EXPECT_LE(log2MeasuredNoise(product, secret), product.log2_noise);
    std::vector<std::uint64_t> out(context->n());
    encoder.decode(decrypt(product, secret), out);
    EXPECT_EQ(out, expected.m);
  };
  std::size_t allowed = 0, refused = 0;
  for (std::size_t level = 0; level <= context->maxLevel(); ++level) {
    const double limit = context->log2NoiseLimit(level);
    if (limit < log2FreshSecretNoise(*context) + 1) continue;
    const Ciphertext fresh[2] = {encrypt(encoder.encode(m1.m), secret, level),
                                 encrypt(encoder.encode(m2.m), secret, level)};
    const int last = static_cast<int>(limit - std::log2(static_cast<double>(context->t())));
    for (const int bits : {last / 2, last - 40, last - 30, last - 20, last - 14, last - 12,
                           last - 11, last - 10, last - 9}) {
      if (bits < 0) continue;
      for (const bool first : {true, false}) {
        const Ciphertext a = first ? withNoise(fresh[0], bits, 5) : fresh[0].copy();
        const Ciphertext b =
            first ? withNoise(fresh[1], bits / 2, 0) : withNoise(fresh[1], bits, 7);
        try {
          check(multiply(a, b));
          if (!c.p_bits.empty()) check(multiplyRelinearize(a, b, s.keys));
          ++allowed;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), Code::kNoiseBudget) << error.what();
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(allowed, 0u);
  EXPECT_GT(refused, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Sets, NoisyProducts,
    ::testing::Values(
        Case{"t20", 1024, {46, 46, 46, 46}, {46}, 1, 20},
        Case{"t60Seal60", 1024, {60, 60, 60, 60, 60}, {60}, 1, 60},
        Case{"t2Bits20", 1024, std::vector<int>(6, 20), {21}, 1, 0, 2},
        Case{"longP", 1024, {46, 46}, {60, 60, 60}, 2, 20},
        Case{"noP", 1024, {46, 46, 46}, {}, 1, 20},
        Case{"mixed", 1024, {50, 36, 60, 30, 52}, {51, 49}, 2, 30},
        Case{"t2pow59", 1024, {46, 46, 46, 46, 46}, {46, 46}, 2, 0, std::uint64_t{1} << 59},
        Case{"t2", 1024, {30, 30, 30, 30}, {31}, 1, 0, 2},
        Case{"manyDigits", 1024, std::vector<int>(8, 46), {46}, 1, 40}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace veilsum::bfv::testing
