#ifndef VEILSUM_CKKS_EMBEDDING_H_
#define VEILSUM_CKKS_EMBEDDING_H_

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernel/fft.h"

namespace veilsum::ckks {

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
                      std::span<double> coefficients) const;
  /// The s slots, times `factor`, of 2s coefficients. Uses the latter up.
  void toSlots(std::span<double> coefficients, double factor,
               std::span<std::complex<double>> out) const;

 private:
  explicit Embedding(std::size_t n);

  // kernel::FftLeaves.
  struct Leaves {
    std::vector<std::uint32_t> slots;
    std::vector<double> signs;
  };
  kernel::FftLeaves leavesOf(std::size_t slots) const;

  kernel::FftFactors factors_;
  std::vector<Leaves> leaves_;  // for 2, 4, ..., n/2 slots
};

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_EMBEDDING_H_
