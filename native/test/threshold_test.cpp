// Threshold keys against the clear, and their parts against naive oracles.

#include "gradient/threshold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "arith/crt.h"
#include "arith/primes.h"
#include "gradient/public_update.h"
#include "gradient/sum.h"
#include "wire/packed.h"

namespace veilsum::gradient {
namespace {

using Word = std::uint64_t;
using Bytes = std::vector<std::uint8_t>;
constexpr std::size_t kDegree = 1024;
constexpr int kFloodingBits = 50;

// 4 digits of 18 bits, and room for errors of 57 bits.
std::shared_ptr<const Codec> codecOf(std::vector<int> prime_bits = {43, 44, 45}) {
  std::vector<Word> q;
  for (int bits : prime_bits) q.push_back(arith::largestPrimes(bits, 2 * kDegree, 1)[0]);
  return Codec::create(rlwe::Context::create({kDegree, q, {}, 1}), {8, 18, 4});
}

// A key that `parties` made, and what each of them keeps.
struct Key {
  std::shared_ptr<const Codec> codec;
  int threshold, parties;
  random::Seed common;
  std::vector<Bytes> shares;  // of party 1, 2, ...
  std::vector<rlwe::PublicKey> key;
  std::vector<ring::Poly<ring::Eval>> dealt;  // all parties' points 1..n, in order
};

ring::Poly<ring::Eval> unpacked(const Codec& codec, std::span<const std::uint8_t> packed) {
  ring::Poly<ring::Eval> out(codec.basis());
  wire::unpack(packed, *codec.basis(), out.words());
  return out;
}

Key keyOf(std::shared_ptr<const Codec> codec, int threshold, int parties) {
  Key key{std::move(codec), threshold, parties, random::systemSeed(), {}, {}, {}};
  const std::size_t size = key.codec->polynomialBytes();
  ring::Poly<ring::Eval> b(key.codec->basis());
  std::vector<ring::Poly<ring::Eval>> sums;
  for (int i = 0; i < parties; ++i) sums.emplace_back(key.codec->basis());
  for (int i = 0; i < parties; ++i) {
    Bytes own(size), shares(size * static_cast<std::size_t>(parties));
    deal(*key.codec, key.common, random::systemSeed(), threshold, parties, own, shares);
    addInto(b, unpacked(*key.codec, own));
    for (int j = 0; j < parties; ++j) {
      auto share =
          unpacked(*key.codec, std::span(shares).subspan(static_cast<std::size_t>(j) * size, size));
      addInto(sums[static_cast<std::size_t>(j)], share);
      key.dealt.push_back(std::move(share));
    }
  }
  for (const auto& sum : sums) {
    Bytes packed(size);
    wire::pack(sum.words(), *key.codec->basis(), packed);
    key.shares.push_back(packed);
  }
  key.key.push_back(rlwe::PublicKey::load(key.codec->context(), key.common, b.words()));
  return key;
}

// a^-1 modulo a prime by the extended Euclidean algorithm: not how the code does it.
Word inverseOf(std::int64_t a, Word q) {
  __int128 r0 = q, r1 = ((a % static_cast<std::int64_t>(q)) + static_cast<std::int64_t>(q)), t0 = 0,
           t1 = 1;
  r1 %= q;
  while (r1 != 0) {
    const __int128 quotient = r0 / r1;
    std::swap(r0, r1);
    r1 -= quotient * r0;
    std::swap(t0, t1);
    t1 -= quotient * t0;
  }
  return static_cast<Word>((t0 % q + q) % q);
}

// The value at 0 of the polynomial through (points[k], values[k]), in 128-bit arithmetic.
Word interpolateAtZero(const std::vector<int>& points, const std::vector<Word>& values, Word q) {
  unsigned __int128 sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    unsigned __int128 term = values[i];
    for (std::size_t j = 0; j < points.size(); ++j) {
      if (j == i) continue;
      term = term * static_cast<Word>(points[j]) % q * inverseOf(points[j] - points[i], q) % q;
    }
    sum = (sum + term) % q;
  }
  return static_cast<Word>(sum);
}

std::int64_t centred(Word x, Word q) {
  return x > q / 2 ? -static_cast<std::int64_t>(q - x) : static_cast<std::int64_t>(x);
}

struct Sharing {
  int threshold, parties;
};

std::vector<Sharing> sharings() { return {{2, 3}, {3, 5}, {5, 5}, {1, 2}}; }

TEST(Threshold, SharesInterpolateToASmallSecretUnderTheKey) {
  const auto codec = codecOf();
  for (const Sharing& of : sharings()) {
    const Key key = keyOf(codec, of.threshold, of.parties);
    const Word q = codec->basis()->modulus(1).value();
    std::vector<int> points;  // the last ones
    for (int i = of.parties - of.threshold + 1; i <= of.parties; ++i) points.push_back(i);
    ring::Poly<ring::Eval> s(codec->basis());
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t k = 0; k < kDegree; ++k) {
        std::vector<Word> values;
        for (const int point : points) {
          Word sum = 0;
          for (int from = 0; from < of.parties; ++from) {
            const auto at = static_cast<std::size_t>(from * of.parties + point - 1);
            sum = codec->basis()->modulus(i).add(sum, key.dealt[at].residue(i)[k]);
          }
          values.push_back(sum);
        }
        s.residue(i)[k] = interpolateAtZero(points, values, codec->basis()->modulus(i).value());
      }
    }
    // b + a s is the sum of the errors, s that of the secrets.
    ring::Poly<ring::Eval> error = key.key[0].b.copy();
    mulAddInto(error, key.key[0].a, s);
    const auto e = toCoeff(std::move(error));
    const auto secret = toCoeff(std::move(s));
    Word different = 0;
    for (std::size_t k = 0; k < kDegree; ++k) {
      ASSERT_LE(std::abs(centred(secret.residue(1)[k], q)), of.parties);
      ASSERT_LE(std::abs(centred(e.residue(1)[k], q)), 21 * of.parties);
      different += secret.residue(1)[k] != 0;
    }
    EXPECT_GT(different, kDegree / 3);
  }
}

class Round {
 public:
  Round(const Key& key, int clients) : key_(key), sum_(2 * key.codec->n() * 3) {
    std::mt19937_64 random(3);
    const Codec& codec = *key.codec;
    expected_.resize(codec.chunkNumbers());
    for (int client = 0; client < clients; ++client) {
      std::vector<Word> numbers(codec.chunkNumbers());
      for (Word& number : numbers) number = random() & 255;
      Bytes packed(2 * codec.polynomialBytes());
      encryptPair(codec, key.key[0], std::span<const Word>(numbers), {1}, 0, packed);
      const Word weight = 1 + random() % 3;
      for (std::size_t p = 0; p < 2; ++p) {
        const std::uint8_t* start = packed.data() + p * codec.polynomialBytes();
        addPacked(codec, {&start, 1}, {&weight, 1},
                  std::span<Word>(sum_).subspan(p * words(), words()));
      }
      for (std::size_t i = 0; i < numbers.size(); ++i) expected_[i] += weight * numbers[i];
      weight_ += weight;
    }
    c0_.resize(codec.polynomialBytes());
    c1_.resize(codec.polynomialBytes());
    packSum(codec, std::span<Word>(sum_).first(words()), c0_);
    packSum(codec, std::span<Word>(sum_).subspan(words()), c1_);
  }

  // Party's part, with masks that pairs share: seed (i, j) is a function of both.
  Bytes part(int party, const std::vector<int>& participants, int flooding = kFloodingBits,
             std::uint8_t opening = 1) const {
    std::vector<random::Seed> masks;
    for (const int other : participants) {
      if (other == party) continue;
      masks.push_back({opening, static_cast<std::uint8_t>(std::min(party, other)),
                       static_cast<std::uint8_t>(std::max(party, other))});
    }
    Bytes out(key_.codec->polynomialBytes());
    openPart(*key_.codec, {party, participants, flooding},
             key_.shares[static_cast<std::size_t>(party - 1)], masks, 6, c1_, out);
    return out;
  }

  std::vector<Word> combined(const std::vector<Bytes>& parts, Word most) const {
    std::vector<const std::uint8_t*> all;
    for (const Bytes& each : parts) all.push_back(each.data());
    std::vector<Word> sums(key_.codec->chunkNumbers());
    combine(*key_.codec, c0_, all, most, sums);
    return sums;
  }
  Word most() const { return weight_ * 255; }
  const std::vector<Word>& expected() const { return expected_; }
  const Bytes& c0() const { return c0_; }
  const Bytes& c1() const { return c1_; }

 private:
  std::size_t words() const { return sum_.size() / 2; }
  const Key& key_;
  Buffer<Word> sum_;
  Word weight_ = 0;
  std::vector<Word> expected_;
  Bytes c0_, c1_;
};

constexpr Word kAny = ~Word{0} >> 1;

TEST(Threshold, AsManyPartiesAsNeededOpenExactly) {
  const auto codec = codecOf();
  for (const Sharing& of : sharings()) {
    const Key key = keyOf(codec, of.threshold, of.parties);
    const Round round(key, 5);
    for (const int first : {1, of.parties - of.threshold + 1}) {
      std::vector<int> participants;
      for (int i = 0; i < of.threshold; ++i) participants.push_back(first + i);
      std::vector<Bytes> parts;
      for (const int party : participants) parts.push_back(round.part(party, participants));
      EXPECT_EQ(round.combined(parts, round.most()), round.expected())
          << of.threshold << " of " << of.parties;
    }
  }
}

Code codeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::kInternal;
}

// The numbers that came out right: of random 18-bit ones, next to none.
std::size_t right(const std::vector<Word>& sums, const std::vector<Word>& expected) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) count += sums[i] == expected[i];
  return count;
}

TEST(Threshold, FewerPartsOrOtherSetsAreGarbage) {
  const auto codec = codecOf();
  const Key key = keyOf(codec, 3, 5);
  const Round round(key, 4);
  const std::vector<int> set{1, 3, 4};
  // Two of three parts; two parties who take themselves for a set of their own; sets that differ.
  const std::vector<std::vector<Bytes>> bad{
      {round.part(1, set), round.part(3, set)},
      {round.part(1, {1, 3}), round.part(3, {1, 3})},
      {round.part(1, set), round.part(3, set), round.part(4, {1, 2, 4})},
      {round.part(1, set), round.part(3, set), round.part(4, set, kFloodingBits, 2)},
      {round.part(1, set), round.part(1, set), round.part(4, set)}};
  for (const auto& parts : bad) {
    EXPECT_EQ(codeOf([&] { round.combined(parts, round.most()); }), Code::kBadInput);
    EXPECT_LT(right(round.combined(parts, kAny), round.expected()), 20u);
  }
}

// x = c_0 + sum of parts, divided by t: the errors that the openers see, of one coefficient each.
std::vector<double> errorsOf(const Codec& codec, const Bytes& c0, const std::vector<Bytes>& parts) {
  const ring::Basis& basis = *codec.basis();
  ring::Poly<ring::Coeff> x(codec.basis()), part(codec.basis());
  wire::unpack(c0, basis, x.words());
  for (const Bytes& each : parts) {
    wire::unpack(each, basis, part.words());
    addInto(x, part);
  }
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < basis.size(); ++i) moduli.push_back(basis.modulus(i));
  const arith::Crt crt(moduli);
  const double modulus = std::exp2(basis.log2());
  std::vector<double> errors;
  for (std::size_t k = 0; k < codec.n(); ++k) {
    std::vector<Word> residues, words(crt.product().size());
    for (std::size_t i = 0; i < basis.size(); ++i) residues.push_back(x.residue(i)[k]);
    crt.compose(residues, words);
    double value = 0;
    for (std::size_t w = words.size(); w-- > 0;) {
      value = value * std::exp2(64) + static_cast<double>(words[w]);
    }
    errors.push_back((value > modulus / 2 ? value - modulus : value) / std::exp2(4 * 18));
  }
  return errors;
}

TEST(Threshold, FloodingHasItsSizeAndDiffersEachTime) {
  const auto codec = codecOf();
  const Key key = keyOf(codec, 2, 3);
  const Round round(key, 3);
  const std::vector<int> set{2, 3};
  const auto errors = errorsOf(*codec, round.c0(), {round.part(2, set), round.part(3, set)});
  const double width = std::exp2(kFloodingBits);
  double squares = 0, sum = 0;
  for (const double error : errors) {
    ASSERT_LE(std::abs(error), 2 * 1.5 * width + std::exp2(20));
    squares += error * error;
    sum += error;
  }
  // Two sums of three uniform integers: variance w^2 / 2.
  const auto count = static_cast<double>(errors.size());
  EXPECT_NEAR(squares / count / (width * width), 0.5, 8 * std::sqrt(2 / count) / 2);
  EXPECT_NEAR(sum / count / width, 0, 8 * std::sqrt(0.5 / count));
  EXPECT_NE(round.part(2, set), round.part(2, set));
}

// Without its masks a part would tell c_1 share + small: here it is far from that.
TEST(Threshold, EachPartIsMasked) {
  const auto codec = codecOf();
  const Key key = keyOf(codec, 2, 2);
  const Round round(key, 3);
  const std::vector<int> set{1, 2};
  const auto alone = errorsOf(*codec, round.part(1, set), {});
  const auto other = errorsOf(*codec, round.part(1, set, kFloodingBits, 7), {});
  double squares = 0;
  for (std::size_t k = 0; k < alone.size(); ++k) {
    squares += (alone[k] - other[k]) * (alone[k] - other[k]);
  }
  const double largest = std::exp2(codec->basis()->log2() - 4 * 18);
  EXPECT_GT(std::sqrt(squares / static_cast<double>(alone.size())), largest / 10);
}

TEST(Threshold, FloodingErrorsAreSumsOfThreeUniforms) {
  random::Stream stream(random::systemSeed());
  for (const int bits : {1, 7, 64, 80, 120}) {
    std::vector<unsigned __int128> values(1000);
    floodingError(stream, bits, values);
    double sum = 0, squares = 0;
    const double width = std::exp2(bits), middle = 1.5 * (width - 1);
    for (const auto value : values) {
      ASSERT_LE(value, 3 * ((static_cast<unsigned __int128>(1) << bits) - 1));
      const double x = (static_cast<double>(value) - middle) / width;
      sum += x;
      squares += x * x;
    }
    const double variance = (1 - 1 / (width * width)) / 4;
    EXPECT_NEAR(sum / 1000, 0, 8 * std::sqrt(variance / 1000)) << bits;
    EXPECT_NEAR(squares / 1000, variance, 8 * variance * std::sqrt(2.0 / 1000)) << bits;
  }
}

TEST(Threshold, OneSeedIsOneDealing) {
  const auto codec = codecOf();
  const std::size_t size = codec->polynomialBytes();
  const random::Seed common = random::systemSeed(), secret = random::systemSeed();
  Bytes b(size), shares(3 * size), b2(size), shares2(3 * size);
  deal(*codec, common, secret, 2, 3, b, shares);
  deal(*codec, common, secret, 2, 3, b2, shares2);
  EXPECT_EQ(b, b2);
  EXPECT_EQ(shares, shares2);
  deal(*codec, common, random::systemSeed(), 2, 3, b2, shares2);
  EXPECT_NE(b, b2);
  EXPECT_NE(shares, shares2);
}

TEST(Threshold, RefusesWhatIsNoOpening) {
  const auto codec = codecOf();
  const Key key = keyOf(codec, 2, 3);
  const Round round(key, 3);
  for (const std::vector<int>& set :
       {std::vector<int>{2, 1}, {1, 1}, {0, 1}, {1, 65}, {2, 3}, {}}) {
    EXPECT_EQ(codeOf([&] { round.part(1, set); }), Code::kBadInput);
  }
  EXPECT_EQ(codeOf([&] { round.part(1, {1, 2}, 121); }), Code::kOutOfRange);
  Bytes b(codec->polynomialBytes()), shares(3 * codec->polynomialBytes());
  for (const int threshold : {0, 4}) {
    EXPECT_EQ(codeOf([&] { deal(*codec, key.common, key.common, threshold, 3, b, shares); }),
              Code::kOutOfRange);
  }
  std::vector<Bytes> parts{round.part(1, {1, 2}), round.part(2, {1, 2})};
  std::fill(parts[1].begin(), parts[1].begin() + 16, 0xff);
  EXPECT_EQ(codeOf([&] { round.combined(parts, kAny); }), Code::kCorrupt);
}

}  // namespace
}  // namespace veilsum::gradient
