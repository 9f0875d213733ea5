#if defined(__AVX512IFMA__)

#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"

namespace veilsum::kernel::avx512ifma {

// All rows at once, each a stream of its own to the processor's prefetcher: the sum is written
// once, and [0, count q) becomes [0, q) by halves.
void sum(const std::uint64_t* const* rows, std::size_t count, std::size_t n, std::uint64_t q,
         std::uint64_t* out) {
  const int halvings = std::bit_width(count - 1);
  eachVector(n, [&](std::size_t i, auto lanes) {
    V x = lanes.load(rows[0] + i);
    for (std::size_t j = 1; j < count; ++j) x = _mm512_add_epi64(x, lanes.load(rows[j] + i));
    for (int k = halvings; k-- > 0;) x = reduceOnce(x, broadcast(q << k));
    lanes.store(out + i, x);
  });
}

}  // namespace veilsum::kernel::avx512ifma

#endif
