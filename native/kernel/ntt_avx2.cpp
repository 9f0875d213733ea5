// The negacyclic transform with AVX2, in doubles (kernel/avx2_words.h): passes of radix 4 (one of
// radix 2 where the number of layers is odd), depth first until a block fits the cache; the last
// pass is made between two 4 x 4 transposes. The words of the array hold doubles in between.
// Twiddles carry the powers of psi (Longa, Naehrig, ePrint 2016/504).

#if defined(__AVX2__)

#include <algorithm>
#include <bit>

#include "kernel/avx2.h"
#include "kernel/avx2_words.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx2 {
namespace {

using Word = std::uint64_t;

// A number representation gives the butterflies (X, Y) -> (X + wY, X - wY) and
// (X, Y) -> (X + Y, w(X - Y)), and what stands around them. All are held in registers of doubles.

// Doubles. Values are signed. A product is below 0.58 q while its factor is below 4.8 q or 2^51 (q
// / 2 + |y| q 2^-55, q < 2^49 or |y| < 2^51 / q).
//
// Forward, (X, Y) -> (X + wY, X - wY): each layer adds at most one product, so that log2 n layers
// on residues stay below 2^52 for q of up to 48 bits (kDouble; kernel/ntt_twiddles.cpp tells for
// which q). Otherwise (kDoubleSettled, q < 2^50) every pass starts from values brought below 0.6 q,
// and its factors are below 0.6 q + 0.6 q, or q + 0.6 q in the first.
//
// Inverse, (X, Y) -> (X + Y, w(X - Y)): a pass of radix 4 takes values below 1.2 q, that is the sum
// of two products, or residues, and multiplies at most four of them, 4.8 q; its first output is a
// sum of four, which is settled. For q of 50 bits the second, a sum of two products, is settled
// too: then values are below 0.6 q, or in [0, q) in the first pass, and differences below 2.4 q.
template <bool kSettled>
class Real {
 public:
  explicit Real(const NttTwiddles& t)
      : q_(real(t.q)), inverse_(real(1.0 / static_cast<double>(t.q))) {}

  /// From residues, and at the start of a pass.
  VEILSUM_INLINE D open(V x) const { return toReal(x); }
  VEILSUM_INLINE D enter(D x) const { return kSettled ? settle(x) : x; }
  VEILSUM_INLINE void forward(D& x, D& y, const RealFactor& factor) const {
    const D product = multiply(y, factor);
    y = _mm256_sub_pd(x, product);
    x = _mm256_add_pd(x, product);
  }
  VEILSUM_INLINE void inverse(D& x, D& y, const RealFactor& factor) const {
    const D difference = this->difference(x, y);
    x = sum(x, y);
    y = multiply(difference, factor);
  }
  VEILSUM_INLINE D sum(D x, D y) const { return _mm256_add_pd(x, y); }
  VEILSUM_INLINE D difference(D x, D y) const { return _mm256_sub_pd(x, y); }
  VEILSUM_INLINE D multiply(D y, const RealFactor& factor) const {
    return multiplyReal(y, factor, q_);
  }
  // The residue in [0, q) of a product, and of any value.
  VEILSUM_INLINE V finishProduct(D x) const { return toWord(canonical(x, q_)); }
  VEILSUM_INLINE V finish(D x) const { return finishProduct(settle(x)); }

  // What an inverse pass hands on.
  template <int kRadix>
  VEILSUM_INLINE void leave(D* x) const {
    x[0] = settle(x[0]);
    if (kSettled && kRadix == 4) x[1] = settle(x[1]);
  }

 private:
  VEILSUM_INLINE D settle(D x) const { return avx2::settle(x, inverse_, q_); }
  D q_, inverse_;
};

// 64-bit words, q of at most 60 bits: Harvey's lazy butterflies (2014). A Shoup quotient made of
// three of the four products of halves is at most two too small, so that a product is below 4 q;
// values are below 8 q < 2^63 forward, and below 4 q inverse.
class Words64 {
 public:
  explicit Words64(const NttTwiddles& t) : q_(broadcast(t.q)), q4_(broadcast(4 * t.q)) {}

  VEILSUM_INLINE D open(V x) const { return _mm256_castsi256_pd(x); }
  VEILSUM_INLINE D enter(D x) const { return x; }
  VEILSUM_INLINE void forward(D& x, D& y, const RealFactor& factor) const {
    const V product = multiplied(y, factor), upper = reduceOnce(_mm256_castpd_si256(x), q4_);
    y = open(_mm256_add_epi64(_mm256_sub_epi64(upper, product), q4_));
    x = open(_mm256_add_epi64(upper, product));
  }
  VEILSUM_INLINE void inverse(D& x, D& y, const RealFactor& factor) const {
    const D difference = this->difference(x, y);
    x = sum(x, y);
    y = multiply(difference, factor);
  }
  VEILSUM_INLINE D sum(D x, D y) const {
    return open(reduceOnce(_mm256_add_epi64(_mm256_castpd_si256(x), _mm256_castpd_si256(y)), q4_));
  }
  VEILSUM_INLINE D difference(D x, D y) const {
    return open(
        _mm256_add_epi64(_mm256_sub_epi64(_mm256_castpd_si256(x), _mm256_castpd_si256(y)), q4_));
  }
  VEILSUM_INLINE D multiply(D y, const RealFactor& factor) const {
    return open(multiplied(y, factor));
  }
  VEILSUM_INLINE V finishProduct(D x) const {
    return reduceOnce(reduceOnce(_mm256_castpd_si256(x), _mm256_add_epi64(q_, q_)), q_);
  }
  VEILSUM_INLINE V finish(D x) const {
    return finishProduct(open(reduceOnce(_mm256_castpd_si256(x), q4_)));
  }
  template <int kRadix>
  VEILSUM_INLINE void leave(D*) const {}

 private:
  VEILSUM_INLINE V multiplied(D number, const RealFactor& factor) const {
    const V y = _mm256_castpd_si256(number), y1 = _mm256_srli_epi64(y, 32);
    const V w = _mm256_castpd_si256(factor.w), t = _mm256_castpd_si256(factor.quotient);
    const V t1 = _mm256_srli_epi64(t, 32);
    const V middle = _mm256_add_epi64(_mm256_srli_epi64(_mm256_mul_epu32(y1, t), 32),
                                      _mm256_srli_epi64(_mm256_mul_epu32(y, t1), 32));
    const V quotient = _mm256_add_epi64(_mm256_mul_epu32(y1, t1), middle);
    return _mm256_sub_epi64(
        low64(y, y1, w, _mm256_srli_epi64(w, 32)),
        low64(quotient, _mm256_srli_epi64(quotient, 32), q_, _mm256_srli_epi64(q_, 32)));
  }
  V q_, q4_;
};

VEILSUM_INLINE D loadReal(const Word* a) { return _mm256_castsi256_pd(load(a)); }
VEILSUM_INLINE void storeReal(Word* a, D x) { store(a, _mm256_castpd_si256(x)); }

VEILSUM_INLINE RealFactor broadcastFactor(const Word* pairs, std::size_t k) {
  return {_mm256_castsi256_pd(broadcast(pairs[2 * k])),
          _mm256_castsi256_pd(broadcast(pairs[2 * k + 1]))};
}

// The factors of the one or two layers below node k of the tree, in the order of a heap from 1.
template <int kRadix>
VEILSUM_INLINE void broadcastFactors(const Word* pairs, std::size_t k, RealFactor* w) {
  w[1] = broadcastFactor(pairs, k);
  if constexpr (kRadix == 4) {
    w[2] = broadcastFactor(pairs, 2 * k);
    w[3] = broadcastFactor(pairs, 2 * k + 1);
  }
}

VEILSUM_INLINE void loadFactors(const Word* tail, RealFactor* w) {
#pragma GCC unroll 3
  for (int i = 0; i < 3; ++i) w[i + 1] = {loadReal(tail + 8 * i), loadReal(tail + 8 * i + 4)};
}

template <int kRadix, class Numbers>
VEILSUM_INLINE void forwardLayers(const Numbers& numbers, D* x, const RealFactor* w) {
  if constexpr (kRadix == 4) {
    numbers.forward(x[0], x[2], w[1]);
    numbers.forward(x[1], x[3], w[1]);
    numbers.forward(x[0], x[1], w[2]);
    numbers.forward(x[2], x[3], w[3]);
  } else {
    numbers.forward(x[0], x[1], w[1]);
  }
}

// The layers of an inverse pass but the last, and that one.
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseLayers(const Numbers& numbers, D* x, const RealFactor* w) {
  if constexpr (kRadix == 4) {
    numbers.inverse(x[0], x[1], w[2]);
    numbers.inverse(x[2], x[3], w[3]);
  }
}
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseLastLayer(const Numbers& numbers, D* x, const RealFactor* w) {
#pragma GCC unroll 2
  for (int r = 0; r < kRadix / 2; ++r) numbers.inverse(x[r], x[r + kRadix / 2], w[1]);
}

// Number c of row r becomes number r of row c.
VEILSUM_INLINE void transpose4(D* x) {
  const D t0 = _mm256_unpacklo_pd(x[0], x[1]), t1 = _mm256_unpackhi_pd(x[0], x[1]);
  const D t2 = _mm256_unpacklo_pd(x[2], x[3]), t3 = _mm256_unpackhi_pd(x[2], x[3]);
  x[0] = _mm256_permute2f128_pd(t0, t2, 0x20), x[1] = _mm256_permute2f128_pd(t1, t3, 0x20);
  x[2] = _mm256_permute2f128_pd(t0, t2, 0x31), x[3] = _mm256_permute2f128_pd(t1, t3, 0x31);
}

// The last two layers of n points, blocks of four points side by side; leaves residues.
template <class Numbers>
VEILSUM_INLINE void forwardTail(const Numbers& numbers, const Word* tail, std::size_t n, Word* a) {
  for (const Word* const end = a + n; a != end; a += 16, tail += 24) {
    D x[4];
    RealFactor w[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) x[r] = loadReal(a + 4 * r);
    transpose4(x);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) x[r] = numbers.enter(x[r]);
    loadFactors(tail, w);
    forwardLayers<4>(numbers, x, w);
    transpose4(x);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) store(a + 4 * r, numbers.finish(x[r]));
  }
}

// The first two layers of the inverse, on residues.
template <class Numbers>
VEILSUM_INLINE void inverseTail(const Numbers& numbers, const Word* tail, std::size_t n, Word* a) {
  for (const Word* const end = a + n; a != end; a += 16, tail += 24) {
    D x[4];
    RealFactor w[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) x[r] = numbers.open(load(a + 4 * r));
    transpose4(x);
    loadFactors(tail, w);
    inverseLayers<4>(numbers, x, w);
    inverseLastLayer<4>(numbers, x, w);
    numbers.template leave<4>(x);
    transpose4(x);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) storeReal(a + 4 * r, x[r]);
  }
}

// log2(kRadix) layers on a block of kRadix * stride points, node k of the tree; at the root on
// residues.
template <int kRadix, bool kRoot, class Numbers>
VEILSUM_INLINE void forwardPass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                std::size_t stride, Word* a) {
  RealFactor w[kRadix];
  broadcastFactors<kRadix>(pairs, k, w);
  for (std::size_t j = 0; j < stride; j += 4) {
    D x[kRadix];
#pragma GCC unroll 4
    for (int r = 0; r < kRadix; ++r) {
      const Word* const from = a + r * stride + j;
      x[r] = kRoot ? numbers.open(load(from)) : numbers.enter(loadReal(from));
    }
    forwardLayers<kRadix>(numbers, x, w);
#pragma GCC unroll 4
    for (int r = 0; r < kRadix; ++r) storeReal(a + r * stride + j, x[r]);
  }
}

template <class Numbers>
VEILSUM_INLINE void inversePass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                std::size_t stride, Word* a) {
  RealFactor w[4];
  broadcastFactors<4>(pairs, k, w);
  for (std::size_t j = 0; j < stride; j += 4) {
    D x[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) x[r] = loadReal(a + r * stride + j);
    inverseLayers<4>(numbers, x, w);
    inverseLastLayer<4>(numbers, x, w);
    numbers.template leave<4>(x);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) storeReal(a + r * stride + j, x[r]);
  }
}

// The pass at the root: its last layer takes the factor n^-1, and leaves residues.
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseRootPass(const Numbers& numbers, const NttTwiddles& t,
                                    const InverseScale& s, Word* a) {
  const std::size_t stride = t.n / kRadix;
  RealFactor w[kRadix];
  broadcastFactors<kRadix>(t.inverse.pairs.data(), 1, w);
  const Word scales[] = {s.scale, s.scaleQuotient, s.scaledRoot, s.scaledRootQuotient};
  const RealFactor scale = broadcastFactor(scales, 0), scaledRoot = broadcastFactor(scales, 1);
  for (std::size_t j = 0; j < stride; j += 4) {
    D x[kRadix];
#pragma GCC unroll 4
    for (int r = 0; r < kRadix; ++r) x[r] = loadReal(a + r * stride + j);
    inverseLayers<kRadix>(numbers, x, w);
#pragma GCC unroll 2
    for (int r = 0; r < kRadix / 2; ++r) {
      const D sum = numbers.sum(x[r], x[r + kRadix / 2]);
      const D difference = numbers.difference(x[r], x[r + kRadix / 2]);
      store(a + r * stride + j, numbers.finishProduct(numbers.multiply(sum, scale)));
      store(a + (r + kRadix / 2) * stride + j,
            numbers.finishProduct(numbers.multiply(difference, scaledRoot)));
    }
  }
}

// Blocks of at most this size are worked through layer by layer: they stay in the first-level
// cache, and the layers of many vectors hide each other's latency. Larger ones go depth first.
constexpr std::size_t kCachedPoints = 2048;

// A block of 4^m points at node k of the tree, m > 1.
template <class Numbers>
void forwardBlock(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t size,
                  Word* a) {
  const Word* const pairs = t.forward.pairs.data();
  if (size > kCachedPoints) {
    const std::size_t stride = size / 4;
    forwardPass<4, false>(numbers, pairs, k, stride, a);
    for (std::size_t i = 0; i < 4; ++i) forwardBlock(numbers, t, 4 * k + i, stride, a + i * stride);
    return;
  }
  std::size_t blocks = 1;
  for (std::size_t stride = size / 4; stride > 1; stride /= 4, blocks *= 4) {
    for (std::size_t i = 0; i < blocks; ++i) {
      forwardPass<4, false>(numbers, pairs, k * blocks + i, stride, a + 4 * i * stride);
    }
  }
  forwardTail(numbers, t.forward.tail.data() + 6 * (k * blocks - t.n / 4), size, a);
}

template <class Numbers>
void inverseBlock(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t size,
                  Word* a) {
  const Word* const pairs = t.inverse.pairs.data();
  if (size > kCachedPoints) {
    const std::size_t stride = size / 4;
    for (std::size_t i = 0; i < 4; ++i) inverseBlock(numbers, t, 4 * k + i, stride, a + i * stride);
    return inversePass(numbers, pairs, k, stride, a);
  }
  std::size_t blocks = size / 4;
  inverseTail(numbers, t.inverse.tail.data() + 6 * (k * blocks - t.n / 4), size, a);
  for (std::size_t stride = 4; stride < size; stride *= 4) {
    blocks /= 4;
    for (std::size_t i = 0; i < blocks; ++i) {
      inversePass(numbers, pairs, k * blocks + i, stride, a + 4 * i * stride);
    }
  }
}

// The pass at the root is of radix 2 where the number of layers is odd.
template <class Numbers>
void forward(const Numbers& numbers, const NttTwiddles& t, Word* a) {
  const std::size_t radix = std::countr_zero(t.n) % 2 == 1 ? 2 : 4, stride = t.n / radix;
  if (radix == 2) {
    forwardPass<2, true>(numbers, t.forward.pairs.data(), 1, stride, a);
  } else {
    forwardPass<4, true>(numbers, t.forward.pairs.data(), 1, stride, a);
  }
  for (std::size_t i = 0; i < radix; ++i) {
    forwardBlock(numbers, t, radix + i, stride, a + i * stride);
  }
}

template <class Numbers>
void inverse(const Numbers& numbers, const NttTwiddles& t, const InverseScale& scale, Word* a) {
  const std::size_t radix = std::countr_zero(t.n) % 2 == 1 ? 2 : 4, stride = t.n / radix;
  for (std::size_t i = 0; i < radix; ++i) {
    inverseBlock(numbers, t, radix + i, stride, a + i * stride);
  }
  if (radix == 2) {
    inverseRootPass<2>(numbers, t, scale, a);
  } else {
    inverseRootPass<4>(numbers, t, scale, a);
  }
}

void transform(const NttTwiddles& t, Word* a) {
  if (t.layout == NttLayout::kDouble) return forward(Real<false>(t), t, a);
  if (t.layout == NttLayout::kDoubleSettled) return forward(Real<true>(t), t, a);
  if (t.layout == NttLayout::kWords64) return forward(Words64(t), t, a);
  scalar::nttForward(t, a, a);
}

}  // namespace

void nttForward(const NttTwiddles& t, const Word* in, Word* out) {
  if (in != out) std::copy_n(in, t.n, out);
  transform(t, out);
}

void nttForwardLazy(const NttTwiddles& t, const Word* in, Word from, Word* out) {
  liftCentred(in, t.n, from, t.q, out);
  transform(t, out);
}

void nttForwardIntegers(const NttTwiddles& t, const std::int64_t* in, int bits,
                        const Barrett& modulus, Word* out) {
  liftIntegers(in, t.n, bits, modulus, out);
  transform(t, out);
}

void nttForwardSmallLazy(const NttTwiddles& t, const std::int8_t* in, Word* out) {
  liftSigned(in, t.n, t.q, out);
  transform(t, out);
}

void nttForwardSubtractScale(const NttTwiddles& t, const Word* in, Word from, Word* work,
                             const Word* x, Word scalar, Word quotient, Word* out) {
  nttForwardLazy(t, in, from, work);
  subtract(x, work, t.n, t.q, out);
  multiplyScalar(out, t.n, scalar, quotient, t.q, out);
}

void nttInverse(const NttTwiddles& t, const Word* in, const InverseScale& scale, Word* out) {
  if (in != out) std::copy_n(in, t.n, out);
  if (t.layout == NttLayout::kDouble) return inverse(Real<false>(t), t, scale, out);
  if (t.layout == NttLayout::kDoubleSettled) return inverse(Real<true>(t), t, scale, out);
  if (t.layout == NttLayout::kWords64) return inverse(Words64(t), t, scale, out);
  scalar::nttInverse(t, out, scale, out);
}

}  // namespace veilsum::kernel::avx2

#endif  // __AVX2__
