// Encrypted sums of gradients against the clear, and the codec against big integers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "arith/crt.h"
#include "arith/primes.h"
#include "gradient/sum.h"
#include "gradient/update.h"
#include "random/samplers.h"
#include "wire/packed.h"

namespace veilsum::gradient {
namespace {

using Word = std::uint64_t;
constexpr std::size_t kDegree = 1024;

// The largest primes of these sizes, ascending.
rlwe::ContextPtr contextOf(std::vector<int> prime_bits, std::size_t n = kDegree) {
  std::vector<Word> q;
  std::sort(prime_bits.begin(), prime_bits.end());
  for (std::size_t i = 0; i < prime_bits.size(); ++i) {
    const auto equal = static_cast<std::size_t>(std::count(
        prime_bits.begin(), prime_bits.begin() + static_cast<std::ptrdiff_t>(i), prime_bits[i]));
    q.push_back(arith::largestPrimes(prime_bits[i], 2 * n, equal + 1)[equal]);
  }
  std::sort(q.begin(), q.end());
  return rlwe::Context::create({n, q, {}, 1});
}

struct Case {
  std::vector<int> prime_bits;
  Layout layout;
};

std::vector<Case> cases() {
  return {
      {{36}, {2, 4, 5}},                    // one word, one prime
      {{45, 45}, {16, 26, 3}},              // two words
      {{34, 34, 34}, {8, 18, 5}},           // the set for 8 bits and 2^10 clients
      {{30, 31}, {32, 46, 1}},              // one digit
      {{37, 37}, {32, 56, 1}},              //
      {{46, 46, 46, 46, 26}, {8, 18, 11}},  // four words
      {{46, 46, 46}, {4, 32, 4}},           // digits that end with a word
  };
}

std::string describe(const Case& c) {
  return std::to_string(c.layout.per_coefficient) + " digits of " +
         std::to_string(c.layout.digit_bits) + " bits";
}

TEST(Gradient, DecodesWhatBigIntegersSay) {
  std::mt19937_64 random(7);
  for (const Case& c : cases()) {
    const auto codec = Codec::create(contextOf(c.prime_bits), c.layout);
    const ring::Basis& basis = *codec->basis();
    std::vector<arith::Modulus> moduli;
    for (std::size_t i = 0; i < basis.size(); ++i) moduli.push_back(basis.modulus(i));
    const arith::Crt crt(moduli);
    const int message_bits = c.layout.per_coefficient * c.layout.digit_bits;
    // x = M + t e with |e| up to Q / (2 t) - 1, in words; negative x as Q + x.
    ring::Poly<ring::Coeff> x(codec->basis());
    std::vector<Word> expected(codec->chunkNumbers());
    const int room = static_cast<int>(std::floor(basis.log2())) - message_bits - 1;
    ASSERT_GE(room, 2) << describe(c);
    for (std::size_t k = 0; k < codec->n(); ++k) {
      std::vector<Word> message(8, 0);
      for (int j = 0; j < c.layout.per_coefficient; ++j) {
        const Word digit = random() >> (64 - c.layout.digit_bits);
        expected[static_cast<std::size_t>(j) * codec->n() + k] = digit;
        for (int b = 0; b < c.layout.digit_bits; ++b) {
          const int bit = j * c.layout.digit_bits + b;
          message[static_cast<std::size_t>(bit / 64)] |= (digit >> b & 1) << bit % 64;
        }
      }
      const auto largest = (std::int64_t{1} << std::min(room, 60)) - 2;
      const std::int64_t error = k == 0   ? largest
                                 : k == 1 ? -largest
                                          : static_cast<std::int64_t>(random()) % (largest + 1);
      std::vector<Word> residues(basis.size());
      crt.decompose(message, residues);
      for (std::size_t i = 0; i < basis.size(); ++i) {
        const arith::Modulus& q = basis.modulus(i);
        x.residue(i)[k] = q.add(residues[i], q.mul(codec->errorFactor(i), q.fromSigned(error)));
      }
    }
    std::vector<Word> digits(codec->chunkNumbers());
    codec->decode(x, digits);
    EXPECT_EQ(digits, expected) << describe(c);
  }
}

class Round {
 public:
  Round(const Case& c, std::size_t n = kDegree)
      : codec_(Codec::create(contextOf(c.prime_bits, n), c.layout)),
        secret_(rlwe::SecretKey::generate(codec_->context(), random::systemSeed())),
        sum_(n * codec_->basis()->size()),
        expected_(codec_->chunkNumbers()) {}

  const Codec& codec() const { return *codec_; }
  const rlwe::SecretKey& secret() const { return secret_; }

  void add(const std::vector<Word>& numbers, Word weight, Word chunk) {
    Update update(codec_);
    std::vector<std::uint8_t> packed(codec_->polynomialBytes());
    update.encrypt(secret_, chunk, std::span<const Word>(numbers), {1}, 0, packed);
    const std::uint8_t* start = packed.data();
    addPacked(*codec_, {&start, 1}, {&weight, 1}, sum_);
    seeds_.push_back(update.seed());
    weights_.push_back(weight);
    for (std::size_t i = 0; i < numbers.size(); ++i) expected_[i] += weight * numbers[i];
  }

  std::vector<Word> decrypted(const rlwe::SecretKey& secret, Word chunk) const {
    std::vector<std::uint8_t> c0(codec_->polynomialBytes()), c1(codec_->polynomialBytes());
    packSum(*codec_, sum_, c0);
    expandSeeds(*codec_, seeds_, weights_, chunk, c1);
    std::vector<Word> sums(codec_->chunkNumbers());
    Word total = 0;
    for (const Word weight : weights_) total += weight;
    gradient::decrypt(*codec_, secret, c0, c1, total * ((Word{1} << codec_->layout().bits) - 1),
                      sums);
    return sums;
  }
  const std::vector<Word>& expected() const { return expected_; }

 private:
  std::shared_ptr<const Codec> codec_;
  rlwe::SecretKey secret_;
  Buffer<Word> sum_;
  std::vector<Word> expected_, weights_;
  std::vector<random::Seed> seeds_;
};

// log2 of Q / t.
double codecRoom(const Codec& codec) {
  return codec.basis()->log2() - codec.layout().digit_bits * codec.layout().per_coefficient;
}

TEST(Gradient, SumsAreExact) {
  std::mt19937_64 random(8);
  for (const Case& c : cases()) {
    Round round(c);
    const int headroom = c.layout.digit_bits - c.layout.bits;
    const Word most = (Word{1} << c.layout.bits) - 1;
    // Weights below the headroom, and errors within the modulus: at most 2^3 in all here.
    const Word weights = std::min<Word>(Word{1} << headroom, 4);
    for (Word left = weights; left > 0;) {
      const Word weight = std::min<Word>(left, 1 + random() % 2);
      left -= weight;
      std::vector<Word> numbers(round.codec().chunkNumbers() - (left == 0 ? 3 : 0));
      for (Word& number : numbers) {
        const Word kind = random() % 4;
        number = kind == 0 ? most : kind == 1 ? 0 : random() & most;
      }
      round.add(numbers, weight, 5);
    }
    // Errors of at most 21 a unit of weight (and the message) stay below Q / (2 t).
    const double room = codecRoom(round.codec());
    ASSERT_GT(room, std::log2(21 * static_cast<double>(weights) + 1) + 1) << describe(c);
    EXPECT_EQ(round.decrypted(round.secret(), 5), round.expected()) << describe(c);
  }
}

TEST(Gradient, SixtyFourTimesTheLargestNumbersOfManyClients) {
  std::mt19937_64 random(9);
  Round round({{34, 34, 34}, {8, 18, 5}}, 4096);
  for (int client = 0; client < 32; ++client) {
    std::vector<Word> numbers(round.codec().chunkNumbers(), client % 3 == 0 ? 255 : random() % 256);
    round.add(numbers, 1 + random() % 8, 0);
  }
  EXPECT_EQ(round.decrypted(round.secret(), 0), round.expected());
}

TEST(Gradient, AnotherKeyIsNoticed) {
  Round round({{34, 34, 34}, {8, 18, 5}});
  for (int client = 0; client < 3; ++client) {
    round.add(std::vector<Word>(round.codec().chunkNumbers(), 200), 1, 0);
  }
  const auto other = rlwe::SecretKey::generate(round.codec().context(), random::systemSeed());
  try {
    round.decrypted(other, 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kWrongKey);
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

TEST(Gradient, RefusesWhatCannotBeAdded) {
  const auto codec = Codec::create(contextOf({34, 34, 34}), {8, 18, 5});
  const auto secret = rlwe::SecretKey::generate(codec->context(), random::systemSeed());
  std::vector<std::uint8_t> out(codec->polynomialBytes());
  Update update(codec);
  std::vector<float> values(codec->chunkNumbers(), 0.5f);
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), HUGE_VALF, -HUGE_VALF}) {
    values[4321] = bad;
    Update one(codec);
    try {
      one.encrypt(secret, 0, std::span<const float>(values), {1}, 1000000, out);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kBadInput);
      EXPECT_NE(std::string(error.what()).find("1004321"), std::string::npos) << error.what();
    }
  }
  values[4321] = 0;
  update.encrypt(secret, 0, std::span<const float>(values), {1}, 0, out);
  const auto again = [&] {
    update.encrypt(secret, 0, std::span<const float>(values), {1}, 0, out);
  };
  EXPECT_EQ(codeOf(again), Code::kUsage);
  const std::vector<Word> integers{1, 255, 256};
  EXPECT_EQ(
      codeOf([&] { update.encrypt(secret, 1, std::span<const Word>(integers), {1}, 0, out); }),
      Code::kOutOfRange);
  for (double clip : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    Update one(codec);
    EXPECT_EQ(
        codeOf([&] { one.encrypt(secret, 2, std::span<const float>(values), {clip}, 0, out); }),
        Code::kOutOfRange);
  }
  for (const Layout& wrong :
       {Layout{1, 18, 5}, Layout{33, 40, 2}, Layout{8, 7, 5}, Layout{8, 18, 6}, Layout{8, 63, 1},
        Layout{8, 18, 0}, Layout{8, 18, 15}}) {
    EXPECT_EQ(codeOf([&] { Codec::create(codec->context(), wrong); }), Code::kParameterMismatch);
  }
}

// The mean of many roundings of one number is that number, and each is one of its two neighbours.
TEST(Gradient, RoundingKeepsTheMean) {
  const auto codec = Codec::create(contextOf({34, 34, 34}), {4, 18, 5});
  random::Stream stream(random::systemSeed());
  for (double value : {-0.31, 0.0, 0.123, 0.99}) {
    const std::vector<double> values(codec->chunkNumbers(), value);
    std::vector<Word> integers(codec->chunkNumbers());
    quantize(*codec, std::span<const double>(values), {1}, stream, 0, integers);
    const double x = (value + 1) * 15 / 2;
    double sum = 0;
    for (const Word integer : integers) {
      ASSERT_LT(std::abs(static_cast<double>(integer) - x), 1);
      sum += static_cast<double>(integer);
    }
    // Variance at most 1/4 each: eight standard deviations.
    const auto count = static_cast<double>(integers.size());
    EXPECT_NEAR(sum / count, x, 8 * 0.5 / std::sqrt(count));
  }
}

TEST(Gradient, MeansComeBack) {
  const std::vector<Word> sums{0, 255 * 7, 255 * 7 / 2};
  std::vector<double> means(3);
  dequantize<double>(sums, 7, 0.25, 8, 1, means);
  EXPECT_DOUBLE_EQ(means[0], -0.25);
  EXPECT_DOUBLE_EQ(means[1], 0.25);
  EXPECT_NEAR(means[2], 0, 0.25 / 255);
}

// What the seed of the update stands for is in the file format.
TEST(Gradient, TheRandomHalfIsTheSeedsStreams) {
  const auto codec = Codec::create(contextOf({34, 34, 34}), {8, 18, 5});
  const random::Seed seed{1, 2, 3};
  const Word weight = 3, chunk = 7;
  std::vector<std::uint8_t> packed(codec->polynomialBytes());
  expandSeeds(*codec, {&seed, 1}, {&weight, 1}, chunk, packed);
  ring::Poly<ring::Eval> sum(codec->basis()), a(codec->basis());
  wire::unpack(packed, *codec->basis(), sum.words());
  for (std::size_t i = 0; i < 3; ++i) {
    const arith::Modulus& q = codec->basis()->modulus(i);
    random::expandUniform(seed, chunk * 3 + i, q, {a.residue(i), codec->n()});
    for (std::size_t k = 0; k < codec->n(); ++k) {
      ASSERT_EQ(sum.residue(i)[k], q.mul(3, a.residue(i)[k]));
    }
  }
}

}  // namespace
}  // namespace veilsum::gradient
