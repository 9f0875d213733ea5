#ifndef VEILSUM_KERNEL_FFT_PASSES_H_
#define VEILSUM_KERNEL_FFT_PASSES_H_

#include <cstddef>
#include <cstring>

// The passes of kernel::Fft, compiled once for each instruction set with its vector width. The
// anonymous namespace keeps the copies apart. Every operation is a single rounded addition,
// subtraction or multiplication of doubles, in the same order on every path.

namespace veilsum::kernel {
namespace {

struct Factor {
  double re, im;
};

template <class V>
inline V load(const double* from) {
  V v;
  std::memcpy(&v, from, sizeof(V));
  return v;
}

template <class V>
inline void store(double* to, const V& v) {
  std::memcpy(to, &v, sizeof(V));
}

template <class V>
struct Complex {
  V re, im;
};

template <class V>
inline Complex<V> load(const double* re, const double* im, std::size_t at) {
  return {load<V>(re + at), load<V>(im + at)};
}
template <class V>
inline void store(double* re, double* im, std::size_t at, const Complex<V>& v) {
  store(re + at, v.re);
  store(im + at, v.im);
}
template <class V>
inline Complex<V> operator+(const Complex<V>& a, const Complex<V>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <class V>
inline Complex<V> operator-(const Complex<V>& a, const Complex<V>& b) {
  return {a.re - b.re, a.im - b.im};
}
template <class V>
inline Complex<V> operator*(const Complex<V>& a, const Factor& c) {
  return {a.re * c.re - a.im * c.im, a.re * c.im + a.im * c.re};
}
/// a conj(c)
template <class V>
inline Complex<V> timesConjugate(const Complex<V>& a, const Factor& c) {
  return {a.re * c.re + a.im * c.im, a.im * c.re - a.re * c.im};
}
/// a i
template <class V>
inline Complex<V> timesI(const Complex<V>& a) {
  return {-a.im, a.re};
}
/// a / i
template <class V>
inline Complex<V> overI(const Complex<V>& a) {
  return {a.im, -a.re};
}

/// One node with its two children, of length 4 quarter: two layers in one pass. c is the node's
/// factor, d its first child's; the second child's is i d.
template <class V>
inline void forwardNode(double* re, double* im, std::size_t quarter, Factor c, Factor d) {
  for (std::size_t k = 0; k < quarter; k += sizeof(V) / sizeof(double)) {
    const auto x0 = load<V>(re, im, k), x1 = load<V>(re, im, k + quarter);
    const auto x2 = load<V>(re, im, k + 2 * quarter) * c;
    const auto x3 = load<V>(re, im, k + 3 * quarter) * c;
    const auto y0 = x0 + x2, y2 = x0 - x2;
    const auto y1 = (x1 + x3) * d, y3 = timesI((x1 - x3) * d);
    store(re, im, k, y0 + y1);
    store(re, im, k + quarter, y0 - y1);
    store(re, im, k + 2 * quarter, y2 + y3);
    store(re, im, k + 3 * quarter, y2 - y3);
  }
}

template <class V>
inline void inverseNode(double* re, double* im, std::size_t quarter, Factor c, Factor d) {
  for (std::size_t k = 0; k < quarter; k += sizeof(V) / sizeof(double)) {
    const auto x0 = load<V>(re, im, k), x1 = load<V>(re, im, k + quarter);
    const auto x2 = load<V>(re, im, k + 2 * quarter), x3 = load<V>(re, im, k + 3 * quarter);
    const auto y0 = x0 + x1, y1 = timesConjugate(x0 - x1, d);
    const auto y2 = x2 + x3, y3 = overI(timesConjugate(x2 - x3, d));
    store(re, im, k, y0 + y2);
    store(re, im, k + quarter, y1 + y3);
    store(re, im, k + 2 * quarter, timesConjugate(y0 - y2, c));
    store(re, im, k + 3 * quarter, timesConjugate(y1 - y3, c));
  }
}

/// The root alone, of length 2 half: the odd layer out.
template <class V>
inline void forwardRoot(double* re, double* im, std::size_t half, Factor c) {
  for (std::size_t k = 0; k < half; k += sizeof(V) / sizeof(double)) {
    const auto x = load<V>(re, im, k), y = load<V>(re, im, k + half) * c;
    store(re, im, k, x + y);
    store(re, im, k + half, x - y);
  }
}

template <class V>
inline void inverseRoot(double* re, double* im, std::size_t half, Factor c) {
  for (std::size_t k = 0; k < half; k += sizeof(V) / sizeof(double)) {
    const auto x = load<V>(re, im, k), y = load<V>(re, im, k + half);
    store(re, im, k, x + y);
    store(re, im, k + half, timesConjugate(x - y, c));
  }
}

inline bool oddLayers(std::size_t size) {
  bool odd = false;
  for (; size > 1; size /= 2) odd = !odd;
  return odd;
}

template <class V>
void forwardTransform(const double* fr, const double* fi, std::size_t size, double* re,
                      double* im) {
  constexpr std::size_t kWidth = sizeof(V) / sizeof(double);
  std::size_t nodes = 1;
  if (oddLayers(size)) {
    const Factor c{fr[1], fi[1]};
    size / 2 >= kWidth ? forwardRoot<V>(re, im, size / 2, c)
                       : forwardRoot<double>(re, im, size / 2, c);
    nodes = 2;
  }
  for (; nodes < size; nodes *= 4) {
    const std::size_t quarter = size / nodes / 4;
    for (std::size_t i = 0; i < nodes; ++i) {
      const std::size_t k = nodes + i, at = 4 * quarter * i;
      const Factor c{fr[k], fi[k]}, d{fr[2 * k], fi[2 * k]};
      quarter >= kWidth ? forwardNode<V>(re + at, im + at, quarter, c, d)
                        : forwardNode<double>(re + at, im + at, quarter, c, d);
    }
  }
}

template <class V>
void inverseTransform(const double* fr, const double* fi, std::size_t size, double* re,
                      double* im) {
  constexpr std::size_t kWidth = sizeof(V) / sizeof(double);
  const bool odd = oddLayers(size);
  for (std::size_t nodes = size / 4; nodes >= (odd ? 2 : 1); nodes /= 4) {
    const std::size_t quarter = size / nodes / 4;
    for (std::size_t i = 0; i < nodes; ++i) {
      const std::size_t k = nodes + i, at = 4 * quarter * i;
      const Factor c{fr[k], fi[k]}, d{fr[2 * k], fi[2 * k]};
      quarter >= kWidth ? inverseNode<V>(re + at, im + at, quarter, c, d)
                        : inverseNode<double>(re + at, im + at, quarter, c, d);
    }
  }
  if (odd) {
    const Factor c{fr[1], fi[1]};
    size / 2 >= kWidth ? inverseRoot<V>(re, im, size / 2, c)
                       : inverseRoot<double>(re, im, size / 2, c);
  }
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_PASSES_H_
