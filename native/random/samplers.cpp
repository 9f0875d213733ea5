#include "random/samplers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/buffer.h"
#include "kernel/table.h"

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
  const auto select = kernel::table().selectBelow;
  Stream words(seed, stream);
  Batch batch;
  while (out.size() >= kBatch) {
    out =
        out.subspan(select(batch.next(words, kBatch).data(), kBatch, mask, q.value(), out.data()));
  }
  std::array<std::uint64_t, kBatch> selected;
  while (!out.empty()) {
    const std::size_t count =
        select(batch.next(words, kBatch).data(), kBatch, mask, q.value(), selected.data());
    const std::size_t taken = std::min(count, out.size());
    std::copy_n(selected.begin(), taken, out.begin());
    out = out.subspan(taken);
  }
}

void sampleTernary(Stream& stream, std::span<std::int8_t> out) {
  // floor(3 w / 2^64) of a uniform 64-bit word w: each of the three values has a probability within
  // 2^-64 of 1/3. For a polynomial of n = 2^17 coefficients the relative entropy to the uniform is
  // below n (3 * 2^-64)^2 < 2^-107.
  Batch batch;
  while (!out.empty()) {
    const auto words = batch.next(stream, std::min(out.size(), kBatch));
    kernel::table().ternary(words.data(), words.size(), out.data());
    out = out.subspan(words.size());
  }
}

void sampleNoise(Stream& stream, std::span<std::int8_t> out) {
  Batch batch;
  while (!out.empty()) {
    const auto words = batch.next(stream, std::min(out.size(), kBatch));
    kernel::table().centredBinomial(words.data(), words.size(), out.data());
    out = out.subspan(words.size());
  }
}

}  // namespace veilsum::random
