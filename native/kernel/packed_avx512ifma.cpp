// Sums of packed words with AVX-512: eight words of b bits are b bytes; one byte permutation (VBMI)
// gives each lane its window of 64 bits.

#if defined(__AVX512IFMA__)

#include <algorithm>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

// sum + word * weight.
struct Unit {
  static V add(V sum, V word, V) { return _mm512_add_epi64(sum, word); }
};
struct Product52 {  // products below 2^52
  static V add(V sum, V word, V weight) { return low52(sum, word, weight); }
};
struct Product64 {
  static V add(V sum, V word, V weight) {
    return _mm512_add_epi64(sum, _mm512_mullo_epi64(word, weight));
  }
};

template <class Product>
void groups(const std::uint8_t* const* rows, const std::uint64_t* weights, std::size_t count,
            std::size_t whole, int bits, std::uint64_t* sum) {
  alignas(64) std::uint8_t bytes[64];
  alignas(64) std::uint64_t first_bits[8];
  for (int lane = 0; lane < 8; ++lane) {
    first_bits[lane] = static_cast<std::uint64_t>(lane * bits % 8);
    for (int byte = 0; byte < 8; ++byte) {
      bytes[8 * lane + byte] = static_cast<std::uint8_t>(lane * bits / 8 + byte);
    }
  }
  const V windows = _mm512_load_si512(bytes), shifts = _mm512_load_si512(first_bits);
  const V mask = broadcast((std::uint64_t{1} << bits) - 1);
  // Only the group's own bytes are read; what a window has from beyond is masked off.
  const auto own = static_cast<__mmask64>((std::uint64_t{1} << bits) - 1);
  for (std::size_t group = 0; group < whole; ++group) {
    V total = load(sum + 8 * group);
    for (std::size_t k = 0; k < count; ++k) {
      const V packed =
          _mm512_maskz_loadu_epi8(own, rows[k] + group * static_cast<std::size_t>(bits));
      const V window = _mm512_permutexvar_epi8(windows, packed);
      const V word = _mm512_and_si512(_mm512_srlv_epi64(window, shifts), mask);
      total = Product::add(total, word, broadcast(weights[k]));
    }
    store(sum + 8 * group, total);
  }
}

}  // namespace

void unpackAdd(const std::uint8_t* const* rows, const std::uint64_t* weights, std::size_t count,
               std::size_t n, int bits, std::uint64_t* sum) {
  // A window holds a word and what is below it in its first byte: 64 bits do, but for 59.
  if (bits == 59) return scalar::unpackAdd(rows, weights, count, n, bits, sum);
  const std::size_t whole = n / 8;
  std::uint64_t largest = 0;
  bool units = true;
  for (std::size_t k = 0; k < count; ++k) {
    largest = std::max(largest, weights[k]);
    units = units && weights[k] == 1;
  }
  if (units) {
    groups<Unit>(rows, weights, count, whole, bits, sum);
  } else if (bits <= 52 && largest <= std::uint64_t{1} << (52 - bits)) {
    groups<Product52>(rows, weights, count, whole, bits, sum);
  } else {
    groups<Product64>(rows, weights, count, whole, bits, sum);
  }
  if (8 * whole == n) return;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint8_t* rest = rows[k] + whole * static_cast<std::size_t>(bits);
    scalar::unpackAdd(&rest, weights + k, 1, n - 8 * whole, bits, sum + 8 * whole);
  }
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
