// The negacyclic transform with AVX-512: passes of radix 8, 4 and 2 (as few stores as registers
// allow), depth first (so that a block stays in the cache once it fits), and blocks of 64 points
// ended in registers between two 8 x 8 transposes. Twiddles carry the powers of psi (Longa,
// Naehrig, ePrint 2016/504); products are Shoup's (Harvey 2014).

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

using Word = std::uint64_t;

struct Twiddle {
  V w, quotient;
};

// A number representation gives the butterflies (X, Y) -> (X + wY, X - wY) and
// (X, Y) -> (X + Y, w(X - Y)), and what stands around them.

// q of at most 46 bits, values modulo 2^52: bits above are noise that IFMA does not read.
// Forward: `enter` adds a multiple of q once, large enough that no X - T of any layer goes negative
// and no X + T reaches 2^52 (see forwardOffset); so nothing is corrected before the end.
// Inverse: every pass takes values below 8 q; three layers of sums make that 64 q <= 2^52, in the
// first of its outputs alone, which `settle` brings below 2 q; the next is below 8 q, the others
// below 4 q.
class Offset52 {
 public:
  explicit Offset52(const NttTwiddles& t)
      : q_(broadcast(t.q)),
        minus_q_(broadcast((Word{1} << 52) - t.q)),
        ratio_(broadcast((Word{1} << 52) / t.q)),
        offset_(broadcast(t.offset)) {}

  VEILSUM_INLINE V enter(V x) const { return _mm512_add_epi64(x, offset_); }
  VEILSUM_INLINE void forward(V& x, V& y, const Twiddle& t) const {
    const V product = multiply(y, t);
    y = _mm512_sub_epi64(x, product);
    x = _mm512_add_epi64(x, product);
  }
  VEILSUM_INLINE V finish(V x) const { return reduced(settle(x)); }

  // Layer 0, 1, 2 of a pass, with values below 8q, 16q, 32q.
  template <int kLayer>
  VEILSUM_INLINE V difference(V x, V y) const {
    return _mm512_add_epi64(_mm512_sub_epi64(x, y), _mm512_slli_epi64(q_, 3 + kLayer));
  }
  VEILSUM_INLINE V sum(V x, V y) const { return _mm512_add_epi64(x, y); }
  VEILSUM_INLINE V multiply(V y, const Twiddle& t) const {
    const V quotient = high52(zero(), y, t.quotient);
    return low52(low52(zero(), y, t.w), quotient, minus_q_);
  }
  VEILSUM_INLINE V settle(V x) const { return low52(x, high52(zero(), x, ratio_), minus_q_); }
  // [0, 2q) -> [0, q).
  VEILSUM_INLINE V reduced(V x) const { return reduceOnce(mask52(x), q_); }

 private:
  V q_, minus_q_, ratio_, offset_;
};

// Shoup's products of 52-bit words, q of at most 50 bits: below 2 q.
class Product52 {
 public:
  static constexpr int kLogBound = 1;
  explicit Product52(const NttTwiddles& t) : minus_q_(broadcast((Word{1} << 52) - t.q)) {}
  VEILSUM_INLINE V operator()(V y, const Twiddle& t) const {
    const V quotient = high52(zero(), y, t.quotient);
    return mask52(low52(low52(zero(), y, t.w), quotient, minus_q_));
  }

 private:
  V minus_q_;
};

// Shoup's products of 64-bit words, q of at most 61 bits. The quotient leaves out the product of
// the lower halves and the carries into its upper half, and so is at most two too small: products
// are below 4 q.
class Product64 {
 public:
  static constexpr int kLogBound = 2;
  explicit Product64(const NttTwiddles& t) : q_(broadcast(t.q)) {}
  VEILSUM_INLINE V operator()(V y, const Twiddle& t) const {
    const V y1 = _mm512_srli_epi64(y, 32), t1 = _mm512_srli_epi64(t.quotient, 32);
    const V middle = _mm512_add_epi64(_mm512_srli_epi64(_mm512_mul_epu32(y1, t.quotient), 32),
                                      _mm512_srli_epi64(_mm512_mul_epu32(y, t1), 32));
    const V quotient = _mm512_add_epi64(_mm512_mul_epu32(y1, t1), middle);
    return _mm512_sub_epi64(_mm512_mullo_epi64(y, t.w), _mm512_mullo_epi64(quotient, q_));
  }

 private:
  V q_;
};

// Harvey's butterflies, with products below b = 2 q or 4 q: values in [0, 2 b) forward and in [0,
// b) inverse.
template <class Product>
class Harvey {
 public:
  explicit Harvey(const NttTwiddles& t)
      : q_(broadcast(t.q)), bound_(broadcast(t.q << Product::kLogBound)), product_(t) {}

  VEILSUM_INLINE V enter(V x) const { return x; }
  VEILSUM_INLINE void forward(V& x, V& y, const Twiddle& t) const {
    const V product = product_(y, t);
    x = reduceOnce(x, bound_);
    y = _mm512_add_epi64(_mm512_sub_epi64(x, product), bound_);
    x = _mm512_add_epi64(x, product);
  }
  VEILSUM_INLINE V finish(V x) const { return reduced(reduceOnce(x, bound_)); }

  template <int kLayer>
  VEILSUM_INLINE V difference(V x, V y) const {
    return _mm512_add_epi64(_mm512_sub_epi64(x, y), bound_);
  }
  VEILSUM_INLINE V sum(V x, V y) const { return reduceOnce(_mm512_add_epi64(x, y), bound_); }
  VEILSUM_INLINE V multiply(V y, const Twiddle& t) const { return product_(y, t); }
  VEILSUM_INLINE V settle(V x) const { return x; }
  // [0, b) -> [0, q).
  VEILSUM_INLINE V reduced(V x) const {
    if constexpr (Product::kLogBound == 2) x = reduceOnce(x, _mm512_slli_epi64(q_, 1));
    return reduceOnce(x, q_);
  }

 private:
  V q_, bound_;
  Product product_;
};

// The twiddles of the log2(radix) layers below node k of the tree, in the order of a heap from 1.
template <int kRadix, int kBlocks = 1>
VEILSUM_INLINE void broadcastTwiddles(const Word* pairs, std::size_t k, Twiddle* w) {
  if constexpr (kBlocks < kRadix) {
#pragma GCC unroll 4
    for (int i = 0; i < kBlocks; ++i) {
      const Word* const pair = pairs + 2 * (k * kBlocks + i);
      w[kBlocks + i] = {broadcast(pair[0]), broadcast(pair[1])};
    }
    broadcastTwiddles<kRadix, 2 * kBlocks>(pairs, k, w);
  }
}

VEILSUM_INLINE void loadTwiddles(const Word* tail, Twiddle* w) {
#pragma GCC unroll 7
  for (int i = 1; i < 8; ++i) w[i] = {load(tail + 16 * (i - 1)), load(tail + 16 * (i - 1) + 8)};
}

// One layer of kBlocks blocks of 2 * kHalf vectors.
template <int kHalf, int kBlocks, class Numbers>
VEILSUM_INLINE void forwardLayer(const Numbers& numbers, V* x, const Twiddle* w) {
#pragma GCC unroll 4
  for (int block = 0; block < kBlocks; ++block) {
#pragma GCC unroll 4
    for (int j = 2 * kHalf * block; j < 2 * kHalf * block + kHalf; ++j) {
      numbers.forward(x[j], x[j + kHalf], w[kBlocks + block]);
    }
  }
}

template <int kRadix, class Numbers>
VEILSUM_INLINE void forwardLayers(const Numbers& numbers, V* x, const Twiddle* w) {
  if constexpr (kRadix == 8) {
    forwardLayer<4, 1>(numbers, x, w);
    forwardLayer<2, 2>(numbers, x, w);
    forwardLayer<1, 4>(numbers, x, w);
  } else if constexpr (kRadix == 4) {
    forwardLayer<2, 1>(numbers, x, w);
    forwardLayer<1, 2>(numbers, x, w);
  } else {
    forwardLayer<1, 1>(numbers, x, w);
  }
}

// The layer number kLayer of a pass (see Offset52::difference).
template <int kHalf, int kBlocks, int kLayer, class Numbers>
VEILSUM_INLINE void inverseLayer(const Numbers& numbers, V* x, const Twiddle* w) {
#pragma GCC unroll 4
  for (int block = 0; block < kBlocks; ++block) {
#pragma GCC unroll 4
    for (int j = 2 * kHalf * block; j < 2 * kHalf * block + kHalf; ++j) {
      const V difference = numbers.template difference<kLayer>(x[j], x[j + kHalf]);
      x[j] = numbers.sum(x[j], x[j + kHalf]);
      x[j + kHalf] = numbers.multiply(difference, w[kBlocks + block]);
    }
  }
}

// The layers of an inverse pass but the last.
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseLayers(const Numbers& numbers, V* x, const Twiddle* w) {
  if constexpr (kRadix == 8) {
    inverseLayer<1, 4, 0>(numbers, x, w);
    inverseLayer<2, 2, 1>(numbers, x, w);
  } else if constexpr (kRadix == 4) {
    inverseLayer<1, 2, 0>(numbers, x, w);
  }
}

// The last layer.
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseLastLayer(const Numbers& numbers, V* x, const Twiddle* w) {
  inverseLayer<kRadix / 2, 1, std::countr_zero(unsigned{kRadix}) - 1>(numbers, x, w);
}

VEILSUM_INLINE void load8(const Word* a, V* x) {
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) x[r] = load(a + 8 * r);
}

VEILSUM_INLINE void store8(Word* a, const V* x) {
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) store(a + 8 * r, x[r]);
}

// The last six layers of a block of 64 points, node k of the tree.
template <class Numbers>
VEILSUM_INLINE void forward64(const Numbers& numbers, const Word* pairs, const Word* tail,
                              std::size_t k, Word* a) {
  V x[8];
  Twiddle w[8];
  load8(a, x);
  broadcastTwiddles<8>(pairs, k, w);
  forwardLayers<8>(numbers, x, w);
  transpose8(x);
  loadTwiddles(tail, w);
  forwardLayers<8>(numbers, x, w);
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) x[r] = numbers.finish(x[r]);
  transpose8(x);
  store8(a, x);
}

// The first six layers of the inverse.
template <class Numbers>
VEILSUM_INLINE void inverse64(const Numbers& numbers, const Word* pairs, const Word* tail,
                              std::size_t k, Word* a) {
  V x[8];
  Twiddle w[8];
  load8(a, x);
  transpose8(x);
  loadTwiddles(tail, w);
  inverseLayers<8>(numbers, x, w);
  inverseLastLayer<8>(numbers, x, w);
  transpose8(x);
  broadcastTwiddles<8>(pairs, k, w);
  inverseLayers<8>(numbers, x, w);
  inverseLastLayer<8>(numbers, x, w);
  x[0] = numbers.settle(x[0]);
  store8(a, x);
}

// log2(kRadix) layers on a block of kRadix * stride points, node k of the tree.
template <int kRadix, class Numbers>
VEILSUM_INLINE void forwardPass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                std::size_t stride, Word* a) {
  Twiddle w[kRadix];
  broadcastTwiddles<kRadix>(pairs, k, w);
  const bool first = k == 1;
  for (std::size_t j = 0; j < stride; j += 8) {
    V x[kRadix];
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride + j);
    if (first) {
#pragma GCC unroll 4
      for (int r = 0; r < kRadix / 2; ++r) x[r] = numbers.enter(x[r]);
    }
    forwardLayers<kRadix>(numbers, x, w);
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) store(a + r * stride + j, x[r]);
  }
}

template <int kRadix, class Numbers>
VEILSUM_INLINE void inversePass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                std::size_t stride, Word* a) {
  Twiddle w[kRadix];
  broadcastTwiddles<kRadix>(pairs, k, w);
  for (std::size_t j = 0; j < stride; j += 8) {
    V x[kRadix];
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride + j);
    inverseLayers<kRadix>(numbers, x, w);
    inverseLastLayer<kRadix>(numbers, x, w);
    x[0] = numbers.settle(x[0]);
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) store(a + r * stride + j, x[r]);
  }
}

// The pass at the root: its last layer takes the factor n^-1, and leaves values in [0, q).
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseRootPass(const Numbers& numbers, const NttTwiddles& t,
                                    const InverseScale& s, Word* a) {
  constexpr int kLayer = std::countr_zero(unsigned{kRadix}) - 1;
  const std::size_t stride = t.n / kRadix;
  Twiddle w[kRadix];
  broadcastTwiddles<kRadix>(t.inverse.pairs.data(), 1, w);
  const Twiddle scale = {broadcast(s.scale), broadcast(s.scaleQuotient)};
  const Twiddle scaledRoot = {broadcast(s.scaledRoot), broadcast(s.scaledRootQuotient)};
  for (std::size_t j = 0; j < stride; j += 8) {
    V x[kRadix];
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride + j);
    inverseLayers<kRadix>(numbers, x, w);
#pragma GCC unroll 4
    for (int r = 0; r < kRadix / 2; ++r) {
      const V difference = numbers.template difference<kLayer>(x[r], x[r + kRadix / 2]);
      const V sum = numbers.sum(x[r], x[r + kRadix / 2]);
      store(a + r * stride + j, numbers.reduced(numbers.multiply(sum, scale)));
      store(a + (r + kRadix / 2) * stride + j,
            numbers.reduced(numbers.multiply(difference, scaledRoot)));
    }
  }
}

// The radix of the pass on a block of `size` points: 8 while that leaves no single layer.
int radixFor(std::size_t size) {
  const int layers = std::countr_zero(size / 64);
  return layers == 1 ? 2 : layers == 2 || layers == 4 ? 4 : 8;
}

// Node k of the tree, a block of `size` points at a.
template <class Numbers>
void forwardBlock(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t size,
                  Word* a) {
  const Word* const pairs = t.forward.pairs.data();
  const int radix = radixFor(size);
  const std::size_t stride = size / static_cast<std::size_t>(radix);
  switch (radix) {
    case 8:
      forwardPass<8>(numbers, pairs, k, stride, a);
      break;
    case 4:
      forwardPass<4>(numbers, pairs, k, stride, a);
      break;
    default:
      forwardPass<2>(numbers, pairs, k, stride, a);
  }
  for (int i = 0; i < radix; ++i, a += stride) {
    const std::size_t child = k * radix + i;
    if (stride > 64) {
      forwardBlock(numbers, t, child, stride, a);
    } else {
      forward64(numbers, pairs, t.forward.tail.data() + 112 * (child - t.n / 64), child, a);
    }
  }
}

template <class Numbers>
void inverseBlock(const Numbers& numbers, const NttTwiddles& t, const InverseScale& scale,
                  std::size_t k, std::size_t size, Word* a) {
  const Word* const pairs = t.inverse.pairs.data();
  const int radix = radixFor(size);
  const std::size_t stride = size / static_cast<std::size_t>(radix);
  for (int i = 0; i < radix; ++i) {
    const std::size_t child = k * radix + i;
    if (stride > 64) {
      inverseBlock(numbers, t, scale, child, stride, a + i * stride);
    } else {
      inverse64(numbers, pairs, t.inverse.tail.data() + 112 * (child - t.n / 64), child,
                a + i * stride);
    }
  }
  const bool root = k == 1;
  switch (radix) {
    case 8:
      root ? inverseRootPass<8>(numbers, t, scale, a)
           : inversePass<8>(numbers, pairs, k, stride, a);
      break;
    case 4:
      root ? inverseRootPass<4>(numbers, t, scale, a)
           : inversePass<4>(numbers, pairs, k, stride, a);
      break;
    default:
      root ? inverseRootPass<2>(numbers, t, scale, a)
           : inversePass<2>(numbers, pairs, k, stride, a);
  }
}

void transform(const NttTwiddles& t, Word* a) {
  switch (t.layout) {
    case NttLayout::kOffset52:
      return forwardBlock(Offset52(t), t, 1, t.n, a);
    case NttLayout::kHarvey52:
      return forwardBlock(Harvey<Product52>(t), t, 1, t.n, a);
    case NttLayout::kHarvey64:
      return forwardBlock(Harvey<Product64>(t), t, 1, t.n, a);
    default:
      return scalar::nttForward(t, a, a);
  }
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
  switch (t.layout) {
    case NttLayout::kOffset52:
      return inverseBlock(Offset52(t), t, scale, 1, t.n, out);
    case NttLayout::kHarvey52:
      return inverseBlock(Harvey<Product52>(t), t, scale, 1, t.n, out);
    case NttLayout::kHarvey64:
      return inverseBlock(Harvey<Product64>(t), t, scale, 1, t.n, out);
    default:
      return scalar::nttInverse(t, out, scale, out);
  }
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
