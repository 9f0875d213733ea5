#ifndef VEILSUM_CKKS_EMBEDDING_H_
#define VEILSUM_CKKS_EMBEDDING_H_

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "kernel/fft.h"

namespace veilsum::ckks {

/// The lower and the upper half of a real polynomial's coefficients: two arrays of one size.
struct Halves {
  double *lower, *upper;

  /// The words between the end of the lower and the beginning of the upper half, where both lie in
  /// one array: so that passes over both do not meet in the same sets of the first-level cache.
  static constexpr std::size_t kGap = 256;
};

/// The canonical embedding of R[X]/(X^n + 1), restricted to one of each pair of conjugates (Cheon,
/// Kim, Kim, Song, ePrint 2016/421, section 3.2): slot i of m is m(zeta^(3^i)), zeta = e^(i pi/n).
/// It also serves the subrings of fewer slots s: polynomials in Y = X^(n / 2s), 2s coefficients.
/// Immutable, shared; no branch or address depends on the values.
class Embedding {
 public:
  /// That of degree n, a power of two from 4; built once per process.
  static std::shared_ptr<const Embedding> get(std::size_t n);

  /// s times the 2s coefficients of the polynomial with these s slots; s is a power of two from 2
  /// to n/2.
  void toCoefficients(std::span<const std::complex<double>> slots,
                      const Halves& coefficients) const;
  /// The s slots, times `factor`, of 2s coefficients. Uses the latter up.
  void toSlots(const Halves& coefficients, double factor,
               std::span<std::complex<double>> out) const;

 private:
  explicit Embedding(std::size_t n);

  const kernel::FftTables& tablesOf(std::size_t slots) const;

  std::vector<kernel::FftTables> tables_;  // for 2, 4, ..., n/2 slots
};

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_EMBEDDING_H_
