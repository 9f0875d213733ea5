#ifndef VEILSUM_KERNEL_FFT_H_
#define VEILSUM_KERNEL_FFT_H_

#include <cstddef>

namespace veilsum::kernel {

/// The complex transform of the canonical embedding: between a polynomial of `size` complex
/// coefficients and its values at the roots of X^size - i. Real and imaginary parts are apart, so
/// that a real polynomial m of degree below 2 size, modulo X^(2 size) + 1, is re = its lower half
/// and im = its upper half: where X^size = i, m_k + m_(k+size) X^size = m_k + i m_(k+size).
///
/// The roots form a tree: node k (the root is 1, its children 2k and 2k + 1) stands for
/// X^(size / nodes) - c_k^2, which splits into X^(...) - c_k and X^(...) + c_k. The factors depend
/// on the node alone, so those of one size serve every smaller one. Node k = m + i, 0 <= i < m, of
/// a layer of m nodes has c_k = e^(2 pi i (1 + 4 rev(i)) / 8m), rev reversing log2(m) bits; leaf i
/// holds the value at e^(2 pi i (1 + 4 rev(i)) / 4 size).
///
/// `size` is a power of two; re, im and the factors are arrays of `size` doubles (index 0 of the
/// factors unused). No branch or address depends on the values. All paths agree bit for bit.
struct Fft {
  /// Coefficients to values, in place.
  void (*forward)(const double* factors_re, const double* factors_im, std::size_t size, double* re,
                  double* im);
  /// Values to `size` times the coefficients, in place.
  void (*inverse)(const double* factors_re, const double* factors_im, std::size_t size, double* re,
                  double* im);
};

/// The transforms of activeIsa().
const Fft& fft();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_H_
