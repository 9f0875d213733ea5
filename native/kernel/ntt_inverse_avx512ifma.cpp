// The inverse negacyclic transform with AVX-512: the forward one backwards
// (kernel/ntt_forward_avx512ifma.cpp).

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512ifma.h"
#include "kernel/ntt_avx512.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

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

VEILSUM_INLINE void store8(Word* a, const V* x) {
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) store(a + 8 * r, x[r]);
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

}  // namespace

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
