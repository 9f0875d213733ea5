#ifndef VEILSUM_KERNEL_FFT_VECTORS_H_
#define VEILSUM_KERNEL_FFT_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

// Vectors of doubles and of complex numbers for the passes of kernel::Fft, compiled once for each
// instruction set with its vector V; V may be double itself. The anonymous namespace keeps the
// copies apart.

#define VEILSUM_INLINE inline __attribute__((always_inline))

namespace veilsum::kernel {
namespace {

template <class V>
constexpr std::size_t kLanes = sizeof(V) / sizeof(double);

template <class V>
VEILSUM_INLINE V load(const double* from) {
  V v;
  std::memcpy(&v, from, sizeof(V));
  return v;
}

template <class V>
VEILSUM_INLINE void store(double* to, const V& v) {
  std::memcpy(to, &v, sizeof(V));
}

template <class V>
struct Complex {
  V re, im;
};

template <class V>
VEILSUM_INLINE Complex<V> load(const double* re, const double* im, std::size_t at) {
  return {load<V>(re + at), load<V>(im + at)};
}
template <class V>
VEILSUM_INLINE void store(double* re, double* im, std::size_t at, const Complex<V>& v) {
  store(re + at, v.re);
  store(im + at, v.im);
}
template <class V>
VEILSUM_INLINE Complex<V> operator+(const Complex<V>& a, const Complex<V>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <class V>
VEILSUM_INLINE Complex<V> operator-(const Complex<V>& a, const Complex<V>& b) {
  return {a.re - b.re, a.im - b.im};
}
// A factor is one for all lanes (F is double), or one for each (F is V).
template <class V, class F>
VEILSUM_INLINE Complex<V> operator*(const Complex<V>& a, const Complex<F>& c) {
  return {a.re * c.re - a.im * c.im, a.re * c.im + a.im * c.re};
}
/// a conj(c)
template <class V, class F>
VEILSUM_INLINE Complex<V> timesConjugate(const Complex<V>& a, const Complex<F>& c) {
  return {a.re * c.re + a.im * c.im, a.im * c.re - a.re * c.im};
}
/// a i
template <class V>
VEILSUM_INLINE Complex<V> timesI(const Complex<V>& a) {
  return {-a.im, a.re};
}
/// a / i
template <class V>
VEILSUM_INLINE Complex<V> overI(const Complex<V>& a) {
  return {a.im, -a.re};
}

/// The even lanes of a and b in turns, and the odd ones.
template <class V>
VEILSUM_INLINE V evenLanes(const V& a, const V& b) {
  if constexpr (kLanes<V> == 8) {
    return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
  } else if constexpr (kLanes<V> == 4) {
    return __builtin_shufflevector(a, b, 0, 4, 2, 6);
  } else {
    return __builtin_shufflevector(a, b, 0, 2);
  }
}
template <class V>
VEILSUM_INLINE V oddLanes(const V& a, const V& b) {
  if constexpr (kLanes<V> == 8) {
    return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  } else if constexpr (kLanes<V> == 4) {
    return __builtin_shufflevector(a, b, 1, 5, 3, 7);
  } else {
    return __builtin_shufflevector(a, b, 1, 3);
  }
}

/// Lane l of row r becomes lane r of row l; as many rows as lanes, 4 or 8.
template <class V>
VEILSUM_INLINE void transpose(V* x) {
  if constexpr (kLanes<V> == 8) {
    const V t0 = evenLanes(x[0], x[1]), t1 = oddLanes(x[0], x[1]);
    const V t2 = evenLanes(x[2], x[3]), t3 = oddLanes(x[2], x[3]);
    const V t4 = evenLanes(x[4], x[5]), t5 = oddLanes(x[4], x[5]);
    const V t6 = evenLanes(x[6], x[7]), t7 = oddLanes(x[6], x[7]);
    const auto lower = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13);
    };
    const auto upper = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
    };
    const V u0 = lower(t0, t2), u1 = lower(t1, t3), u2 = upper(t0, t2), u3 = upper(t1, t3);
    const V u4 = lower(t4, t6), u5 = lower(t5, t7), u6 = upper(t4, t6), u7 = upper(t5, t7);
    x[0] = lower(u0, u4), x[1] = lower(u1, u5), x[2] = lower(u2, u6), x[3] = lower(u3, u7);
    x[4] = upper(u0, u4), x[5] = upper(u1, u5), x[6] = upper(u2, u6), x[7] = upper(u3, u7);
  } else {
    const V t0 = evenLanes(x[0], x[1]), t1 = oddLanes(x[0], x[1]);
    const V t2 = evenLanes(x[2], x[3]), t3 = oddLanes(x[2], x[3]);
    x[0] = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
    x[1] = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
    x[2] = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
    x[3] = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
  }
}

template <class V>
VEILSUM_INLINE void transpose(Complex<V>* x) {
  constexpr std::size_t kRows = kLanes<V>;
  V part[kRows];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) part[r] = x[r].re;
  transpose(part);
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) x[r].re = part[r], part[r] = x[r].im;
  transpose(part);
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) x[r].im = part[r];
}

// One complex number, as it lies in memory.
using Pair = double __attribute__((vector_size(2 * sizeof(double))));

/// Lane l: the complex number of index[l * stride] in `from`.
template <class V>
VEILSUM_INLINE Complex<V> gather(const double* from, const std::uint32_t* index,
                                 std::size_t stride) {
  const auto at = [=](std::size_t l) __attribute__((always_inline)) {
    return load<Pair>(from + 2 * std::size_t{index[l * stride]});
  };
  const auto two = [=](std::size_t l) __attribute__((always_inline)) {
    return __builtin_shufflevector(at(l), at(l + 2), 0, 1, 2, 3);
  };
  if constexpr (kLanes<V> == 8) {
    const V even = __builtin_shufflevector(two(0), two(4), 0, 1, 2, 3, 4, 5, 6, 7);
    const V odd = __builtin_shufflevector(two(1), two(5), 0, 1, 2, 3, 4, 5, 6, 7);
    return {evenLanes(even, odd), oddLanes(even, odd)};
  } else {
    const V even = two(0), odd = two(1);
    return {evenLanes(even, odd), oddLanes(even, odd)};
  }
}

/// The opposite.
template <class V>
VEILSUM_INLINE void scatter(const Complex<V>& x, const std::uint32_t* index, std::size_t stride,
                            double* to) {
  const V even = evenLanes(x.re, x.im), odd = oddLanes(x.re, x.im);
  const auto put = [=](std::size_t l, const Pair& pair) __attribute__((always_inline)) {
    store(to + 2 * std::size_t{index[l * stride]}, pair);
  };
  put(0, __builtin_shufflevector(even, even, 0, 1)),
      put(1, __builtin_shufflevector(odd, odd, 0, 1));
  put(2, __builtin_shufflevector(even, even, 2, 3)),
      put(3, __builtin_shufflevector(odd, odd, 2, 3));
  if constexpr (kLanes<V> == 8) {
    put(4, __builtin_shufflevector(even, even, 4, 5));
    put(5, __builtin_shufflevector(odd, odd, 4, 5));
    put(6, __builtin_shufflevector(even, even, 6, 7));
    put(7, __builtin_shufflevector(odd, odd, 6, 7));
  }
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_VECTORS_H_
