#include <bit>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {

void sum(const std::uint64_t* const* rows, std::size_t count, std::size_t n, std::uint64_t q,
         std::uint64_t* out) {
  const int halvings = std::bit_width(count - 1);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t x = rows[0][i];
    for (std::size_t j = 1; j < count; ++j) x += rows[j][i];
    for (int k = halvings; k-- > 0;) {
      const std::uint64_t less = x - (q << k);
      x = less + ((q << k) & (0 - (less >> 63)));
    }
    out[i] = x;
  }
}

}  // namespace veilsum::kernel::scalar
