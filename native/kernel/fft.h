#ifndef VEILSUM_KERNEL_FFT_H_
#define VEILSUM_KERNEL_FFT_H_

#include <complex>
#include <cstddef>
#include <cstdint>

#include "base/buffer.h"

namespace veilsum::kernel {

/// The factors of the tree of kernel::Fft. The tree's root is node 1, the children of node k are 2k
/// and 2k + 1. Node k of a layer of m nodes, k = m + i with 0 <= i < m, stands for X^(size / m) -
/// c_k^2, which splits into X^(...) - c_k and X^(...) + c_k, with
///   c_k = e^(2 pi i (1 + 4 rev(i)) / 8m), rev reversing log2(m) bits,
/// correctly rounded or nearly so. They depend on the node alone: those of one size serve every
/// smaller one. c_(2k+1) = i c_2k, in doubles too.
struct FftFactors {
  /// For transforms of up to `size`, a power of two.
  explicit FftFactors(std::size_t size);

  /// For 8 nodes at a time, from 8 j on, 8 words each of the parts of c_k (real, imaginary) and of
  /// c_2k; in `below` of c_4k and of c_(4k+2). Nodes below size / 2, and below size / 4.
  Buffer<double> nodes, below;
};

/// Where the slots of a transform stand among the leaves of its tree.
struct FftLeaves {
  /// Leaf j holds the value of slot slots[j], conjugated where that is odd.
  const std::uint32_t* slots;
  /// From 64 leaves on, 8 leaves from 8 j on are of slots of one parity: 1.0 for even ones, -1.0
  /// for odd ones.
  const double* signs;
};

/// The complex transform of the canonical embedding: between a polynomial of `size` complex
/// coefficients and its values at the roots of X^size - i; leaf i of the tree holds the value at
/// e^(2 pi i (1 + 4 rev(i)) / 4 size). Real and imaginary parts are apart, so that a real
/// polynomial m of degree below 2 size, modulo X^(2 size) + 1, is re = its lower half and im = its
/// upper half: where X^size = i, m_k + m_(k+size) X^size = m_k + i m_(k+size).
///
/// `size` is a power of two; arrays have `size` elements. No branch or address depends on the
/// values. All paths agree bit for bit: every operation is a single rounded addition, subtraction
/// or multiplication, in the same order.
struct Fft {
  /// Coefficients to the values in the order of the leaves, in place.
  void (*forward)(const FftFactors& factors, std::size_t size, double* re, double* im);
  /// Coefficients, which are used up, to `factor` times the values in the order of the slots.
  void (*toSlots)(const FftFactors& factors, const FftLeaves& leaves, std::size_t size, double* re,
                  double* im, double factor, std::complex<double>* slots);
  /// Values in the order of the slots to `size` times the coefficients.
  void (*fromSlots)(const FftFactors& factors, const FftLeaves& leaves, std::size_t size,
                    const std::complex<double>* slots, double* re, double* im);
  /// x[k] * factor rounded to an integer, half away from zero, as a std::int64_t in the place of
  /// x[k]. They must be below 2^62.
  void (*round)(double* x, std::size_t n, double factor);
  /// The largest |v|^2 = re^2 + im^2, by those operations; NaN and values above `limit` are left
  /// out of it, and `refused` tells whether there are any.
  double (*largestSquare)(const std::complex<double>* values, std::size_t n, double limit,
                          bool& refused);
};

/// The loops of activeIsa().
const Fft& fft();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_H_
