// Eight numbers at once modulo the squares of their moduli, against mpz; and faults put into them.

#include <gmp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "paillier/fixed_base.h"
#include "paillier/products.h"
#include "random/stream.h"
#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

Mpz times(const Mpz& a, const Mpz& b, const Mpz& m) {
  Mpz result;
  mpz_mul(result, a, b);
  mpz_mod(result, result, m);
  return result;
}

// Moduli of one size: two of random limbs, the largest odd one, the smallest, and one of few bits.
struct Eight {
  explicit Eight(std::size_t bits) : stream(random::Seed{}, bits) {
    for (int kind = 0; kind < 5; ++kind) {
      Limbs m(bits / 64);
      for (mp_limb_t& limb : m) {
        limb = kind < 2 ? stream.next64() : kind == 2 ? ~mp_limb_t{0} : 0;
      }
      m[0] |= 1;
      m[m.size() - 1] |= mp_limb_t{1} << 63;
      if (kind == 4) m[m.size() / 2] |= 1024;
      moduli.emplace_back(m);
      squares.emplace_back(product(m, m));
    }
    std::array<SquaredModulus, kLanes> lanes;
    for (std::size_t l = 0; l < kLanes; ++l) lanes[l] = {&moduli[l % 5], &squares[l % 5]};
    constants = std::make_unique<SquareModuli>(lanes);
  }

  Limbs random(std::size_t limbs) {
    Limbs a(limbs);
    for (mp_limb_t& limb : a) limb = stream.next64();
    return a;
  }
  // 0, 1, M, M - 1 ..: what carries and borrows the farthest; then random ones.
  Limbs operand(std::size_t lane, int round) {
    const OddModulus &m = moduli[lane % 5], &m2 = squares[lane % 5];
    const Limbs zero = fromWord(0, m2.limbs()), one = fromWord(1, m2.limbs());
    switch ((round + static_cast<int>(lane)) % 7) {
      case 0:
        return fromWord(0, m2.limbs());
      case 1:
        return fromWord(1, m2.limbs());
      case 2:
        return m2.subtract(zero, one);
      case 3:
        return resized(m.value(), m2.limbs());
      case 4:
        return m2.subtract(resized(m.value(), m2.limbs()), one);
      default:
        return m2.reduce(random(m2.limbs() + 1));
    }
  }

  Mpz square(std::size_t lane) const { return Mpz(squares[lane % 5].value()); }
  // The number of a lane, from an element that leaves.
  Mpz left(SquareLanes& lanes, const LaneWords& element, std::size_t lane) {
    LaneWords out(constants->elementWords());
    lanes.leave(element, nullptr, out);
    const std::size_t k = constants->k(), limbs = moduli[0].limbs();
    const Mpz u(gather(out.data(), lane, k, limbs));
    const Mpz v(gather(out.data() + k * kLanes, lane, k, limbs));
    EXPECT_LE(mpz_cmp(v, Mpz(moduli[lane % 5].value())), 0);
    Mpz value;
    mpz_mul(value, v, Mpz(moduli[lane % 5].value()));
    mpz_sub(value, u, value);
    mpz_mod(value, value, square(lane));
    return value;
  }

  random::Stream stream;
  std::vector<OddModulus> moduli, squares;
  std::unique_ptr<SquareModuli> constants;
};

struct Operands {
  explicit Operands(std::vector<Limbs> values) : limbs(std::move(values)) {
    for (std::size_t l = 0; l < kLanes; ++l) numbers[l] = &limbs[l];
  }
  std::vector<Limbs> limbs;
  LaneNumbers numbers;
};

Operands operands(Eight& setup, int round) {
  std::vector<Limbs> values;
  for (std::size_t l = 0; l < kLanes; ++l) values.push_back(setup.operand(l, round));
  return Operands(std::move(values));
}

class Lanes : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (!lanesAvailable()) GTEST_SKIP() << "needs AVX-512 IFMA";
  }
};

TEST_P(Lanes, ProductsSquaresAndChainsAgreeWithMpz) {
  Eight setup(GetParam());
  SquareLanes lanes(*setup.constants);
  for (int round = 0; round < 14; ++round) {
    const Operands a = operands(setup, round), b = operands(setup, round / 7 + 3 * round);
    const LaneWords x = lanes.enter(a.numbers), y = lanes.enter(b.numbers);
    LaneWords xy(x.size()), xx(x.size());
    lanes.multiply(x, y, xy);
    lanes.square(x, xx);
    // In place, on results: values that were never reduced fully.
    LaneWords chain = xy.copy();
    for (int i = 0; i < 5; ++i) {
      lanes.square(chain, chain);
      lanes.multiply(chain, xx, chain);
      lanes.multiply(y, chain, chain);
    }
    for (std::size_t l = 0; l < kLanes; ++l) {
      const Mpz m = setup.square(l), A(a.limbs[l]), B(b.limbs[l]);
      EXPECT_EQ(setup.left(lanes, x, l), A);
      EXPECT_EQ(setup.left(lanes, xy, l), times(A, B, m));
      EXPECT_EQ(setup.left(lanes, xx, l), times(A, A, m));
      Mpz expected = times(A, B, m);
      for (int i = 0; i < 5; ++i) {
        expected = times(expected, expected, m);
        expected = times(times(expected, times(A, A, m), m), B, m);
      }
      EXPECT_EQ(setup.left(lanes, chain, l), expected);
    }
  }
  lanes.finish();
}

TEST_P(Lanes, NumbersOfAnyLengthEnter) {
  Eight setup(GetParam());
  SquareLanes lanes(*setup.constants);
  for (std::size_t limbs :
       {std::size_t{1}, GetParam() / 64, 3 * GetParam() / 64, 4 * GetParam() / 64}) {
    std::vector<Limbs> values;
    for (std::size_t l = 0; l < kLanes; ++l) {
      values.push_back(setup.random(limbs));
      if (l == 0) {
        for (mp_limb_t& limb : values[0]) limb = ~mp_limb_t{0};
      }
    }
    const Operands a(std::move(values));
    const LaneWords x = lanes.enter(a.numbers);
    for (std::size_t l = 0; l < kLanes; ++l) {
      Mpz expected(a.limbs[l]);
      mpz_mod(expected, expected, setup.square(l));
      EXPECT_EQ(setup.left(lanes, x, l), expected);
    }
  }
  lanes.finish();
}

TEST_P(Lanes, PowersAgreeWithMpz) {
  Eight setup(GetParam());
  SquareLanes lanes(*setup.constants);
  for (std::size_t bits : {std::size_t{1}, std::size_t{63}, std::size_t{130}}) {
    for (std::size_t window : {1u, 4u, 5u, 6u}) {
      const Operands base = operands(setup, static_cast<int>(bits + window));
      std::vector<Limbs> values;
      for (std::size_t l = 0; l < kLanes; ++l) {
        Limbs e = setup.random((bits + 63) / 64);
        if (bits % 64 != 0) e[e.size() - 1] >>= 64 - bits % 64;
        if (l == 1) e = fromWord(0, e.size());
        values.push_back(std::move(e));
      }
      const Operands exponent(std::move(values));
      const LaneWords result =
          lanes.power(lanes.enter(base.numbers), Windows(exponent.numbers, bits, window));
      for (std::size_t l = 0; l < kLanes; ++l) {
        Mpz expected;
        mpz_powm(expected, Mpz(base.limbs[l]), Mpz(exponent.limbs[l]), setup.square(l));
        EXPECT_EQ(setup.left(lanes, result, l), expected) << bits << " " << window << " " << l;
      }
    }
  }
  lanes.finish();
}

TEST_P(Lanes, LeavingMultipliesByOnePlusAMultipleOfTheModulus) {
  Eight setup(GetParam());
  SquareLanes lanes(*setup.constants);
  const Operands a = operands(setup, 5);
  std::vector<Limbs> factors;
  for (std::size_t l = 0; l < kLanes; ++l) {
    factors.push_back(setup.moduli[l % 5].reduce(setup.random(setup.moduli[0].limbs())));
  }
  const Operands w(std::move(factors));
  LaneWords out(setup.constants->elementWords());
  lanes.leave(lanes.enter(a.numbers), &w.numbers, out);
  lanes.finish();
  const std::size_t k = setup.constants->k(), limbs = setup.moduli[0].limbs();
  for (std::size_t l = 0; l < kLanes; ++l) {
    const Mpz m(setup.moduli[l % 5].value()), m2 = setup.square(l);
    Mpz expected, value;
    mpz_mul(expected, Mpz(w.limbs[l]), m);
    mpz_ui_sub(expected, 1, expected);
    mpz_mul(expected, expected, Mpz(a.limbs[l]));
    mpz_mod(expected, expected, m2);
    mpz_mul(value, Mpz(gather(out.data() + k * kLanes, l, k, limbs)), m);
    mpz_sub(value, Mpz(gather(out.data(), l, k, limbs)), value);
    mpz_mod(value, value, m2);
    EXPECT_EQ(value, expected);
  }
}

// A flipped bit in any limb or checksum of any lane: the product that reads it is refused.
TEST_P(Lanes, AFaultInAnyLimbIsFound) {
  Eight setup(GetParam());
  SquareLanes good(*setup.constants);
  const Operands a = operands(setup, 5), b = operands(setup, 6);
  const LaneWords x = good.enter(a.numbers), y = good.enter(b.numbers);
  LaneWords out(x.size());
  good.finish();
  for (std::size_t word = 0; word < x.size(); word += 7) {
    // A zero operand makes every value of the other right.
    const std::size_t lane = word % kLanes;
    if (isZero(b.limbs[lane]) || isZero(a.limbs[lane])) continue;
    LaneWords bad = x.copy();
    bad[word] ^= ifma::Word{1} << (word * 7 % 51);
    SquareLanes lanes(*setup.constants);
    lanes.multiply(bad, y, out);
    EXPECT_THROW(lanes.finish(), Error) << word;
    EXPECT_THROW(lanes.finish(1u << lane), Error);
    lanes.finish(0xff & ~(1u << lane));
    SquareLanes squares(*setup.constants);
    squares.square(bad, out);
    EXPECT_THROW(squares.finish(), Error) << word;
  }
}

INSTANTIATE_TEST_SUITE_P(Bits, Lanes, testing::Values(1024, 1536, 2048, 3072, 4096));

TEST_P(Lanes, FixedBasesGiveThePowersOfMpz) {
  Eight eight(GetParam());
  const OddModulus &m = eight.moduli[0], &m2 = eight.squares[0];
  std::array<SquaredModulus, kLanes> same;
  same.fill({&m, &m2});
  const SquareModuli moduli(same);
  SquareLanes lanes(moduli);
  Limbs h = m2.reduce(eight.random(m2.limbs()));
  while (!m.isUnitPublic(h)) h = m2.add(h, fromWord(1, m2.limbs()));
  for (std::size_t bits : {std::size_t{6}, std::size_t{64}, std::size_t{67}}) {
    const FixedBase base(moduli, lanes.enter(allLanes(h)), bits);
    std::vector<Operands> groups;
    for (int group = 0; group < 3; ++group) {
      std::vector<Limbs> exponents;
      for (std::size_t l = 0; l < kLanes; ++l) {
        Limbs x = eight.random(2);
        x[1] &= (mp_limb_t{1} << (bits > 64 ? bits - 64 : 0)) - 1;
        if (bits < 64) x[0] &= (mp_limb_t{1} << bits) - 1;
        if (group == 0 && l < 2) x = fromWord(l, 2);
        exponents.push_back(std::move(x));
      }
      groups.emplace_back(std::move(exponents));
    }
    const std::vector<LaneNumbers> numbers = {groups[0].numbers, groups[1].numbers,
                                              groups[2].numbers};
    const auto powers = base.powers(lanes, numbers);
    LaneWords out(moduli.elementWords());
    for (std::size_t group = 0; group < 3; ++group) {
      lanes.leave(powers[group], nullptr, out);
      for (std::size_t l = 0; l < kLanes; ++l) {
        Mpz expected, value;
        mpz_powm(expected, Mpz(h), Mpz(groups[group].limbs[l]), Mpz(m2.value()));
        mpz_mul(value, Mpz(gather(out.data() + moduli.k() * kLanes, l, moduli.k(), m.limbs())),
                Mpz(m.value()));
        mpz_sub(value, Mpz(gather(out.data(), l, moduli.k(), m.limbs())), value);
        mpz_mod(value, value, Mpz(m2.value()));
        EXPECT_EQ(value, expected) << bits << " " << group << " " << l;
      }
    }
  }
  lanes.finish();
}

TEST(LaneProducts, AgreeWithMpzForEveryKeySize) {
  if (!lanesAvailable()) GTEST_SKIP() << "needs AVX-512 IFMA";
  for (std::size_t bits : {2048u, 3072u, 4096u}) {
    Eight eight(bits);
    const OddModulus &n = eight.moduli[1], &n2 = eight.squares[1];
    const Products products(n, n2);
    const std::size_t size = bits / 4;
    const Mpz modulus(n2.value());
    constexpr std::size_t kCount = 70;
    std::vector<std::uint8_t> numbers(kCount * size), out(kLanes * size);
    std::vector<Limbs> values;
    for (std::size_t i = 0; i < kCount; ++i) {
      Limbs value = n2.reduce(eight.random(n2.limbs()));
      if (i == 3) value = n2.subtract(fromWord(0, n2.limbs()), fromWord(1, n2.limbs()));
      if (i == 4) value = fromWord(1, n2.limbs());
      if (i == 13) value = n2.add(resized(n.value(), n2.limbs()), fromWord(1, n2.limbs()));
      toBytes(value, {numbers.data() + i * size, size});
      values.push_back(std::move(value));
    }
    for (std::size_t count : {1u, 5u, 8u}) {
      const unsigned ones =
          products.multiply(numbers.data(), numbers.data() + 9 * size, out.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(Mpz(fromBytes({out.data() + i * size, size}, n2.limbs())),
                  times(Mpz(values[i]), Mpz(values[9 + i]), modulus));
      }
      // 1 (1 + N) is 1 modulo N; no other is.
      EXPECT_EQ(ones & ((1u << count) - 1), count > 4 ? 16u : 0u);
    }
    for (std::size_t count : {1u, 8u, 9u, 16u, 70u}) {
      Mpz expected(fromWord(1, 1));
      for (std::size_t i = 0; i < count; ++i) expected = times(expected, Mpz(values[i]), modulus);
      EXPECT_EQ(Mpz(products.all(numbers.data(), count)), expected) << count;
    }
    toBytes(n2.value(), {numbers.data() + 5 * size, size});
    EXPECT_THROW(products.all(numbers.data(), 8), Error);
    std::fill_n(numbers.data() + 5 * size, size, 0);
    EXPECT_THROW(products.multiply(numbers.data(), numbers.data(), out.data(), 8), Error);
  }
}

TEST(LaneTables, EveryEntryIsFound) {
  if (!lanesAvailable()) GTEST_SKIP() << "needs AVX-512 IFMA";
  const std::size_t words = 42;
  LaneWords table(ifma::kRowEntries * words * kLanes), row(ifma::kRowEntries * words),
      digits(kLanes), out(words * kLanes);
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = i * 0x9e3779b97f4a7c15;
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i * 0xd1342543de82ef95;
  for (std::size_t first = 0; first < ifma::kRowEntries; ++first) {
    for (std::size_t l = 0; l < kLanes; ++l) digits[l] = (first + 11 * l) % ifma::kRowEntries;
    ifma::select(table.data(), ifma::kRowEntries, words * kLanes, digits.data(), out.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out[i], table[digits[i % kLanes] * words * kLanes + i]);
    }
    ifma::lookup(row.data(), words, digits.data(), out.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out[i], row[i / kLanes * ifma::kRowEntries + digits[i % kLanes]]);
    }
  }
}

}  // namespace
}  // namespace veilsum::paillier
