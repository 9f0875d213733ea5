#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "arith/primes.h"
#include "random/samplers.h"
#include "random/stream.h"

namespace veilsum::random {
namespace {

Seed seedOf(std::uint8_t first) {
  Seed seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(first + 7 * i);
  return seed;
}

std::vector<std::uint8_t> bytesOf(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TEST(Stream, IsTheStandardsKeyStream) {
  // RFC 8439, appendix A.1, vectors 1 and 2: key and nonce zero, blocks 0 and 1.
  std::vector<std::uint8_t> out(128);
  Stream(Seed{}).fill(out);
  EXPECT_EQ(out, bytesOf("76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                         "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
                         "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
                         "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"));
  // Vector 5: the nonce's last byte is 2, which is the top byte of the stream number.
  out.resize(64);
  Stream(Seed{}, std::uint64_t{2} << 56).fill(out);
  EXPECT_EQ(out, bytesOf("c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7"
                         "8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d"));
}

TEST(Stream, IsTheSameInPiecesOfAnySize) {
  constexpr std::size_t kSize = 50000;
  std::vector<std::uint8_t> whole(kSize), pieces(kSize);
  Stream(seedOf(1), 9).fill(whole);
  Stream stream(seedOf(1), 9);
  std::size_t sizes[] = {1, 7, 64, 0, 4096, 3, 4095, 9000, 12345, 8};
  std::size_t at = 0;
  for (std::size_t i = 0; at < kSize; ++i) {
    const std::size_t size = std::min(sizes[i % std::size(sizes)], kSize - at);
    stream.fill(std::span(pieces).subspan(at, size));
    at += size;
  }
  EXPECT_EQ(whole, pieces);

  Stream words(seedOf(1), 9);
  std::uint8_t first;
  words.fill({&first, 1});
  for (std::size_t i = 1; i + 8 <= kSize; i += 8) {
    std::uint64_t expected = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) {
      expected |= std::uint64_t{whole[i + byte]} << (8 * byte);
    }
    ASSERT_EQ(words.next64(), expected) << "at byte " << i;
  }
}

TEST(Stream, SeedsAndNumbersGiveOtherStreams) {
  std::set<std::uint64_t> firsts;
  for (std::uint8_t seed : {0, 1, 2}) {
    for (std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
      Stream stream(seedOf(seed), number);
      firsts.insert(stream.next64());
      Stream derived(stream.nextSeed());
      firsts.insert(derived.next64());
    }
  }
  EXPECT_EQ(firsts.size(), 18u);
}

TEST(SystemRandom, GivesFreshBytes) {
  EXPECT_NE(systemSeed(), systemSeed());
  std::vector<std::uint8_t> bytes(100000);
  systemRandom(bytes);
  std::array<int, 256> counts{};
  for (std::uint8_t byte : bytes) ++counts[byte];
  for (int count : counts) EXPECT_GT(count, 200);  // 390 expected, 9.6 standard deviations
}

TEST(Uniform, IsTheFormatsDefinition) {
  for (std::uint64_t q : {std::uint64_t{3}, std::uint64_t{65537}, std::uint64_t{1} << 20,
                          arith::largestPrimes(46, 16384, 1)[0], (std::uint64_t{1} << 45) + 1,
                          (std::uint64_t{1} << 61) - 1}) {
    const arith::Modulus modulus(q);
    const std::uint64_t mask = (std::uint64_t{1} << modulus.bits()) - 1;
    for (std::size_t n : {0, 1, 100, 511, 512, 513, 8192}) {
      std::vector<std::uint64_t> out(n);
      expandUniform(seedOf(3), 12, modulus, out);
      Stream words(seedOf(3), 12);
      for (std::size_t i = 0; i < n; ++i) {
        std::uint64_t word;
        do word = words.next64() & mask;
        while (word >= q);
        ASSERT_EQ(out[i], word) << "q " << q << " n " << n << " i " << i;
      }
    }
  }
}

// Pearson's statistic of observed counts against probabilities.
double chiSquare(const std::vector<std::size_t>& counts, const std::vector<double>& probabilities,
                 std::size_t samples) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = probabilities[i] * static_cast<double>(samples);
    sum += (static_cast<double>(counts[i]) - expected) *
           (static_cast<double>(counts[i]) - expected) / expected;
  }
  return sum;
}

// The bound that a chi-square variable of k degrees of freedom passes with probability below
// 2^-40: k + 2 sqrt(k x) + 2 x with x = 40 ln 2 (Laurent, Massart 2000, lemma 1).
double bound(double k) {
  const double x = 40 * std::log(2.0);
  return k + 2 * std::sqrt(k * x) + 2 * x;
}

TEST(Uniform, FillsTheRangeEvenly) {
  const arith::Modulus q(arith::largestPrimes(46, 16384, 1)[0]);
  constexpr std::size_t kSamples = 1 << 20, kCells = 256;
  std::vector<std::uint64_t> out(kSamples);
  expandUniform(seedOf(4), 0, q, out);
  std::vector<std::size_t> counts(kCells);
  for (std::uint64_t x : out) {
    ASSERT_LT(x, q.value());
    ++counts[static_cast<std::size_t>(arith::u128{x} * kCells / q.value())];
  }
  EXPECT_LT(chiSquare(counts, std::vector<double>(kCells, 1.0 / kCells), kSamples),
            bound(kCells - 1));
}

TEST(Ternary, ValuesAndPairsAreUniform) {
  constexpr std::size_t kSamples = 3000001;
  std::vector<std::int8_t> out(kSamples);
  Stream stream(seedOf(5));
  sampleTernary(stream, out);
  std::vector<std::size_t> counts(3), pairs(9);
  for (std::size_t i = 0; i < kSamples; ++i) {
    ASSERT_LE(std::abs(out[i]), 1);
    ++counts[static_cast<std::size_t>(out[i] + 1)];
    if (i % 2) ++pairs[static_cast<std::size_t>(3 * (out[i] + 1) + out[i - 1] + 1)];
  }
  EXPECT_LT(chiSquare(counts, std::vector<double>(3, 1.0 / 3), kSamples), bound(2));
  EXPECT_LT(chiSquare(pairs, std::vector<double>(9, 1.0 / 9), kSamples / 2), bound(8));
}

TEST(Noise, IsTheCentredBinomial) {
  constexpr std::size_t kSamples = 4000003;
  std::vector<std::int8_t> out(kSamples);
  Stream stream(seedOf(6));
  sampleNoise(stream, out);
  // P(e) = C(42, 21 + e) / 2^42; the cells from |e| = 15 on are taken together.
  std::vector<double> probabilities(31, 0.0);
  std::vector<std::size_t> counts(31);
  const auto cell = [](int e) { return static_cast<std::size_t>(std::clamp(e, -15, 15) + 15); };
  double binomial = 1;
  for (int k = 0; k <= 42; ++k) {
    probabilities[cell(k - 21)] += binomial * std::ldexp(1.0, -42);
    binomial = binomial * (42 - k) / (k + 1);
  }
  double sum = 0, squares = 0, products = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const int e = out[i];
    ASSERT_LE(std::abs(e), 21);
    ++counts[cell(e)];
    sum += e;
    squares += e * e;
    if (i) products += e * out[i - 1];
  }
  EXPECT_LT(chiSquare(counts, probabilities, kSamples), bound(30));
  // Seven standard deviations of each estimate: variance 10.5, fourth moment 3 * 10.5^2 - 21.
  const double n = kSamples;
  EXPECT_NEAR(sum / n, 0, 7 * std::sqrt(10.5 / n));
  EXPECT_NEAR(squares / n, 10.5, 7 * 10.5 * std::sqrt(2 / n));
  EXPECT_NEAR(products / n, 0, 7 * 10.5 / std::sqrt(n));
}

TEST(Samplers, DoNotDependOnTheSplitOfWholeBatches) {
  // Every sample takes one 64-bit word.
  std::vector<std::int8_t> whole(3000), parts(3000);
  Stream a(seedOf(7)), b(seedOf(7));
  sampleNoise(a, whole);
  sampleNoise(b, std::span(parts).first(1001));
  sampleNoise(b, std::span(parts).subspan(1001));
  EXPECT_EQ(whole, parts);
  EXPECT_EQ(a.next64(), b.next64());
}

}  // namespace
}  // namespace veilsum::random
