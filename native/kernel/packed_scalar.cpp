// Sums of packed words, in portable code.

#include <bit>
#include <cstring>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {

static_assert(std::endian::native == std::endian::little, "rows are read in the machine's order");

namespace {

// The bits at position `bit`, at most 60 of them and some more above, from a row of `size` bytes.
inline std::uint64_t windowAt(const std::uint8_t* row, std::size_t size, std::size_t bit) {
  const std::size_t byte = bit / 8;
  const unsigned shift = bit % 8;
  std::uint64_t low = 0;
  std::uint8_t high = 0;
  if (byte + 9 <= size) {
    std::memcpy(&low, row + byte, 8);
    high = row[byte + 8];
  } else {
    std::memcpy(&low, row + byte, size - byte < 8 ? size - byte : 8);
  }
  return (low >> shift) | (std::uint64_t{high} << 1 << (63 - shift));
}

}  // namespace

void unpackAdd(const std::uint8_t* const* rows, const std::uint64_t* weights, std::size_t count,
               std::size_t n, int bits, std::uint64_t* sum) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t size = (n * width + 7) / 8;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      sum[i] += weights[k] * (windowAt(rows[k], size, i * width) & mask);
    }
  }
}

}  // namespace veilsum::kernel::scalar
