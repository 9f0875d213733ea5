// The inverse negacyclic transform with AVX-512: the forward one backwards
// (kernel/ntt_forward_avx512ifma.cpp). The first six layers go from the input to the output, the
// last pass multiplies by n^-1 and by the factor that is asked for.

#if defined(__AVX512IFMA__)

#include <bit>

#include "kernel/avx512ifma.h"
#include "kernel/ntt_avx512.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

// (X, Y) -> (X + Y, w(X - Y)) in the layer number kLayer of a pass (see Offset52).
template <int kLayer, class Numbers>
VEILSUM_INLINE void inverseButterfly(const Numbers& numbers, V& x, V& y, const Twiddle& w) {
  const V difference = numbers.template difference<kLayer>(x, y);
  x = numbers.sum(x, y);
  y = numbers.multiply(difference, w);
}

// The layers of a pass on kRadix vectors, from that of half kHalf on, but the last.
template <int kRadix, int kHalf = 1, int kLayer = 0, class Numbers>
VEILSUM_INLINE void inverseLayers(const Numbers& numbers, const PassTwiddles<kRadix>& twiddles,
                                  V* x) {
  if constexpr (2 * kHalf < kRadix) {
    constexpr int kBlocks = kRadix / kHalf / 2;
#pragma GCC unroll 8
    for (int block = 0; block < kBlocks; ++block) {
      const Twiddle w = twiddles.template at<kBlocks>(block);
#pragma GCC unroll 8
      for (int j = 2 * kHalf * block; j < 2 * kHalf * block + kHalf; ++j) {
        inverseButterfly<kLayer>(numbers, x[j], x[j + kHalf], w);
      }
    }
    inverseLayers<kRadix, 2 * kHalf, kLayer + 1>(numbers, twiddles, x);
  }
}

// All of them, with values that the next pass takes. The fourth layer of radix 16 starts anew: the
// first outputs of its halves are settled before it, and its second output, below 16 q, after.
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseAllLayers(const Numbers& numbers, const PassTwiddles<kRadix>& twiddles,
                                     V* x) {
  constexpr int kLayer = std::countr_zero(unsigned{kRadix}) - 1;
  inverseLayers<kRadix>(numbers, twiddles, x);
  if constexpr (kRadix == 16) x[0] = numbers.settle(x[0]), x[8] = numbers.settle(x[8]);
  const Twiddle w = twiddles.template at<1>(0);
#pragma GCC unroll 8
  for (int j = 0; j < kRadix / 2; ++j) {
    inverseButterfly<kLayer % 3>(numbers, x[j], x[j + kRadix / 2], w);
  }
  constexpr int kLargest = kRadix == 16 ? 1 : 0;
  x[kLargest] = numbers.settle(x[kLargest]);
}

// log2(kRadix) layers on kRadix * stride points, node k of the tree.
template <int kRadix, class Numbers, class Stride>
VEILSUM_INLINE void inversePass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                Stride stride, Word* a) {
  const PassTwiddles<kRadix> twiddles(pairs, k);
  for (const Word* const end = a + stride; a != end; a += 8) {
    V x[kRadix];
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride);
    inverseAllLayers<kRadix>(numbers, twiddles, x);
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) store(a + r * stride, x[r]);
  }
}

// The pass at the root: its last layer multiplies by the scale and leaves values in [0, q).
template <int kRadix, class Numbers>
VEILSUM_INLINE void inverseRootPass(const Numbers& numbers, const Word* pairs, std::size_t n,
                                    const InverseScale& s, Word* a) {
  constexpr int kLayer = std::countr_zero(unsigned{kRadix}) - 1;
  const std::size_t stride = n / kRadix;
  const Twiddle scale = {broadcast(s.scale), broadcast(s.scaleQuotient)};
  const Twiddle scaledRoot = {broadcast(s.scaledRoot), broadcast(s.scaledRootQuotient)};
  const PassTwiddles<kRadix> twiddles(pairs, 1);
  for (const Word* const end = a + stride; a != end; a += 8) {
    V x[kRadix];
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride);
    inverseLayers<kRadix>(numbers, twiddles, x);
#pragma GCC unroll 4
    for (int r = 0; r < kRadix / 2; ++r) {
      const V difference = numbers.template difference<kLayer>(x[r], x[r + kRadix / 2]);
      const V sum = numbers.sum(x[r], x[r + kRadix / 2]);
      store(a + r * stride, numbers.reduced(numbers.multiply(sum, scale)));
      store(a + (r + kRadix / 2) * stride,
            numbers.reduced(numbers.multiply(difference, scaledRoot)));
    }
  }
}

// Three layers in steps, the last of them first.
template <int kStep, class Numbers, class Twiddles>
VEILSUM_INLINE void inverseStep(const Numbers& numbers, const Twiddles& twiddles, V* x) {
  constexpr int kLayer = kStep / 4;
  constexpr Pair p = pairOf(kStep, 1 << kLayer);
  inverseButterfly<kLayer>(numbers, x[p.low], x[p.high], twiddles(2 - kLayer, p.block));
}

// The same with the outputs stored.
template <int kStep, class Numbers, class Twiddles>
VEILSUM_INLINE void inverseClosingStep(const Numbers& numbers, const Twiddles& twiddles, V* x,
                                       Word* out) {
  inverseStep<kStep>(numbers, twiddles, x);
  if constexpr (kStep >= 8) {
    constexpr Pair p = pairOf(kStep, 4);
    store(out + 8 * p.low, p.low == 0 ? numbers.settle(x[0]) : x[p.low]);
    store(out + 8 * p.high, x[p.high]);
  }
}

// The first six layers of `blocks` blocks of 64 points, an even number, node k of the tree the
// first: residues from position `at` of `in` to the same of `out`. Two blocks are under way at a
// time (see forwardEnds).
template <class Numbers>
void inverseEnds(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t blocks,
                 std::size_t at, const Word* in, Word* out) {
  const Word* const pairs = t.inverse.pairs.data();
  const Word* tail = t.inverse.tail.data() + at / 64 * kTailWords;
  const std::size_t end = at + 64 * blocks;
  V x[8], y[8];
  load8(in + at, x);
  inSteps([&](auto s) VEILSUM_INLINED { transposeStep<s>(x); });
  for (;;) {
    load8(in + at + 64, y);
    inSteps([&](auto s) VEILSUM_INLINED {
      inverseStep<s>(numbers, Tail{tail}, x);
      transposeStep<s>(y);
    });
    inSteps([&](auto s) VEILSUM_INLINED {
      inverseStep<s>(numbers, Tail{tail + kTailWords}, y);
      transposeStep<s>(x);
    });
    inSteps([&](auto s) VEILSUM_INLINED {
      inverseClosingStep<s>(numbers, Broadcast{pairs, k}, x, out + at);
      transposeStep<s>(y);
    });
    at += 128, k += 2, tail += 2 * kTailWords;
    if (at == end) break;
    load8(in + at, x);
    inSteps([&](auto s) VEILSUM_INLINED {
      inverseClosingStep<s>(numbers, Broadcast{pairs, k - 1}, y, out + at - 64);
      transposeStep<s>(x);
    });
  }
  inSteps([&](auto s) VEILSUM_INLINED {
    inverseClosingStep<s>(numbers, Broadcast{pairs, k - 1}, y, out + at - 64);
  });
}

// One pass on each of `blocks` blocks of `size` points side by side, node k the first.
template <class Numbers>
void inversePasses(const Numbers& numbers, const Word* pairs, std::size_t k, std::size_t size,
                   std::size_t blocks, Word* a) {
  withRadix(radixFor(size), [&](auto radix) {
    for (std::size_t i = 0; i < blocks; ++i, a += size) {
      withStride(size / radix,
                 [&](auto stride) { inversePass<radix>(numbers, pairs, k + i, stride, a); });
    }
  });
}

// All layers of `blocks` blocks of `size` points from position `at` on, node k of the tree the
// first.
template <class Numbers>
void inverseBlocks(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t size,
                   std::size_t blocks, std::size_t at, const Word* in, Word* out) {
  if (size == 64) return inverseEnds(numbers, t, k, blocks, at, in, out);
  if (blocks > 1 && size * blocks > kCachedPoints) {
    for (std::size_t i = 0; i < blocks; ++i) {
      inverseBlocks(numbers, t, k + i, size, 1, at + i * size, in, out);
    }
    return;
  }
  const std::size_t radix = radixFor(size);
  inverseBlocks(numbers, t, k * radix, size / radix, blocks * radix, at, in, out);
  inversePasses(numbers, t.inverse.pairs.data(), k, size, blocks, out + at);
}

template <class Numbers>
void inverse(const Numbers& numbers, const NttTwiddles& t, const Word* in,
             const InverseScale& scale, Word* out) {
  const std::size_t radix = radixFor(t.n) == 16 ? 4 : radixFor(t.n);
  inverseBlocks(numbers, t, radix, t.n / radix, radix, 0, in, out);
  const Word* const pairs = t.inverse.pairs.data();
  switch (radix) {
    case 8:
      return inverseRootPass<8>(numbers, pairs, t.n, scale, out);
    case 4:
      return inverseRootPass<4>(numbers, pairs, t.n, scale, out);
    default:
      return inverseRootPass<2>(numbers, pairs, t.n, scale, out);
  }
}

}  // namespace

void nttInverse(const NttTwiddles& t, const Word* in, const InverseScale& scale, Word* out) {
  inLayout(
      t, [&](const auto& numbers) { inverse(numbers, t, in, scale, out); },
      [&] { scalar::nttInverse(t, in, scale, out); });
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
