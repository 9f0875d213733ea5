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

/// The lanes of even number of a, then b, and those of odd number.
template <class V>
VEILSUM_INLINE V evenLanes(const V& a, const V& b) {
  if constexpr (kLanes<V> == 8) return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  if constexpr (kLanes<V> == 4) return __builtin_shufflevector(a, b, 0, 2, 4, 6);
  if constexpr (kLanes<V> == 2) return __builtin_shufflevector(a, b, 0, 2);
}
template <class V>
VEILSUM_INLINE V oddLanes(const V& a, const V& b) {
  if constexpr (kLanes<V> == 8) return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  if constexpr (kLanes<V> == 4) return __builtin_shufflevector(a, b, 1, 3, 5, 7);
  if constexpr (kLanes<V> == 2) return __builtin_shufflevector(a, b, 1, 3);
}

/// kLanes<V> complex numbers whose parts stand in turns.
template <class V>
VEILSUM_INLINE Complex<V> loadPairs(const double* from) {
  if constexpr (kLanes<V> == 1) {
    return {from[0], from[1]};
  } else {
    const V a = load<V>(from), b = load<V>(from + kLanes<V>);
    return {evenLanes(a, b), oddLanes(a, b)};
  }
}
template <class V>
VEILSUM_INLINE void storePairs(double* to, const Complex<V>& x) {
  V a = x.re, b = x.im;
  if constexpr (kLanes<V> == 8) {
    a = __builtin_shufflevector(x.re, x.im, 0, 8, 1, 9, 2, 10, 3, 11);
    b = __builtin_shufflevector(x.re, x.im, 4, 12, 5, 13, 6, 14, 7, 15);
  } else if constexpr (kLanes<V> == 4) {
    a = __builtin_shufflevector(x.re, x.im, 0, 4, 1, 5);
    b = __builtin_shufflevector(x.re, x.im, 2, 6, 3, 7);
  } else if constexpr (kLanes<V> == 2) {
    a = __builtin_shufflevector(x.re, x.im, 0, 2), b = __builtin_shufflevector(x.re, x.im, 1, 3);
  }
  store(to, a);
  store(to + kLanes<V>, b);
}

/// Lane l of row r becomes lane r of row l, for as many rows as lanes.
template <class V>
VEILSUM_INLINE void transpose(V* x) {
  if constexpr (kLanes<V> == 8) {
    const auto even = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    };
    const auto odd = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    };
    const auto lower = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13);
    };
    const auto upper = [](const V& a, const V& b) __attribute__((always_inline)) {
      return __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
    };
    const V t0 = even(x[0], x[1]), t1 = odd(x[0], x[1]), t2 = even(x[2], x[3]);
    const V t3 = odd(x[2], x[3]), t4 = even(x[4], x[5]), t5 = odd(x[4], x[5]);
    const V t6 = even(x[6], x[7]), t7 = odd(x[6], x[7]);
    const V u0 = lower(t0, t2), u1 = lower(t1, t3), u2 = upper(t0, t2), u3 = upper(t1, t3);
    const V u4 = lower(t4, t6), u5 = lower(t5, t7), u6 = upper(t4, t6), u7 = upper(t5, t7);
    x[0] = lower(u0, u4), x[1] = lower(u1, u5), x[2] = lower(u2, u6), x[3] = lower(u3, u7);
    x[4] = upper(u0, u4), x[5] = upper(u1, u5), x[6] = upper(u2, u6), x[7] = upper(u3, u7);
  } else if constexpr (kLanes<V> == 4) {
    const V t0 = __builtin_shufflevector(x[0], x[1], 0, 4, 2, 6);
    const V t1 = __builtin_shufflevector(x[0], x[1], 1, 5, 3, 7);
    const V t2 = __builtin_shufflevector(x[2], x[3], 0, 4, 2, 6);
    const V t3 = __builtin_shufflevector(x[2], x[3], 1, 5, 3, 7);
    x[0] = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
    x[1] = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
    x[2] = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
    x[3] = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
  } else if constexpr (kLanes<V> == 2) {
    const V t = __builtin_shufflevector(x[0], x[1], 0, 2);
    x[1] = __builtin_shufflevector(x[0], x[1], 1, 3);
    x[0] = t;
  }
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_VECTORS_H_
