#ifndef VEILSUM_KERNEL_FFT_PASSES_H_
#define VEILSUM_KERNEL_FFT_PASSES_H_

// The passes of kernel::Fft, compiled once for each instruction set with its vector V of doubles.
// Above nodes of 8 leaves: of radix 8, 4 and 2, depth first, so that a block stays in the cache
// once it fits. The three layers below have a pass of their own over the slots in their order, one
// node in each lane, with eight of its coefficients in a row of memory.

#include <bit>

#include "kernel/fft.h"
#include "kernel/fft_vectors.h"

namespace veilsum::kernel {
namespace {

/// c_k, c_2k, c_4k, c_(4k+2) of a node; or w_0, w_1, w_0^2, w_0^4 of a slot for each lane.
template <class F>
struct NodeFactors {
  Complex<F> c, d, e, f;
};

/// Four factors from place k of one of FftTables' arrays.
template <class F>
VEILSUM_INLINE NodeFactors<F> factorsAt(const Buffer<double>& table, std::size_t k) {
  const double* const at = table.data() + k / 8 * 64 + k % 8;
  return {{load<F>(at), load<F>(at + 8)},
          {load<F>(at + 16), load<F>(at + 24)},
          {load<F>(at + 32), load<F>(at + 40)},
          {load<F>(at + 48), load<F>(at + 56)}};
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

/// The three layers below nodes of 8 leaves, by the factors of slots. Row 4 a + 2 b + c holds
/// coefficient a + 2 b + 4 c on one side, and slot i + (4 a + 2 b + c) size / 8 on the other.
template <class V>
VEILSUM_INLINE void toEightSlots(Complex<V>* x, const NodeFactors<V>& w) {
#pragma GCC unroll 4
  for (int j = 0; j < 8; j += 2) forwardFirst(x[j], x[j + 1], w.f);
  forwardFirst(x[0], x[2], w.e), forwardSecond(x[1], x[3], w.e);
  forwardFirst(x[4], x[6], w.e), forwardSecond(x[5], x[7], w.e);
  forwardFirst(x[0], x[4], w.c), forwardFirst(x[1], x[5], w.d);
  forwardSecond(x[2], x[6], w.c), forwardSecond(x[3], x[7], w.d);
}
template <class V>
VEILSUM_INLINE void fromEightSlots(Complex<V>* x, const NodeFactors<V>& w) {
  inverseFirst(x[0], x[4], w.c), inverseFirst(x[1], x[5], w.d);
  inverseSecond(x[2], x[6], w.c), inverseSecond(x[3], x[7], w.d);
  inverseFirst(x[0], x[2], w.e), inverseSecond(x[1], x[3], w.e);
  inverseFirst(x[4], x[6], w.e), inverseSecond(x[5], x[7], w.e);
#pragma GCC unroll 4
  for (int j = 0; j < 8; j += 2) inverseFirst(x[j], x[j + 1], w.f);
}

constexpr int kReversed[8] = {0, 4, 2, 6, 1, 5, 3, 7};

/// The rows of 8 coefficients of the nodes of kLanes<V> slots, and back.
template <class V>
VEILSUM_INLINE void loadEights(const double* from, const std::uint32_t* places, V* x) {
  constexpr std::size_t kRows = kLanes<V>;
#pragma GCC unroll 8
  for (std::size_t part = 0; part < 8; part += kRows) {
    V rows[kRows];
#pragma GCC unroll 8
    for (std::size_t l = 0; l < kRows; ++l) {
      rows[l] = load<V>(from + 8 * std::size_t{places[l]} + part);
    }
    transpose(rows);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kRows; ++r) x[kReversed[part + r]] = rows[r];
  }
}
template <class V>
VEILSUM_INLINE void storeEights(double* to, const std::uint32_t* places, const V* x) {
  constexpr std::size_t kRows = kLanes<V>;
#pragma GCC unroll 8
  for (std::size_t part = 0; part < 8; part += kRows) {
    V rows[kRows];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kRows; ++r) rows[r] = x[kReversed[part + r]];
    transpose(rows);
#pragma GCC unroll 8
    for (std::size_t l = 0; l < kRows; ++l) store(to + 8 * std::size_t{places[l]} + part, rows[l]);
  }
}

/// Odd slots are conjugates: 1 and -1 in turns, from slot i on.
template <class V>
VEILSUM_INLINE V signsFrom([[maybe_unused]] std::size_t i) {
  if constexpr (kLanes<V> == 8) return V{1, -1, 1, -1, 1, -1, 1, -1};
  if constexpr (kLanes<V> == 4) return V{1, -1, 1, -1};
  if constexpr (kLanes<V> == 2) return V{1, -1};
  if constexpr (kLanes<V> == 1) return i % 2 == 0 ? 1.0 : -1.0;
}

template <class V>
void slotsOfEights(const FftTables& t, const double* re, const double* im, double factor,
                   double* slots) {
  const std::size_t eighth = t.size / 8;
  for (std::size_t i = 0; i < eighth; i += kLanes<V>) {
    V parts[8];
    Complex<V> x[8];
    loadEights(re, t.places.data() + i, parts);
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) x[r].re = parts[r];
    loadEights(im, t.places.data() + i, parts);
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) x[r].im = parts[r];
    toEightSlots(x, factorsAt<V>(t.points, i));
    const V whole = signsFrom<V>(i) * factor;
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) {
      storePairs<V>(slots + 2 * (i + r * eighth), {x[r].re * factor, x[r].im * whole});
    }
  }
}

template <class V>
void eightsOfSlots(const FftTables& t, const double* slots, double* re, double* im) {
  const std::size_t eighth = t.size / 8;
  for (std::size_t i = 0; i < eighth; i += kLanes<V>) {
    V parts[8];
    Complex<V> x[8];
    const V signs = signsFrom<V>(i);
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) {
      x[r] = loadPairs<V>(slots + 2 * (i + r * eighth));
      x[r].im *= signs;
    }
    fromEightSlots(x, factorsAt<V>(t.points, i));
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) parts[r] = x[r].re;
    storeEights(re, t.places.data() + i, parts);
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r) parts[r] = x[r].im;
    storeEights(im, t.places.data() + i, parts);
  }
}

enum class Way { kForward, kInverse };

/// The log2(kRadix) layers below node k, a block of kRadix * stride points.
template <Way way, int kRadix, class V>
void pass(const FftTables& t, std::size_t k, std::size_t stride, double* re, double* im) {
  const NodeFactors<double> w = factorsAt<double>(t.nodes, k);
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

/// All layers below node k down to nodes of 8 leaves, on a block of `length` points. The radix is 8
/// where registers allow, while that leaves no single layer.
template <Way way, class V>
void passes(const FftTables& t, std::size_t k, std::size_t length, double* re, double* im) {
  const int layers = std::countr_zero(length / 8);
  if (layers == 0) return;
  const bool eight = kLanes<V> == 8 && layers != 1 && layers != 2 && layers != 4;
  const int log_radix = eight ? 3 : layers % 2 == 1 ? 1 : 2;
  const std::size_t stride = length >> log_radix;
  const auto whole = [&] {
    switch (log_radix) {
      case 1:
        return pass<way, 2, V>(t, k, stride, re, im);
      case 2:
        return pass<way, 4, V>(t, k, stride, re, im);
      default:
        if constexpr (kLanes<V> == 8) pass<way, 8, V>(t, k, stride, re, im);
    }
  };
  if (way == Way::kForward) whole();
  for (std::size_t i = 0; i < std::size_t{1} << log_radix; ++i) {
    passes<way, V>(t, (k << log_radix) + i, stride, re + i * stride, im + i * stride);
  }
  if (way == Way::kInverse) whole();
}

/// Below size 16, layer by layer.
inline void smallToSlots(const FftTables& t, const double* re, const double* im, double factor,
                         double* slots) {
  Complex<double> x[8];
  for (std::size_t k = 0; k < t.size; ++k) x[k] = load<double>(re, im, k);
  for (std::size_t nodes = 1; nodes < t.size; nodes *= 2) {
    const std::size_t half = t.size / nodes / 2;
    for (std::size_t j = 0; j < t.size / 2; ++j) {
      const std::size_t i = j / half, at = 2 * half * i + j % half;
      forwardFirst(x[at], x[at + half], factorsAt<double>(t.nodes, nodes + i).c);
    }
  }
  for (std::size_t i = 0; i < t.size; ++i) {
    const Complex<double>& value = x[t.places[i]];
    storePairs<double>(slots + 2 * i,
                       {value.re * factor, value.im * (signsFrom<double>(i) * factor)});
  }
}

inline void smallFromSlots(const FftTables& t, const double* slots, double* re, double* im) {
  Complex<double> x[8];
  for (std::size_t i = 0; i < t.size; ++i) {
    x[t.places[i]] = {slots[2 * i], slots[2 * i + 1] * signsFrom<double>(i)};
  }
  for (std::size_t nodes = t.size / 2; nodes > 0; nodes /= 2) {
    const std::size_t half = t.size / nodes / 2;
    for (std::size_t j = 0; j < t.size / 2; ++j) {
      const std::size_t i = j / half, at = 2 * half * i + j % half;
      inverseFirst(x[at], x[at + half], factorsAt<double>(t.nodes, nodes + i).c);
    }
  }
  for (std::size_t k = 0; k < t.size; ++k) store(re, im, k, x[k]);
}

template <class V>
void toSlots(const FftTables& t, double* re, double* im, double factor,
             std::complex<double>* slots) {
  auto* const parts = reinterpret_cast<double*>(slots);
  if (t.size < 16) return smallToSlots(t, re, im, factor, parts);
  // Vectors need as many nodes of 8 leaves as lanes.
  if constexpr (kLanes < V >> 2) {
    if (t.size < 8 * kLanes<V>) return toSlots<double>(t, re, im, factor, slots);
  }
  passes<Way::kForward, V>(t, 1, t.size, re, im);
  slotsOfEights<V>(t, re, im, factor, parts);
}

template <class V>
void fromSlots(const FftTables& t, const std::complex<double>* slots, double* re, double* im) {
  const auto* const parts = reinterpret_cast<const double*>(slots);
  if (t.size < 16) return smallFromSlots(t, parts, re, im);
  if constexpr (kLanes < V >> 2) {
    if (t.size < 8 * kLanes<V>) return fromSlots<double>(t, slots, re, im);
  }
  eightsOfSlots<V>(t, parts, re, im);
  passes<Way::kInverse, V>(t, 1, t.size, re, im);
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_PASSES_H_
