#ifndef VEILSUM_KERNEL_NTT_AVX512_H_
#define VEILSUM_KERNEL_NTT_AVX512_H_

// What the AVX-512 transforms are made of: three ways to hold residues, and networks of butterflies
// and of shuffles on eight vectors, cut into steps. For the files ntt_*_avx512ifma.cpp alone.
// Products are Shoup's (Harvey 2014).

#include <bit>
#include <type_traits>
#include <utility>

#include "kernel/avx512.h"
#include "kernel/ntt_twiddles.h"

// For lambdas.
#define VEILSUM_INLINED __attribute__((always_inline))

namespace veilsum::kernel::avx512ifma {
namespace {

using Word = std::uint64_t;

struct Twiddle {
  V w, quotient;
};

VEILSUM_INLINE Twiddle broadcastTwiddle(const Word* pairs, std::size_t i) {
  return {broadcast(pairs[2 * i]), broadcast(pairs[2 * i + 1])};
}

// A number representation gives the butterflies (X, Y) -> (X + wY, X - wY) and
// (X, Y) -> (X + Y, w(X - Y)), and what stands around them.

// q of at most 46 bits, values modulo 2^52: bits above are noise that IFMA does not read.
// Forward: `enter` adds a multiple of q once, large enough that no X - T of any layer goes negative
// and no X + T reaches 2^52 (see forwardRange); so nothing is corrected before the end.
// Inverse: every pass takes values below 8 q; three layers of sums make that 64 q <= 2^52, in the
// first of its outputs alone, which `settle` brings below 2 q; the next is below 8 q, the others
// below 4 q.
class Offset52 {
 public:
  static constexpr bool kLazy = true;
  explicit Offset52(const NttTwiddles& t)
      : q_(broadcast(t.q)),
        minus_q_(broadcast((Word{1} << 52) - t.q)),
        ratio_(broadcast((Word{1} << 52) / t.q)),
        offset_(broadcast(t.offset)),
        top_(broadcast(t.top)) {}

  static Word quotient(Word quotient64) { return quotient64 >> 12; }
  VEILSUM_INLINE V enter(V x) const { return _mm512_add_epi64(x, offset_); }
  // X + T by adding to X, and X - T as 2 X - (X + T): a move and a cycle less than by way of T.
  VEILSUM_INLINE void forward(V& x, V& y, const Twiddle& t) const {
    const V twice = _mm512_add_epi64(x, x), quotient = high52(zero(), y, t.quotient);
    x = low52(low52(x, y, t.w), quotient, minus_q_);
    y = _mm512_sub_epi64(twice, x);
  }
  VEILSUM_INLINE V finish(V x) const { return reduced(settle(x)); }
  // x - y for a residue x and an output y of the forward transform, as the factor of a product.
  VEILSUM_INLINE V minus(V x, V y) const { return _mm512_sub_epi64(_mm512_add_epi64(x, top_), y); }

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
  V q_, minus_q_, ratio_, offset_, top_;
};

// Shoup's products of 52-bit words, q of at most 50 bits: below 2 q.
class Product52 {
 public:
  static constexpr int kLogBound = 1;
  explicit Product52(const NttTwiddles& t) : minus_q_(broadcast((Word{1} << 52) - t.q)) {}
  static Word quotient(Word quotient64) { return quotient64 >> 12; }
  VEILSUM_INLINE V operator()(V y, const Twiddle& t) const {
    const V quotient = high52(zero(), y, t.quotient);
    return mask52(low52(low52(zero(), y, t.w), quotient, minus_q_));
  }

 private:
  V minus_q_;
};

// Shoup's products of 64-bit words, q of at most 61 bits. With y = y1 2^52 + y0 and the quotient
// t = t1 2^12 + t0, y t / 2^64 is y1 t1 + y1 t0 / 2^12 + y0 t1 / 2^52 + y0 t0 / 2^64: IFMA adds the
// integers of the middle terms to the first, the last is left out. That takes at most three off
// y t / 2^64, itself less than one below y w / q: products are below 4 q.
class Product64 {
 public:
  static constexpr int kLogBound = 2;
  explicit Product64(const NttTwiddles& t) : q_(broadcast(t.q)) {}
  static Word quotient(Word quotient64) { return quotient64; }
  VEILSUM_INLINE V operator()(V y, const Twiddle& t) const {
    const V y1 = _mm512_srli_epi64(y, 52), t1 = _mm512_srli_epi64(t.quotient, 12);
    const V t0 = _mm512_slli_epi64(t.quotient, 40);  // times 2^40, above noise that IFMA ignores
    const V quotient = high52(high52(_mm512_mullo_epi64(y1, t1), y1, t0), y, t1);
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
  // Outputs of the forward transform may stay as they are: below 4 q < 2^52.
  static constexpr bool kLazy = Product::kLogBound == 1;
  explicit Harvey(const NttTwiddles& t)
      : q_(broadcast(t.q)), bound_(broadcast(t.q << Product::kLogBound)), product_(t) {}

  static Word quotient(Word quotient64) { return Product::quotient(quotient64); }
  VEILSUM_INLINE V enter(V x) const { return x; }
  VEILSUM_INLINE void forward(V& x, V& y, const Twiddle& t) const {
    const V product = product_(y, t);
    x = reduceOnce(x, bound_);
    y = _mm512_add_epi64(_mm512_sub_epi64(x, product), bound_);
    x = _mm512_add_epi64(x, product);
  }
  VEILSUM_INLINE V finish(V x) const { return reduced(reduceOnce(x, bound_)); }
  // Below 3 q or 5 q.
  VEILSUM_INLINE V minus(V x, V y) const {
    return _mm512_sub_epi64(_mm512_add_epi64(x, bound_), reduceOnce(y, bound_));
  }

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

// Eight vectors go through three layers of four pairs each: those of a transform, or those of an
// 8 x 8 transposition. A network is cut into 12 steps so that the steps of two can alternate in the
// program: a schedule of 128 waiting operations does not reach from the shuffles of one block of 64
// points to the multiplications of the next (Zen 4), and then neither hides the other.
struct Pair {
  int low, high, block;
};
// The pair of a step in a layer of blocks of 2 * half vectors.
constexpr Pair pairOf(int step, int half) {
  const int i = step % 4, block = i / half, low = 2 * half * block + i % half;
  return {low, low + half, block};
}

template <int... kSteps, class F>
VEILSUM_INLINE void forSteps(std::integer_sequence<int, kSteps...>, F f) {
  (f(std::integral_constant<int, kSteps>{}), ...);
}
// f(integral constant) for each of 12 steps.
template <class F>
VEILSUM_INLINE void inSteps(F f) {
  forSteps(std::make_integer_sequence<int, 12>{}, f);
}

// Word c of row r becomes word r of row c. Either way round it is the same.
template <int kStep>
VEILSUM_INLINE void transposeStep(V* x) {
  constexpr Pair p = pairOf(kStep, 1 << (kStep / 4));
  const V a = x[p.low], b = x[p.high];
  if constexpr (kStep < 4) {
    x[p.low] = _mm512_unpacklo_epi64(a, b), x[p.high] = _mm512_unpackhi_epi64(a, b);
  } else {
    x[p.low] = _mm512_shuffle_i64x2(a, b, 0x88), x[p.high] = _mm512_shuffle_i64x2(a, b, 0xdd);
  }
}

// The twiddle of node `block` of a layer of 2^layer nodes below node k of the tree: broadcast, or
// of eight trees at a time, one in each lane, from the tail.
struct Broadcast {
  const Word* pairs;
  std::size_t k;
  VEILSUM_INLINE Twiddle operator()(int layer, int block) const {
    return broadcastTwiddle(pairs, (k << layer) + static_cast<std::size_t>(block));
  }
};
struct Tail {
  const Word* tail;
  VEILSUM_INLINE Twiddle operator()(int layer, int block) const {
    const Word* const w = tail + 16 * ((1 << layer) + block - 1);
    return {load(w), load(w + 8)};
  }
};

// What the words of a block of 64 points in the tail take (Factors::tail).
constexpr std::size_t kTailWords = 112;

VEILSUM_INLINE void load8(const Word* a, V* x) {
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) x[r] = load(a + 8 * r);
}

// The radix of the pass on a block of `size` points, so that few passes lead to blocks of 64. Rows
// of 16 would fall on the same sets of the cache in larger blocks.
inline std::size_t radixFor(std::size_t size) {
  const int layers = std::countr_zero(size / 64);
  return layers <= 4 ? std::size_t{1} << layers : 8;
}

// The twiddles of the log2(kRadix) layers below node k of the tree: in registers where these hold
// them, otherwise broadcast as they are used.
template <int kRadix>
class PassTwiddles {
 public:
  VEILSUM_INLINE PassTwiddles(const Word* pairs, std::size_t k) {
#pragma GCC unroll 3
    for (int blocks = 1; blocks < kRadix; blocks *= 2) {
      const Word* const layer = pairs + 2 * blocks * k;
#pragma GCC unroll 4
      for (int i = 0; i < blocks; ++i) w_[blocks + i] = broadcastTwiddle(layer, i);
    }
  }
  template <int kBlocks>
  VEILSUM_INLINE Twiddle at(int block) const {
    return w_[kBlocks + block];
  }

 private:
  Twiddle w_[kRadix];
};
template <>
class PassTwiddles<16> {
 public:
  VEILSUM_INLINE PassTwiddles(const Word* pairs, std::size_t k)
      : layers_{pairs + 2 * k, pairs + 4 * k, pairs + 8 * k, pairs + 16 * k} {}
  template <int kBlocks>
  VEILSUM_INLINE Twiddle at(int block) const {
    return broadcastTwiddle(layers_[std::countr_zero(unsigned{kBlocks})], block);
  }

 private:
  const Word* layers_[4];
};

// f(integral constant) of the radix of a pass.
template <class F>
VEILSUM_INLINE void withRadix(std::size_t radix, F f) {
  switch (radix) {
    case 16:
      return f(std::integral_constant<int, 16>{});
    case 8:
      return f(std::integral_constant<int, 8>{});
    case 4:
      return f(std::integral_constant<int, 4>{});
    default:
      return f(std::integral_constant<int, 2>{});
  }
}

// f(stride), as a constant for the last pass: then one register addresses all rows.
template <class F>
VEILSUM_INLINE void withStride(std::size_t stride, F f) {
  if (stride == 64) return f(std::integral_constant<std::size_t, 64>{});
  f(stride);
}

// Blocks of at most this size are worked through layer by layer, so that the last ones are many at
// a time.
constexpr std::size_t kCachedPoints = 16384;

// f(numbers) in the layout of t, or otherwise().
template <class F, class Otherwise>
void inLayout(const NttTwiddles& t, F f, Otherwise otherwise) {
  switch (t.layout) {
    case NttLayout::kOffset52:
      return f(Offset52(t));
    case NttLayout::kHarvey52:
      return f(Harvey<Product52>(t));
    case NttLayout::kHarvey64:
      return f(Harvey<Product64>(t));
    default:
      otherwise();
  }
}

}  // namespace
}  // namespace veilsum::kernel::avx512ifma

#endif  // VEILSUM_KERNEL_NTT_AVX512_H_
