// Words of a key stream into samples, in portable code.

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {

std::size_t selectBelow(const std::uint64_t* words, std::size_t n, std::uint64_t mask,
                        std::uint64_t q, std::uint64_t* out) {
  std::size_t selected = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t candidate = words[i] & mask;
    out[selected] = candidate;
    selected += candidate < q;
  }
  return selected;
}

void ternary(const std::uint64_t* words, std::size_t n, std::int8_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto third =
        static_cast<std::uint64_t>((static_cast<unsigned __int128>(words[i]) * 3) >> 64);
    out[i] = static_cast<std::int8_t>(static_cast<int>(third) - 1);
  }
}

void centredBinomial(const std::uint64_t* words, std::size_t n, std::int8_t* out) {
  // The two sums side by side in the halves of a word, by additions alone: a population count from
  // a library may be a table look-up.
  constexpr std::uint64_t kBits = (std::uint64_t{1} << 21) - 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t v = (words[i] & kBits) | ((words[i] >> 21 & kBits) << 32);
    v -= v >> 1 & 0x5555555555555555;
    v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
    v += v >> 8;
    v += v >> 16;
    out[i] =
        static_cast<std::int8_t>(static_cast<int>(v & 0x1f) - static_cast<int>(v >> 32 & 0x1f));
  }
}

}  // namespace veilsum::kernel::scalar
