// ChaCha20 in 8 lanes, and centred binomial samples from its words, with AVX2.

#if defined(__AVX2__)

#include <immintrin.h>

#include <cstring>

#include "base/buffer.h"
#include "kernel/avx2.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx2 {
namespace {

using V = __m256i;

template <int kBits>
inline V rotate(V x) {
  // Whole bytes move in one shuffle.
  if constexpr (kBits == 16) {
    return _mm256_shuffle_epi8(
        x, _mm256_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7,
                            4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  } else if constexpr (kBits == 8) {
    return _mm256_shuffle_epi8(
        x, _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 3, 0, 1, 2, 7, 4,
                            5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
  } else {
    return _mm256_or_si256(_mm256_slli_epi32(x, kBits), _mm256_srli_epi32(x, 32 - kBits));
  }
}

inline __attribute__((always_inline)) void quarterRound(V& a, V& b, V& c, V& d) {
  a = _mm256_add_epi32(a, b), d = rotate<16>(_mm256_xor_si256(d, a));
  c = _mm256_add_epi32(c, d), b = rotate<12>(_mm256_xor_si256(b, c));
  a = _mm256_add_epi32(a, b), d = rotate<8>(_mm256_xor_si256(d, a));
  c = _mm256_add_epi32(c, d), b = rotate<7>(_mm256_xor_si256(b, c));
}

// Lane l of row r becomes lane r of row l.
inline __attribute__((always_inline)) void transpose8(V* x) {
  V t[8];
#pragma GCC unroll 2
  for (int r = 0; r < 8; r += 4) {
    const V a = _mm256_unpacklo_epi32(x[r], x[r + 1]), b = _mm256_unpackhi_epi32(x[r], x[r + 1]);
    const V c = _mm256_unpacklo_epi32(x[r + 2], x[r + 3]);
    const V d = _mm256_unpackhi_epi32(x[r + 2], x[r + 3]);
    t[r] = _mm256_unpacklo_epi64(a, c), t[r + 1] = _mm256_unpackhi_epi64(a, c);
    t[r + 2] = _mm256_unpacklo_epi64(b, d), t[r + 3] = _mm256_unpackhi_epi64(b, d);
  }
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) {
    x[c] = _mm256_permute2x128_si256(t[c], t[4 + c], 0x20);
    x[4 + c] = _mm256_permute2x128_si256(t[c], t[4 + c], 0x31);
  }
}

// 8 blocks of the key stream from block `counter` on.
inline void blocks8(const std::uint32_t* state, std::uint64_t counter, std::uint8_t* out) {
  // The counters of the lanes; the other words are the same in all.
  alignas(32) std::uint32_t low[8], high[8];
  for (std::uint64_t lane = 0; lane < 8; ++lane) {
    low[lane] = static_cast<std::uint32_t>(counter + lane);
    high[lane] = static_cast<std::uint32_t>((counter + lane) >> 32);
  }
  const auto input = [&](int i) {
    if (i == 12) return _mm256_load_si256(reinterpret_cast<const V*>(low));
    if (i == 13) return _mm256_load_si256(reinterpret_cast<const V*>(high));
    return _mm256_set1_epi32(static_cast<int>(state[i]));
  };
  V x[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) x[i] = input(i);
  for (int round = 0; round < 10; ++round) {
    quarterRound(x[0], x[4], x[8], x[12]);
    quarterRound(x[1], x[5], x[9], x[13]);
    quarterRound(x[2], x[6], x[10], x[14]);
    quarterRound(x[3], x[7], x[11], x[15]);
    quarterRound(x[0], x[5], x[10], x[15]);
    quarterRound(x[1], x[6], x[11], x[12]);
    quarterRound(x[2], x[7], x[8], x[13]);
    quarterRound(x[3], x[4], x[9], x[14]);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) x[i] = _mm256_add_epi32(x[i], input(i));
  transpose8(x);
  transpose8(x + 8);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    _mm256_storeu_si256(reinterpret_cast<V*>(out + 64 * i), x[i]);
    _mm256_storeu_si256(reinterpret_cast<V*>(out + 64 * i + 32), x[8 + i]);
  }
  // The rounds spill: what is left of them on the stack goes.
  wipe(x, sizeof(x));
}

}  // namespace

void chacha20(const std::uint32_t* state, std::size_t blocks, std::uint8_t* out) {
  std::uint64_t counter = std::uint64_t{state[13]} << 32 | state[12];
  for (; blocks >= 8; blocks -= 8, counter += 8, out += 8 * 64) blocks8(state, counter, out);
  if (blocks == 0) return;
  alignas(32) std::uint8_t last[8 * 64];
  blocks8(state, counter, last);
  std::memcpy(out, last, 64 * blocks);
  wipe(last, sizeof(last));
}

void centredBinomial(const std::uint64_t* words, std::size_t n, std::int8_t* out) {
  const V nibble = _mm256_set1_epi8(0x0f), zero = _mm256_setzero_si256();
  // The bits set in each nibble: a table in a register, the same time for every index.
  const V counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1,
                                    2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const V bits = _mm256_set1_epi64x((1 << 21) - 1);
  const auto sum_of_bits = [&](V x) {
    const V low = _mm256_shuffle_epi8(counts, _mm256_and_si256(x, nibble));
    const V high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
    return _mm256_sad_epu8(_mm256_add_epi8(low, high), zero);
  };
  alignas(32) std::int64_t lanes[4];
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const V w = _mm256_loadu_si256(reinterpret_cast<const V*>(words + i));
    const V e = _mm256_sub_epi64(sum_of_bits(_mm256_and_si256(w, bits)),
                                 sum_of_bits(_mm256_and_si256(_mm256_srli_epi64(w, 21), bits)));
    _mm256_store_si256(reinterpret_cast<V*>(lanes), e);
    for (std::size_t j = 0; j < 4; ++j) out[i + j] = static_cast<std::int8_t>(lanes[j]);
  }
  wipe(lanes, sizeof(lanes));
  scalar::centredBinomial(words + i, n - i, out + i);
}

}  // namespace veilsum::kernel::avx2

#endif  // __AVX2__
