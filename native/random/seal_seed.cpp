#include "random/seal_seed.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "kernel/seal_streams.h"
#include "kernel/table.h"

namespace veilsum::random {
namespace {

constexpr std::size_t kBlock = kernel::SealStreams::kBlockWords;

// The words of a seed's stream, one after the other.
class Words {
 public:
  explicit Words(const SealSeed& seed) : seed_(seed) {}

  void fill(std::span<std::uint64_t> out) {
    while (used_ < kBlock && !out.empty()) out.front() = buffer_[used_++], out = out.subspan(1);
    const std::size_t blocks = out.size() / kBlock;
    generate(blocks, out.data());
    for (std::uint64_t& word : out.subspan(blocks * kBlock)) word = next();
  }

  std::uint64_t next() {
    if (used_ == kBlock) {
      generate(1, buffer_.data());
      used_ = 0;
    }
    return buffer_[used_++];
  }

 private:
  void generate(std::size_t blocks, std::uint64_t* out) {
    const kernel::SealStreams& streams = kernel::sealStreams();
    const auto generate =
        seed_.generator == SealSeed::Generator::kBlake2xb ? streams.blake2xb : streams.shake256;
    generate(seed_.words.data(), counter_, blocks, out);
    counter_ += blocks;
  }

  const SealSeed& seed_;
  std::uint64_t counter_ = 0;
  std::array<std::uint64_t, kBlock> buffer_;
  std::size_t used_ = kBlock;
};

}  // namespace

SealSeed::Generator sealGenerator(int number) {
  if (number != 1 && number != 2) {
    throw Error(Code::kCorrupt, "a seed of generator " + std::to_string(number) +
                                    "; there are 1 (Blake2xb) and 2 (SHAKE-256)");
  }
  return static_cast<SealSeed::Generator>(number);
}

void expandSealUniform(const SealSeed& seed, std::span<const arith::Modulus> moduli,
                       std::span<std::uint64_t> rows) {
  require(!moduli.empty() && rows.size() % moduli.size() == 0, Code::kInternal,
          "a polynomial has as many words for each prime");
  const std::size_t n = rows.size() / moduli.size();
  Words words(seed);
  words.fill(rows);
  for (const arith::Modulus& q : moduli) {
    const auto row = rows.first(n);
    rows = rows.subspan(n);
    const std::uint64_t all = ~std::uint64_t{0}, limit = all - all % q.value() - 1;
    // Few words are at the limit or above: most rows need no second look.
    std::uint64_t highest = 0;
    for (const std::uint64_t word : row) highest = std::max(highest, word);
    if (highest >= limit) {
      for (std::uint64_t& word : row) {
        while (word >= limit) word = words.next();
      }
    }
    kernel::table().reduce(row.data(), n, q.barrett(), row.data());
  }
}

}  // namespace veilsum::random
