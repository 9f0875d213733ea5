#ifndef VEILSUM_KERNEL_FFT_VALUES_H_
#define VEILSUM_KERNEL_FFT_VALUES_H_

// The loops of kernel::Fft over single values, compiled once for each instruction set.

#include <algorithm>
#include <bit>
#include <limits>

#include "base/buffer.h"
#include "kernel/fft.h"
#include "kernel/fft_vectors.h"

namespace veilsum::kernel {
namespace {

template <class V>
struct Rounding {
  using Words = decltype(V{} < V{});  // of std::int64_t

  // The largest double below a half, with the sign of x, takes x over the next integer from its
  // half on, and never from below it: where x + 1/2 is no double, halves are none either.
  static VEILSUM_INLINE Words rounded(V x) {
    const V half = V{} + 0x1.fffffffffffffp-2;
    Words sign, bits;
    std::memcpy(&sign, &x, sizeof(V));
    std::memcpy(&bits, &half, sizeof(V));
    bits |= sign & std::numeric_limits<std::int64_t>::min();
    V signed_half;
    std::memcpy(&signed_half, &bits, sizeof(V));
    return __builtin_convertvector(x + signed_half, Words);
  }
};

template <class V>
void roundValues(const double* x, std::size_t n, double factor, std::int64_t* out) {
  using One = double __attribute__((vector_size(sizeof(double))));
  std::size_t k = 0;
  for (; k + kLanes<V> <= n; k += kLanes<V>) {
    const auto words = Rounding<V>::rounded(load<V>(x + k) * factor);
    std::memcpy(out + k, &words, sizeof(words));
  }
  for (; k < n; ++k) {
    const auto word = Rounding<One>::rounded(load<One>(x + k) * factor);
    std::memcpy(out + k, &word, sizeof(word));
  }
}

// Whether x is above q / 2 is the sign of q / 2 - x.
template <class W>
VEILSUM_INLINE W centred(const W& x, std::int64_t q) {
  return x - ((q / 2 - x) >> 63 & q);
}

template <class V>
void centreValues(const std::uint64_t* x, std::size_t n, std::uint64_t q, double unit,
                  double* out) {
  using Words = decltype(V{} < V{});
  const auto modulus = static_cast<std::int64_t>(q);
  std::size_t k = 0;
  for (; k + kLanes<V> <= n; k += kLanes<V>) {
    Words words;
    std::memcpy(&words, x + k, sizeof(words));
    store(out + k, __builtin_convertvector(centred(words, modulus), V) * unit);
  }
  for (; k < n; ++k) {
    out[k] = static_cast<double>(centred(static_cast<std::int64_t>(x[k]), modulus)) * unit;
  }
}

template <class V>
struct Squares {
  V largest{};
  decltype(V{} > V{}) refused{};

  // Of kLanes<V> complex numbers.
  VEILSUM_INLINE void add(const double* parts, double limit) {
    const V a = load<V>(parts), b = load<V>(parts + kLanes<V>);
    const V aa = a * a, bb = b * b;
    const V square = evenLanes(aa, bb) + oddLanes(aa, bb);
    const auto within = square <= limit;
    refused |= ~within;
    // By bits (casts of vectors keep them): a choice between vectors may become branches where
    // there is no instruction for it.
    using Words = decltype(V{} < V{});
    const Words greater = within & (square > largest);
    largest = (V)(((Words)square & greater) | ((Words)largest & ~greater));
  }
};

// By bits too.
inline double larger(double a, double b) {
  const std::int64_t mask = -static_cast<std::int64_t>(a > b);
  return std::bit_cast<double>((std::bit_cast<std::int64_t>(a) & mask) |
                               (std::bit_cast<std::int64_t>(b) & ~mask));
}

template <class V>
double largestSquare(const std::complex<double>* values, std::size_t n, double limit,
                     bool& refused) {
  const auto* const parts = reinterpret_cast<const double*>(values);
  constexpr std::size_t kWords = 2 * kLanes<V>;
  const std::size_t whole = 2 * n / kWords * kWords;
  Squares<V> squares;
  for (std::size_t i = 0; i < whole; i += kWords) squares.add(parts + i, limit);
  if (whole < 2 * n) {
    double rest[kWords] = {};
    std::copy(parts + whole, parts + 2 * n, rest);
    squares.add(rest, limit);
    wipe(rest, sizeof(rest));
  }
  double largest = 0;
  std::int64_t beyond = 0;
  for (std::size_t l = 0; l < kLanes<V>; ++l) {
    largest = larger(largest, squares.largest[l]);
    beyond |= squares.refused[l];
  }
  refused = beyond != 0;
  return largest;
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_VALUES_H_
