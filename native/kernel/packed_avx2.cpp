// Sums of packed words with AVX2: four words from four unaligned windows of 64 bits.

#if defined(__AVX2__)

#include <immintrin.h>

#include <utility>

#include "kernel/avx2.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx2 {
namespace {

using V = __m256i;

inline V load(const void* a) { return _mm256_loadu_si256(static_cast<const V*>(a)); }

// The low 64 bits of a * weight, from products of halves.
struct Weight {
  explicit Weight(std::uint64_t w)
      : low(_mm256_set1_epi64x(static_cast<long long>(w))), high(_mm256_srli_epi64(low, 32)) {}
  V times(V a) const {
    const V cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), low),
                                     _mm256_mul_epu32(a, high));
    return _mm256_add_epi64(_mm256_mul_epu32(a, low), _mm256_slli_epi64(cross, 32));
  }
  V low, high;
};

}  // namespace

void unpackAdd(const std::uint8_t* const* rows, const std::uint64_t* weights, std::size_t count,
               std::size_t n, int bits, std::uint64_t* sum) {
  // A window holds a word and what is below it in its first byte: 64 bits do, but for 59.
  if (bits == 59) return scalar::unpackAdd(rows, weights, count, n, bits, sum);
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t size = (n * width + 7) / 8;
  const V mask = _mm256_set1_epi64x(static_cast<long long>((std::uint64_t{1} << bits) - 1));
  // Groups of eight words begin on a byte; `whole` of them have every window within the row.
  std::size_t whole = n / 8;
  while (whole > 0 && (whole - 1) * width + 7 * width / 8 + 8 > size) --whole;
  const auto half = [&](std::size_t first) {
    const auto start = [&](std::size_t j) { return static_cast<long long>((first + j) * width); };
    const V bit = _mm256_setr_epi64x(start(0), start(1), start(2), start(3));
    return std::pair{_mm256_srli_epi64(bit, 3), _mm256_and_si256(bit, _mm256_set1_epi64x(7))};
  };
  const auto [bytes0, shifts0] = half(0);
  const auto [bytes1, shifts1] = half(4);
  const auto words = [&](const std::uint8_t* group, V bytes, V shifts) {
    const V window = _mm256_i64gather_epi64(reinterpret_cast<const long long*>(group), bytes, 1);
    return _mm256_and_si256(_mm256_srlv_epi64(window, shifts), mask);
  };
  for (std::size_t k = 0; k < count; ++k) {
    const Weight weight(weights[k]);
    for (std::size_t group = 0; group < whole; ++group) {
      const std::uint8_t* in = rows[k] + group * width;
      std::uint64_t* out = sum + 8 * group;
      const V low = _mm256_add_epi64(load(out), weight.times(words(in, bytes0, shifts0)));
      const V high = _mm256_add_epi64(load(out + 4), weight.times(words(in, bytes1, shifts1)));
      _mm256_storeu_si256(reinterpret_cast<V*>(out), low);
      _mm256_storeu_si256(reinterpret_cast<V*>(out + 4), high);
    }
    const std::uint8_t* rest = rows[k] + whole * width;
    scalar::unpackAdd(&rest, weights + k, 1, n - 8 * whole, bits, sum + 8 * whole);
  }
}

}  // namespace veilsum::kernel::avx2

#endif  // __AVX2__
