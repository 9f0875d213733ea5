#ifndef VEILSUM_KERNEL_FFT_H_
#define VEILSUM_KERNEL_FFT_H_

#include <complex>
#include <cstddef>
#include <cstdint>

#include "base/buffer.h"

namespace veilsum::kernel {

/// The constants of kernel::Fft for one size.
///
/// The transform's tree: the root is node 1, the children of node k are 2k and 2k + 1. Node k of a
/// layer of m nodes, k = m + i with 0 <= i < m, stands for X^(size / m) - c_k^2, which splits into
/// X^(...) - c_k and X^(...) + c_k, with
///   c_k = e^(2 pi i (1 + 4 rev(i)) / 8m), rev reversing log2(m) bits.
/// Slot i is the value at zeta^(3^i), zeta = e^(2 pi i / 4 size), or, for odd i, the conjugate of
/// that at zeta^-(3^i): the exponents e_i = 3^i and -3^i that are 1 modulo 4 are those of the
/// leaves. As 3^(size / 8) = 1 + (size / 2) u modulo 4 size with u = 1 modulo 4, for sizes from 16,
/// e_(i + t size / 8) = e_i + t u e_i size / 2: the eight slots i + t size / 8 are of the eight
/// leaves of one node of the third layer from below, and their points are w_0 = zeta^e_i,
/// w_1 = zeta^e_(i + size / 8), i w_0, i w_1, and the opposites of these, in this order.
struct FftTables {
  /// A power of two.
  explicit FftTables(std::size_t size);

  std::size_t size;
  /// For 8 nodes from 8 j on, 8 words each of the parts of c_k (real, imaginary), c_2k, c_4k and
  /// c_(4k+2): of all nodes that passes begin at, and of the first 8.
  Buffer<double> nodes;
  /// For 8 slots i < size / 8 from 8 j on, 8 words each of the parts of w_0, w_1, w_0^2 and w_0^4.
  /// All factors are correctly rounded or nearly so, and i times another one exactly.
  Buffer<double> points;
  /// For i < size / 8 the number of the node that has the slots i + t size / 8 in its layer; below
  /// size 16, the leaf of each slot.
  Buffer<std::uint32_t> places;
};

/// The complex transform of the canonical embedding: between a polynomial of `size` complex
/// coefficients and its values at roots of X^size - i. Real and imaginary parts of the coefficients
/// are apart, so that a real polynomial m of degree below 2 size, modulo X^(2 size) + 1, is re =
/// its lower half and im = its upper half: where X^size = i, m_k + m_(k+size) X^size = m_k +
/// i m_(k+size).
///
/// Arrays have tables.size elements. No branch or address depends on the values. All paths agree
/// bit for bit: every operation is a single rounded addition, subtraction or multiplication, in the
/// same order.
struct Fft {
  /// Coefficients, which are used up, to `factor` times the slots.
  void (*toSlots)(const FftTables& tables, double* re, double* im, double factor,
                  std::complex<double>* slots);
  /// Slots to `size` times the coefficients.
  void (*fromSlots)(const FftTables& tables, const std::complex<double>* slots, double* re,
                    double* im);
  /// out[k] = x[k] * factor rounded to an integer, half away from zero; all must be below 2^62. In
  /// memory `out` may begin where x does, or anywhere before it.
  void (*round)(const double* x, std::size_t n, double factor, std::int64_t* out);
  /// out[k] = the integer in (-q/2, q/2] that the residue x[k] stands for, as a double, times unit.
  void (*centre)(const std::uint64_t* x, std::size_t n, std::uint64_t q, double unit, double* out);
  /// The largest |v|^2 = re^2 + im^2, by those operations; NaN and values above `limit` are left
  /// out of it, and `refused` tells whether there are any.
  double (*largestSquare)(const std::complex<double>* values, std::size_t n, double limit,
                          bool& refused);
};

/// The loops of activeIsa().
const Fft& fft();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_H_
