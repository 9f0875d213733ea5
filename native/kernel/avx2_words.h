#ifndef VEILSUM_KERNEL_AVX2_WORDS_H_
#define VEILSUM_KERNEL_AVX2_WORDS_H_

// Words and residues of the AVX2 kernels. For the files *_avx2.cpp alone.
//
// AVX2 multiplies 32-bit words only, but doubles by fused multiply-add at full width: residues
// modulo q of at most 50 bits are taken as doubles that hold integers, and a product a w mod q is
//   h = fl(a w), l = a w - h, b = a round(a w / q), (h - b q) + l
// (van der Hoeven, Lecerf, Quintin, "Modular SIMD arithmetic in Mathemagix", 2016, section 3). With
// b within d of a w / q,
//   - l is exact: the rounding error of a product is a double, and fma rounds once;
//   - h and b q are integers (h is exact below 2^53 and a multiple of a power of two above) and
//     |h - b q| <= d q + |l| with |l| <= 2^-53 |a w|, below 2^53 in all uses, so h - b q is exact;
//   - so is the sum, which is a w - b q, at most d q from zero.
// What is left for each use is d. An integer nearest to x with |x| <= 2^51 is (x + s) - s,
// s = 1.5 * 2^52. No operation meets a denormal number, so none depends on what it works on.

#include <immintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernel/table.h"

#define VEILSUM_INLINE inline __attribute__((always_inline))

namespace veilsum::kernel::avx2 {
// Internal linkage: code built for one instruction set must not be shared with other files.
namespace {

using V = __m256i;
using D = __m256d;

constexpr int kDoubleBits = 50;  // of the widest modulus that products of doubles serve

VEILSUM_INLINE V broadcast(std::uint64_t x) {
  return _mm256_set1_epi64x(static_cast<long long>(x));
}
VEILSUM_INLINE D real(double x) { return _mm256_set1_pd(x); }
VEILSUM_INLINE D real(std::uint64_t x) { return _mm256_set1_pd(static_cast<double>(x)); }
VEILSUM_INLINE V load(const std::uint64_t* a) {
  return _mm256_loadu_si256(reinterpret_cast<const V*>(a));
}
VEILSUM_INLINE void store(std::uint64_t* a, V x) {
  _mm256_storeu_si256(reinterpret_cast<V*>(a), x);
}

// Four words, or the first few of them (the others read as zero).
struct Whole {
  V load(const std::uint64_t* a) const { return avx2::load(a); }
  void store(std::uint64_t* a, V x) const { avx2::store(a, x); }
};
struct Part {
  V lanes;
  V load(const std::uint64_t* a) const {
    return _mm256_maskload_epi64(reinterpret_cast<const long long*>(a), lanes);
  }
  void store(std::uint64_t* a, V x) const {
    _mm256_maskstore_epi64(reinterpret_cast<long long*>(a), lanes, x);
  }
};

// f(i, lanes) for each vector of n words, the last perhaps a Part.
template <class F>
VEILSUM_INLINE void eachVector(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) f(i, Whole{});
  if (i < n) f(i, Part{_mm256_cmpgt_epi64(broadcast(n - i), _mm256_set_epi64x(3, 2, 1, 0))});
}

// x + (q where x is negative as a signed word).
VEILSUM_INLINE V addWhereNegative(V x, V q) {
  return _mm256_add_epi64(x, _mm256_and_si256(q, _mm256_cmpgt_epi64(_mm256_setzero_si256(), x)));
}
// [0, 2m) -> [0, m), m < 2^62.
VEILSUM_INLINE V reduceOnce(V x, V m) {
  const D less = _mm256_castsi256_pd(_mm256_sub_epi64(x, m));  // its sign chooses
  return _mm256_castpd_si256(_mm256_blendv_pd(less, _mm256_castsi256_pd(x), less));
}

// The low words of products, given the upper halves of the factors.
VEILSUM_INLINE V low64(V a, V a1, V b, V b1) {
  const V cross = _mm256_add_epi64(_mm256_mul_epu32(a1, b), _mm256_mul_epu32(a, b1));
  return _mm256_add_epi64(_mm256_mul_epu32(a, b), _mm256_slli_epi64(cross, 32));
}

// Words below 2^52 and doubles: their bits stand in the fraction of 2^52 + x.
VEILSUM_INLINE D toReal(V x) {
  const D place = real(0x1p52);
  return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(x, _mm256_castpd_si256(place))), place);
}
VEILSUM_INLINE V toWord(D x) {
  const D place = real(0x1p52);
  return _mm256_castpd_si256(_mm256_xor_pd(_mm256_add_pd(x, place), place));
}

// The integer nearest to a * b, |a b| <= 2^51.
VEILSUM_INLINE D nearestProduct(D a, D b) {
  const D shift = real(0x1.8p52);
  return _mm256_sub_pd(_mm256_fmadd_pd(a, b, shift), shift);
}

// a * w - b * q, exactly (see above).
VEILSUM_INLINE D residueOf(D a, D w, D b, D q) {
  const D high = _mm256_mul_pd(a, w);
  return _mm256_add_pd(_mm256_fnmadd_pd(b, q, high), _mm256_fmsub_pd(a, w, high));
}

// (-q, q) -> [0, q).
VEILSUM_INLINE D canonical(D x, D q) { return _mm256_blendv_pd(x, _mm256_add_pd(x, q), x); }

// A constant factor w, |w| <= q / 2, and fl(w / q), which is within 2^-55 of w / q.
struct RealFactor {
  D w, quotient;
};

// a * w mod q for |a| <= 2^52, within q / 2 + |a| q 2^-55 of zero: a fl(w / q) is within |a| 2^-55
// of a w / q and at most 2^51.
VEILSUM_INLINE D multiplyReal(D a, const RealFactor& factor, D q) {
  return residueOf(a, factor.w, nearestProduct(a, factor.quotient), q);
}

// x mod q, given fl(1 / q), for |x| <= 2^52 and |x / q| <= 2^51: within
// q / 2 + |x| 2^-53 of zero.
VEILSUM_INLINE D settle(D x, D inverse, D q) {
  return _mm256_fnmadd_pd(nearestProduct(x, inverse), q, x);
}

}  // namespace
}  // namespace veilsum::kernel::avx2

#endif  // VEILSUM_KERNEL_AVX2_WORDS_H_
