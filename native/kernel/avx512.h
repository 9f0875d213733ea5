#ifndef VEILSUM_KERNEL_AVX512_H_
#define VEILSUM_KERNEL_AVX512_H_

// Words of the AVX-512 kernels. For the files *_avx512ifma.cpp alone.

// GCC 12 takes the undefined operands inside its own intrinsics for ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop

#include <cstddef>
#include <cstdint>

#define VEILSUM_INLINE inline __attribute__((always_inline))

namespace veilsum::kernel::avx512ifma {
// Internal linkage: code built for one instruction set must not be shared with other files.
namespace {

using V = __m512i;

inline V zero() { return _mm512_setzero_si512(); }
inline V broadcast(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
inline V load(const std::uint64_t* a) { return _mm512_loadu_si512(a); }
inline void store(std::uint64_t* a, V x) { _mm512_storeu_si512(a, x); }

// sum + the low or high 52 bits of the product of the low 52 bits of a and b.
inline V low52(V sum, V a, V b) { return _mm512_madd52lo_epu64(sum, a, b); }
inline V high52(V sum, V a, V b) { return _mm512_madd52hi_epu64(sum, a, b); }
inline V mask52(V x) { return _mm512_and_si512(x, broadcast((std::uint64_t{1} << 52) - 1)); }

// [0, 2m) -> [0, m): x - m wraps to a huge word where x < m.
inline V reduceOnce(V x, V m) { return _mm512_min_epu64(x, _mm512_sub_epi64(x, m)); }

// The high 64 bits of 64-bit products, from products of halves.
inline V high64(V a, V b) {
  const V a1 = _mm512_srli_epi64(a, 32), b1 = _mm512_srli_epi64(b, 32);
  const V low = _mm512_mul_epu32(a, b), high = _mm512_mul_epu32(a1, b1);
  const V middle = _mm512_add_epi64(_mm512_mul_epu32(a1, b), _mm512_srli_epi64(low, 32));
  const V middle2 =
      _mm512_add_epi64(_mm512_mul_epu32(a, b1), _mm512_and_si512(middle, broadcast(0xffffffff)));
  return _mm512_add_epi64(
      high, _mm512_add_epi64(_mm512_srli_epi64(middle, 32), _mm512_srli_epi64(middle2, 32)));
}

// Eight words, or the first few of them.
struct Whole {
  V load(const std::uint64_t* a) const { return _mm512_loadu_si512(a); }
  void store(std::uint64_t* a, V x) const { _mm512_storeu_si512(a, x); }
};
struct Part {
  __mmask8 lanes;
  V load(const std::uint64_t* a) const { return _mm512_maskz_loadu_epi64(lanes, a); }
  void store(std::uint64_t* a, V x) const { _mm512_mask_storeu_epi64(a, lanes, x); }
};

// f(i, lanes) for each vector of n words, the last perhaps a Part.
template <class F>
inline __attribute__((always_inline)) void eachVector(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) f(i, Whole{});
  if (i < n) f(i, Part{static_cast<__mmask8>((1u << (n - i)) - 1)});
}

// Word c of row r becomes word r of row c.
inline __attribute__((always_inline)) void transpose8(V* x) {
  const V t0 = _mm512_unpacklo_epi64(x[0], x[1]), t1 = _mm512_unpackhi_epi64(x[0], x[1]);
  const V t2 = _mm512_unpacklo_epi64(x[2], x[3]), t3 = _mm512_unpackhi_epi64(x[2], x[3]);
  const V t4 = _mm512_unpacklo_epi64(x[4], x[5]), t5 = _mm512_unpackhi_epi64(x[4], x[5]);
  const V t6 = _mm512_unpacklo_epi64(x[6], x[7]), t7 = _mm512_unpackhi_epi64(x[6], x[7]);
  // Pairs of words 0 and 4, and 2 and 6, of four rows; then of all eight.
  const V u0 = _mm512_shuffle_i64x2(t0, t2, 0x88), u1 = _mm512_shuffle_i64x2(t1, t3, 0x88);
  const V u2 = _mm512_shuffle_i64x2(t0, t2, 0xdd), u3 = _mm512_shuffle_i64x2(t1, t3, 0xdd);
  const V u4 = _mm512_shuffle_i64x2(t4, t6, 0x88), u5 = _mm512_shuffle_i64x2(t5, t7, 0x88);
  const V u6 = _mm512_shuffle_i64x2(t4, t6, 0xdd), u7 = _mm512_shuffle_i64x2(t5, t7, 0xdd);
  x[0] = _mm512_shuffle_i64x2(u0, u4, 0x88), x[1] = _mm512_shuffle_i64x2(u1, u5, 0x88);
  x[2] = _mm512_shuffle_i64x2(u2, u6, 0x88), x[3] = _mm512_shuffle_i64x2(u3, u7, 0x88);
  x[4] = _mm512_shuffle_i64x2(u0, u4, 0xdd), x[5] = _mm512_shuffle_i64x2(u1, u5, 0xdd);
  x[6] = _mm512_shuffle_i64x2(u2, u6, 0xdd), x[7] = _mm512_shuffle_i64x2(u3, u7, 0xdd);
}

}  // namespace
}  // namespace veilsum::kernel::avx512ifma

#endif  // VEILSUM_KERNEL_AVX512_H_
