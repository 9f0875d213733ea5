#include "random/samplers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/buffer.h"

namespace veilsum::random {
namespace {

constexpr std::size_t kBatch = 512;  // words of the stream at a time

// A batch of 64-bit words of a stream, little-endian, wiped at the end of its life.
class Batch {
 public:
  ~Batch() { wipe(words_.data(), sizeof(words_)); }

  std::span<const std::uint64_t> next(Stream& stream, std::size_t count) {
    stream.fill({reinterpret_cast<std::uint8_t*>(words_.data()), 8 * count});
    if constexpr (std::endian::native == std::endian::big) {
      for (std::size_t i = 0; i < count; ++i) words_[i] = __builtin_bswap64(words_[i]);
    }
    return {words_.data(), count};
  }

 private:
  alignas(64) std::array<std::uint64_t, kBatch> words_;
};

}  // namespace

void expandUniform(const Seed& seed, std::uint64_t stream, const arith::Modulus& q,
                   std::span<std::uint64_t> out) {
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - q.bits());
  Stream words(seed, stream);
  Batch batch;
  for (std::size_t filled = 0; filled < out.size();) {
    for (std::uint64_t word : batch.next(words, kBatch)) {
      const std::uint64_t candidate = word & mask;
      if (filled == out.size()) break;
      out[filled] = candidate;
      filled += candidate < q.value();
    }
  }
}

void sampleTernary(Stream& stream, std::span<std::int8_t> out) {
  // floor(3 w / 2^64) of a uniform 64-bit word w: each of 0, 1, 2 has probability 1/3 within
  // 2^-64, so a polynomial of 2^17 coefficients is within statistical distance 2^-47 of uniform.
  Batch batch;
  while (!out.empty()) {
    const auto words = batch.next(stream, std::min(out.size(), kBatch));
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto third = static_cast<std::uint64_t>((arith::u128{words[i]} * 3) >> 64);
      out[i] = static_cast<std::int8_t>(static_cast<int>(third) - 1);
    }
    out = out.subspan(words.size());
  }
}

void sampleNoise(Stream& stream, std::span<std::int8_t> out) {
  // Bits 0..20 and 21..41 of a word are counted side by side in its halves, by additions alone:
  // a population count in a library may be a table look-up.
  constexpr std::uint64_t kBits = (std::uint64_t{1} << 21) - 1;
  Batch batch;
  while (!out.empty()) {
    const auto words = batch.next(stream, std::min(out.size(), kBatch));
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::uint64_t v = (words[i] & kBits) | ((words[i] >> 21 & kBits) << 32);
      v -= v >> 1 & 0x5555555555555555;
      v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
      v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
      v += v >> 8;
      v += v >> 16;
      out[i] =
          static_cast<std::int8_t>(static_cast<int>(v & 0x1f) - static_cast<int>(v >> 32 & 0x1f));
    }
    out = out.subspan(words.size());
  }
}

}  // namespace veilsum::random
