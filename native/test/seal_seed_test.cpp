#include "random/seal_seed.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "kernel/seal_streams.h"

// The expected numbers come from Python's hashlib (blake2b with its tree parameters, shake_256).

namespace veilsum::random {
namespace {

using Generator = SealSeed::Generator;

SealSeed seedOf(Generator generator) {
  SealSeed seed{generator, {}};
  for (std::size_t i = 0; i < 64; ++i) {
    seed.words[i / 8] |= std::uint64_t{static_cast<std::uint8_t>(3 * i + 1)} << (8 * (i % 8));
  }
  return seed;
}

std::uint64_t fold(std::span<const std::uint64_t> words) {
  std::uint64_t sum = 0;
  for (const std::uint64_t word : words) sum = sum * 0x100000001b3 + word;
  return sum;
}

TEST(SealSeed, StreamsAreBlake2xbAndShake256) {
  const std::vector<std::uint64_t> expected[2] = {
      {0x27558b4f30e69b98, 0x5f30c3ddaf6ddade, 0x080c2653a1f259c3, 0x434160f8db7738c7,
       0xed863fd4e648c867, 0x840a4d22707c0f6f, 0xe99537a561ea5da2, 0xef190551aa292632,
       0x2e00b3ba4f29e018, 0x6be52a7d1b66f9ee, 0x75b62296e7e3c393},
      {0xaddc5d29f2bef800, 0x52564e7804a98242, 0x511915cd88f04cf, 0x48b3dd2f2191fefa,
       0x13f4ec328d415321, 0xa9d0ffb271b6c3dc, 0x872efa9ba9af4847, 0xb0b4953cad8111c4,
       0x176976e3be88bcd5, 0xb2ffa32054863018, 0xfc3f937569585661}};
  constexpr std::size_t kBlock = kernel::SealStreams::kBlockWords;
  const kernel::SealStreams& streams = kernel::sealStreams();
  const SealSeed seed = seedOf(Generator::kBlake2xb);
  for (int which = 0; which < 2; ++which) {
    const auto generate = which == 0 ? streams.blake2xb : streams.shake256;
    std::vector<std::uint64_t> all(11 * kBlock);
    generate(seed.words.data(), 0, 11, all.data());
    for (std::size_t block = 0; block < 11; ++block) {
      const std::span words = std::span(all).subspan(block * kBlock, kBlock);
      EXPECT_EQ(fold(words), expected[which][block]) << which << " block " << block;
      // A block alone, from its counter, is the same.
      std::vector<std::uint64_t> one(kBlock);
      generate(seed.words.data(), block, 1, one.data());
      EXPECT_EQ(fold(one), expected[which][block]) << which << " block " << block << " alone";
    }
    EXPECT_EQ(all[0], which == 0 ? 0x8d159c8ab240b0d3 : 0x336e48302608e817);
  }
}

// The second modulus rejects one word in 70: 51 and 59 of the 3072, some of them twice over.
TEST(SealSeed, RejectedWordsAreReplacedAfterTheBulk) {
  const std::vector<arith::Modulus> moduli = {arith::Modulus(1152921504606830593),
                                              arith::Modulus(1251686935816723513),
                                              arith::Modulus(68718428161)};
  const std::uint64_t expected[2][3] = {
      {0x476a3a125be9a1d4, 0x5d7b38936be0153b, 0x4291108143fdbb65},
      {0x1b8aea1aec48caed, 0xbc04cfdc1d188df9, 0xff2e9ead44fc713e}};
  for (int which = 0; which < 2; ++which) {
    std::vector<std::uint64_t> rows(3 * 1024);
    expandSealUniform(seedOf(sealGenerator(which + 1)), moduli, rows);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(fold(std::span(rows).subspan(1024 * i, 1024)), expected[which][i])
          << which << " row " << i;
    }
  }
}

TEST(SealSeed, OtherGeneratorsAreRefused) {
  for (const int number : {0, 3, 9, 255}) {
    EXPECT_THROW(
        {
          try {
            sealGenerator(number);
          } catch (const Error& e) {
            EXPECT_EQ(e.code(), Code::kCorrupt);
            throw;
          }
        },
        Error);
  }
}

}  // namespace
}  // namespace veilsum::random
