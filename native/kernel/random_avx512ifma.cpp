// ChaCha20 in 16 lanes, and samples from its words, with AVX-512.

#if defined(__AVX512IFMA__)

#include <cstring>

#include "base/buffer.h"
#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

inline __attribute__((always_inline)) void quarterRound(V& a, V& b, V& c, V& d) {
  a = _mm512_add_epi32(a, b), d = _mm512_rol_epi32(_mm512_xor_si512(d, a), 16);
  c = _mm512_add_epi32(c, d), b = _mm512_rol_epi32(_mm512_xor_si512(b, c), 12);
  a = _mm512_add_epi32(a, b), d = _mm512_rol_epi32(_mm512_xor_si512(d, a), 8);
  c = _mm512_add_epi32(c, d), b = _mm512_rol_epi32(_mm512_xor_si512(b, c), 7);
}

// Lane l of row r becomes lane r of row l.
inline __attribute__((always_inline)) void transpose16(V* x) {
  V t[16];
  // In each 128-bit quarter: 4 x 4 words.
#pragma GCC unroll 4
  for (int r = 0; r < 16; r += 4) {
    const V a = _mm512_unpacklo_epi32(x[r], x[r + 1]), b = _mm512_unpackhi_epi32(x[r], x[r + 1]);
    const V c = _mm512_unpacklo_epi32(x[r + 2], x[r + 3]);
    const V d = _mm512_unpackhi_epi32(x[r + 2], x[r + 3]);
    t[r] = _mm512_unpacklo_epi64(a, c), t[r + 1] = _mm512_unpackhi_epi64(a, c);
    t[r + 2] = _mm512_unpacklo_epi64(b, d), t[r + 3] = _mm512_unpackhi_epi64(b, d);
  }
  // 4 x 4 quarters: t[4 g + c] holds, in quarter k, word 4 k + c of rows 4 g .. 4 g + 3.
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) {
    const V a = _mm512_shuffle_i32x4(t[c], t[4 + c], 0x88);
    const V b = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0x88);
    const V d = _mm512_shuffle_i32x4(t[c], t[4 + c], 0xdd);
    const V e = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0xdd);
    x[c] = _mm512_shuffle_i32x4(a, b, 0x88), x[8 + c] = _mm512_shuffle_i32x4(a, b, 0xdd);
    x[4 + c] = _mm512_shuffle_i32x4(d, e, 0x88), x[12 + c] = _mm512_shuffle_i32x4(d, e, 0xdd);
  }
}

// 16 blocks of the key stream from block `counter` on.
inline void blocks16(const std::uint32_t* state, std::uint64_t counter, std::uint8_t* out) {
  V input[16], x[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) input[i] = _mm512_set1_epi32(static_cast<int>(state[i]));
  const V lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const V low = _mm512_set1_epi32(static_cast<int>(counter));
  const V high = _mm512_set1_epi32(static_cast<int>(counter >> 32));
  input[12] = _mm512_add_epi32(low, lanes);
  input[13] = _mm512_mask_add_epi32(high, _mm512_cmplt_epu32_mask(input[12], low), high,
                                    _mm512_set1_epi32(1));
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) x[i] = input[i];
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
  for (int i = 0; i < 16; ++i) x[i] = _mm512_add_epi32(x[i], input[i]);
  transpose16(x);
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) _mm512_storeu_si512(out + 64 * i, x[i]);
}

}  // namespace

void chacha20(const std::uint32_t* state, std::size_t blocks, std::uint8_t* out) {
  std::uint64_t counter = std::uint64_t{state[13]} << 32 | state[12];
  for (; blocks >= 16; blocks -= 16, counter += 16, out += 16 * 64) blocks16(state, counter, out);
  if (blocks == 0) return;
  alignas(64) std::uint8_t last[16 * 64];
  blocks16(state, counter, last);
  std::memcpy(out, last, 64 * blocks);
  wipe(last, sizeof(last));
}

std::size_t selectBelow(const std::uint64_t* words, std::size_t n, std::uint64_t mask,
                        std::uint64_t q, std::uint64_t* out) {
  const V bits = broadcast(mask), modulus = broadcast(q);
  std::size_t selected = 0, i = 0;
  for (; i + 8 <= n; i += 8) {
    const V candidates = _mm512_and_si512(load(words + i), bits);
    const __mmask8 below = _mm512_cmplt_epu64_mask(candidates, modulus);
    // Compressed in a register and stored whole: selected <= i, so that the store ends within n.
    store(out + selected, _mm512_maskz_compress_epi64(below, candidates));
    selected += static_cast<std::size_t>(__builtin_popcount(below));
  }
  return selected + scalar::selectBelow(words + i, n - i, mask, q, out + selected);
}

void ternary(const std::uint64_t* words, std::size_t n, std::int8_t* out) {
  // floor(3 w / 2^64) counts the multiples of 2^64 / 3 that w has reached.
  const V third = broadcast(0x5555555555555556), two_thirds = broadcast(0xaaaaaaaaaaaaaaab);
  const V one = broadcast(1), minus_one = broadcast(~std::uint64_t{0});
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const V w = load(words + i);
    V x = _mm512_mask_add_epi64(minus_one, _mm512_cmpge_epu64_mask(w, third), minus_one, one);
    x = _mm512_mask_add_epi64(x, _mm512_cmpge_epu64_mask(w, two_thirds), x, one);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i), _mm512_cvtepi64_epi8(x));
  }
  scalar::ternary(words + i, n - i, out + i);
}

void centredBinomial(const std::uint64_t* words, std::size_t n, std::int8_t* out) {
  const V bits = broadcast((std::uint64_t{1} << 21) - 1), five_bits = broadcast(0x1f);
  const V m1 = broadcast(0x5555555555555555), m2 = broadcast(0x3333333333333333);
  const V m4 = broadcast(0x0f0f0f0f0f0f0f0f);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const V w = load(words + i);
    V v = _mm512_or_si512(_mm512_and_si512(w, bits),
                          _mm512_slli_epi64(_mm512_and_si512(_mm512_srli_epi64(w, 21), bits), 32));
    v = _mm512_sub_epi64(v, _mm512_and_si512(_mm512_srli_epi64(v, 1), m1));
    v = _mm512_add_epi64(_mm512_and_si512(v, m2), _mm512_and_si512(_mm512_srli_epi64(v, 2), m2));
    v = _mm512_and_si512(_mm512_add_epi64(v, _mm512_srli_epi64(v, 4)), m4);
    v = _mm512_add_epi64(v, _mm512_srli_epi64(v, 8));
    v = _mm512_add_epi64(v, _mm512_srli_epi64(v, 16));
    const V e = _mm512_sub_epi64(_mm512_and_si512(v, five_bits),
                                 _mm512_and_si512(_mm512_srli_epi64(v, 32), five_bits));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i), _mm512_cvtepi64_epi8(e));
  }
  scalar::centredBinomial(words + i, n - i, out + i);
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
