#ifndef VEILSUM_CKKS_OPERANDS_H_
#define VEILSUM_CKKS_OPERANDS_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "ckks/evaluator.h"

namespace veilsum::ckks {

/// What the evaluator's files share: the checks before an operation, and the assembly of results.

using Parts = std::vector<ring::Poly<ring::Eval>>;

/// Throws Code::kScaleMismatch, with both scales in bits, where they differ by more than
/// kScaleTolerance.
void requireMatchingScales(double a, double b, const char* operation);

/// A rounding error of doubles for each of `steps` operations on a tracked scale, as noise on a
/// result of this norm.
double trackingNoise(double norm, int steps);

/// A sum's scale and bounds: terms with scales that match the first one's are added.
class SumBounds {
 public:
  explicit SumBounds(double scale) : scale_(scale) {}
  void add(double scale, double noise, double message, const char* operation);
  double scale() const { return scale_; }
  double noise() const { return noise_; }
  double message() const { return message_; }
  double norm() const { return scale_ * message_ + noise_; }

 private:
  double scale_, noise_ = 0, message_ = 0;
};

/// What dividing a ciphertext's phase by its last `levels` primes leaves of scale and noise; the
/// parts that are rounded are those of a ciphertext of `degree`. Code::kDepth where there are not
/// that many levels, Code::kNoiseBudget where no bit of the message would stay.
struct RescaledBounds {
  double scale, noise;
};
RescaledBounds rescaledBounds(const Ciphertext& a, double noise, std::size_t degree,
                              std::size_t levels);
/// The same of a phase at `level` that no ciphertext holds yet.
RescaledBounds rescaledBounds(const rlwe::Context& context, std::size_t level, double scale,
                              double message, double noise, std::size_t degree, std::size_t levels);

/// out = sum_k a[k] b[k] modulo one prime, for lists of any length. `out` is no input.
void innerProductRow(const arith::Modulus& q, std::size_t n,
                     std::span<const std::uint64_t* const> a,
                     std::span<const std::uint64_t* const> b, std::uint64_t* out);

/// A new ciphertext of these parts; not seeded.
inline Ciphertext assemble(const rlwe::ContextPtr& context, Parts&& parts, double scale,
                           double noise, double message) {
  return {{context, std::move(parts), std::nullopt}, scale, noise, message};
}

/// A polynomial at a level, for the caller to write.
inline ring::Poly<ring::Eval> unwritten(const rlwe::ContextPtr& context, std::size_t level) {
  return {context->basisQ(level), unset};
}

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_OPERANDS_H_
