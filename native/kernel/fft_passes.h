#ifndef VEILSUM_KERNEL_FFT_PASSES_H_
#define VEILSUM_KERNEL_FFT_PASSES_H_

// The passes of kernel::Fft, compiled once for each instruction set with its vector V (of doubles,
// 2, 4 or 8): of radix 8, 4 and 2, depth first, so that a block stays in the cache once it fits;
// blocks of kTail leaves are ended in registers, about one transpose of lanes.

#include <bit>

#include "kernel/fft.h"
#include "kernel/fft_vectors.h"

namespace veilsum::kernel {
namespace {

/// c_k, c_2k, c_4k, c_(4k+2) of a node, or of a node for each lane: as many as the radix needs.
template <class F>
struct NodeFactors {
  Complex<F> c, d, e, f;
};

template <int kRadix, class F>
VEILSUM_INLINE NodeFactors<F> factorsAt(const FftFactors& factors, std::size_t k) {
  const std::size_t at = k / 8 * 32 + k % 8;
  const double* const nodes = factors.nodes.data() + at;
  NodeFactors<F> w;
  w.c = {load<F>(nodes), load<F>(nodes + 8)};
  if constexpr (kRadix > 2) w.d = {load<F>(nodes + 16), load<F>(nodes + 24)};
  if constexpr (kRadix > 4) {
    const double* const below = factors.below.data() + at;
    w.e = {load<F>(below), load<F>(below + 8)};
    w.f = {load<F>(below + 16), load<F>(below + 24)};
  }
  return w;
}

// A node's butterflies by its factor c, and those of a second child by i c, c the first child's.
template <class V, class F>
VEILSUM_INLINE void forwardFirst(Complex<V>& x, Complex<V>& y, const Complex<F>& c) {
  const Complex<V> product = y * c;
  y = x - product;
  x = x + product;
}
template <class V, class F>
VEILSUM_INLINE void forwardSecond(Complex<V>& x, Complex<V>& y, const Complex<F>& c) {
  const Complex<V> product = timesI(y * c);
  y = x - product;
  x = x + product;
}
template <class V, class F>
VEILSUM_INLINE void inverseFirst(Complex<V>& x, Complex<V>& y, const Complex<F>& c) {
  const Complex<V> difference = x - y;
  x = x + y;
  y = timesConjugate(difference, c);
}
template <class V, class F>
VEILSUM_INLINE void inverseSecond(Complex<V>& x, Complex<V>& y, const Complex<F>& c) {
  const Complex<V> difference = x - y;
  x = x + y;
  y = overI(timesConjugate(difference, c));
}

/// The log2(kRadix) layers below a node, on kRadix rows.
template <int kRadix, class V, class F>
VEILSUM_INLINE void forwardLayers(Complex<V>* x, const NodeFactors<F>& w) {
#pragma GCC unroll 4
  for (int j = 0; j < kRadix / 2; ++j) forwardFirst(x[j], x[j + kRadix / 2], w.c);
  if constexpr (kRadix > 2) {
    constexpr int kHalf = kRadix / 4;
#pragma GCC unroll 2
    for (int j = 0; j < kHalf; ++j) {
      forwardFirst(x[j], x[j + kHalf], w.d);
      forwardSecond(x[j + 2 * kHalf], x[j + 3 * kHalf], w.d);
    }
  }
  if constexpr (kRadix > 4) {
    forwardFirst(x[0], x[1], w.e);
    forwardSecond(x[2], x[3], w.e);
    forwardFirst(x[4], x[5], w.f);
    forwardSecond(x[6], x[7], w.f);
  }
}

template <int kRadix, class V, class F>
VEILSUM_INLINE void inverseLayers(Complex<V>* x, const NodeFactors<F>& w) {
  if constexpr (kRadix > 4) {
    inverseFirst(x[0], x[1], w.e);
    inverseSecond(x[2], x[3], w.e);
    inverseFirst(x[4], x[5], w.f);
    inverseSecond(x[6], x[7], w.f);
  }
  if constexpr (kRadix > 2) {
    constexpr int kHalf = kRadix / 4;
#pragma GCC unroll 2
    for (int j = 0; j < kHalf; ++j) {
      inverseFirst(x[j], x[j + kHalf], w.d);
      inverseSecond(x[j + 2 * kHalf], x[j + 3 * kHalf], w.d);
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < kRadix / 2; ++j) inverseFirst(x[j], x[j + kRadix / 2], w.c);
}

enum class Way { kForward, kInverse };

/// One pass on a block of kRadix * stride points, node k.
template <Way way, int kRadix, class V>
void pass(const FftFactors& factors, std::size_t k, std::size_t stride, double* re, double* im) {
  const NodeFactors<double> w = factorsAt<kRadix, double>(factors, k);
  for (std::size_t j = 0; j < stride; j += kLanes<V>) {
    Complex<V> x[kRadix];
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) x[r] = load<V>(re, im, r * stride + j);
    if constexpr (way == Way::kForward) {
      forwardLayers<kRadix>(x, w);
    } else {
      inverseLayers<kRadix>(x, w);
    }
#pragma GCC unroll 8
    for (int r = 0; r < kRadix; ++r) store(re, im, r * stride + j, x[r]);
  }
}

/// Leaves of the blocks that are ended in registers: with vectors of l = 4 or 8 doubles l blocks of
/// l leaves, lane j of row r holding leaf r of block j; otherwise 4 leaves.
template <class V>
constexpr std::size_t kTail = kLanes<V> >= 4 ? kLanes<V>* kLanes<V> : 4;

/// Leaves in two arrays.
struct Arrays {
  double *re, *im;

  template <class V>
  VEILSUM_INLINE void put(std::size_t leaf, Complex<V>* x) const {
    transpose(x);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kLanes<V>; ++r) store(re, im, leaf + kLanes<V> * r, x[r]);
  }
  void putOne(std::size_t leaf, const Complex<double>& x) const { store(re, im, leaf, x); }
};

/// Leaves in the slots that they are of, and the other way round; `Word` is const or not.
template <class Word>
struct Slots {
  Word* values;  // real and imaginary parts in turns
  FftLeaves leaves;
  double factor;

  // The signs of the imaginary parts of l blocks of l leaves.
  template <class V>
  VEILSUM_INLINE V signs(std::size_t leaf) const {
    const double* const from = leaves.signs + leaf / 8;
    if constexpr (kLanes<V> == 8) return load<V>(from);
    return V{from[0], from[0], from[1], from[1]};
  }
  template <class V>
  VEILSUM_INLINE void get(std::size_t leaf, Complex<V>* x) const {
    const V sign = signs<V>(leaf);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kLanes<V>; ++r) {
      x[r] = gather<V>(values, leaves.slots + leaf + r, kLanes<V>);
      x[r].im *= sign;
    }
  }
  template <class V>
  VEILSUM_INLINE void put(std::size_t leaf, Complex<V>* x) const {
    const V whole = signs<V>(leaf) * factor;
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kLanes<V>; ++r) {
      scatter<V>({x[r].re * factor, x[r].im * whole}, leaves.slots + leaf + r, kLanes<V>, values);
    }
  }
  Complex<double> getOne(std::size_t leaf) const {
    const std::size_t slot = leaves.slots[leaf];
    return {values[2 * slot], slot % 2 == 0 ? values[2 * slot + 1] : -values[2 * slot + 1]};
  }
  void putOne(std::size_t leaf, const Complex<double>& x) const {
    const std::size_t slot = leaves.slots[leaf];
    values[2 * slot] = x.re * factor;
    values[2 * slot + 1] = x.im * (slot % 2 == 0 ? factor : -factor);
  }
};

template <class V>
struct Transform {
  const FftFactors& factors;
  std::size_t size;
  double *re, *im;

  /// The passes above the tails take the radix 8 where registers allow, while that leaves no single
  /// layer.
  static int radixFor(std::size_t length) {
    const int layers = std::countr_zero(length / kTail<V>);
    if (kLanes<V> < 8) return layers % 2 == 1 ? 2 : 4;
    return layers == 1 ? 2 : layers == 2 || layers == 4 ? 4 : 8;
  }

  template <Way way>
  void onePass(int radix, std::size_t k, std::size_t stride, std::size_t at) const {
    if (kLanes<V> == 8 && radix == 8) return pass<way, 8, V>(factors, k, stride, re + at, im + at);
    if (radix == 4) return pass<way, 4, V>(factors, k, stride, re + at, im + at);
    pass<way, 2, V>(factors, k, stride, re + at, im + at);
  }

  /// Node k, a block of `length` points from `at` on.
  template <class To>
  void forward(const To& to, std::size_t k, std::size_t length, std::size_t at) const {
    if (length == kTail<V>) return forwardTail(to, at);
    const int radix = radixFor(length);
    const std::size_t stride = length / static_cast<std::size_t>(radix);
    onePass<Way::kForward>(radix, k, stride, at);
    for (int i = 0; i < radix; ++i) forward(to, radix * k + i, stride, at + i * stride);
  }

  template <class From>
  void inverse(const From& from, std::size_t k, std::size_t length, std::size_t at) const {
    if (length == kTail<V>) return inverseTail(from, at);
    const int radix = radixFor(length);
    const std::size_t stride = length / static_cast<std::size_t>(radix);
    for (int i = 0; i < radix; ++i) inverse(from, radix * k + i, stride, at + i * stride);
    onePass<Way::kInverse>(radix, k, stride, at);
  }

  template <class To>
  VEILSUM_INLINE void forwardTail(const To& to, std::size_t at) const {
    constexpr std::size_t kRows = kLanes<V> >= 4 ? kLanes<V> : 4;
    const std::size_t block = at / kTail<V>;
    if constexpr (kLanes<V> >= 4) {
      Complex<V> x[kRows];
#pragma GCC unroll 8
      for (std::size_t r = 0; r < kRows; ++r) x[r] = load<V>(re, im, at + kRows * r);
      forwardLayers<kRows>(x, factorsAt<kRows, double>(factors, size / kTail<V> + block));
      transpose(x);
      forwardLayers<kRows>(x, factorsAt<kRows, V>(factors, size / kRows + kRows * block));
      to.put(at, x);
    } else {
      Complex<double> x[kRows];
      for (std::size_t r = 0; r < kRows; ++r) x[r] = load<double>(re, im, at + r);
      forwardLayers<kRows>(x, factorsAt<kRows, double>(factors, size / kRows + block));
      for (std::size_t r = 0; r < kRows; ++r) to.putOne(at + r, x[r]);
    }
  }

  template <class From>
  VEILSUM_INLINE void inverseTail(const From& from, std::size_t at) const {
    constexpr std::size_t kRows = kLanes<V> >= 4 ? kLanes<V> : 4;
    const std::size_t block = at / kTail<V>;
    if constexpr (kLanes<V> >= 4) {
      Complex<V> x[kRows];
      from.get(at, x);
      inverseLayers<kRows>(x, factorsAt<kRows, V>(factors, size / kRows + kRows * block));
      transpose(x);
      inverseLayers<kRows>(x, factorsAt<kRows, double>(factors, size / kTail<V> + block));
#pragma GCC unroll 8
      for (std::size_t r = 0; r < kRows; ++r) store(re, im, at + kRows * r, x[r]);
    } else {
      Complex<double> x[kRows];
      for (std::size_t r = 0; r < kRows; ++r) x[r] = from.getOne(at + r);
      inverseLayers<kRows>(x, factorsAt<kRows, double>(factors, size / kRows + block));
      for (std::size_t r = 0; r < kRows; ++r) store(re, im, at + r, x[r]);
    }
  }
};

// Vectors of 4 or 8 take over where their tails, and FftLeaves::signs, begin.
template <class V>
constexpr std::size_t kLeast = kLanes<V> >= 4 ? 64 : 4;

template <class V, class To>
void forwardTo(const FftFactors& factors, std::size_t size, double* re, double* im, const To& to) {
  if (size >= kLeast<V>) return Transform<V>{factors, size, re, im}.forward(to, 1, size, 0);
  if (size >= 4) return Transform<double>{factors, size, re, im}.forward(to, 1, size, 0);
  Complex<double> x[2] = {load<double>(re, im, 0), load<double>(re, im, size - 1)};
  if (size == 2) forwardLayers<2>(x, factorsAt<2, double>(factors, 1));
  for (std::size_t leaf = 0; leaf < size; ++leaf) to.putOne(leaf, x[leaf]);
}

template <class V>
void forwardTransform(const FftFactors& factors, std::size_t size, double* re, double* im) {
  forwardTo<V>(factors, size, re, im, Arrays{re, im});
}

template <class V>
void toSlots(const FftFactors& factors, const FftLeaves& leaves, std::size_t size, double* re,
             double* im, double factor, std::complex<double>* slots) {
  forwardTo<V>(factors, size, re, im,
               Slots<double>{reinterpret_cast<double*>(slots), leaves, factor});
}

template <class V>
void fromSlots(const FftFactors& factors, const FftLeaves& leaves, std::size_t size,
               const std::complex<double>* slots, double* re, double* im) {
  const Slots<const double> from{reinterpret_cast<const double*>(slots), leaves, 1};
  if (size >= kLeast<V>) return Transform<V>{factors, size, re, im}.inverse(from, 1, size, 0);
  if (size >= 4) return Transform<double>{factors, size, re, im}.inverse(from, 1, size, 0);
  Complex<double> x[2] = {from.getOne(0), from.getOne(size - 1)};
  if (size == 2) inverseLayers<2>(x, factorsAt<2, double>(factors, 1));
  for (std::size_t k = 0; k < size; ++k) store(re, im, k, x[k]);
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_PASSES_H_
