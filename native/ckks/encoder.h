#ifndef VEILSUM_CKKS_ENCODER_H_
#define VEILSUM_CKKS_ENCODER_H_

#include <complex>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "ckks/ciphertext.h"

namespace veilsum::ckks {

class Embedding;

/// Slots on their way into a plaintext or out of one.
using Slots = Buffer<std::complex<double>, true>;

/// Where and how values are encoded.
struct Encoding {
  std::size_t level;  ///< residues q_0..q_level
  double scale;       ///< (0, 2^120]; need not be a power of two
  /// A power of two up to n/2; 0: n/2. Fewer slots than n/2 repeat with that period, so that they
  /// rotate among themselves, and cost less to encode. Slots that are not given are 0.
  std::size_t slots = 0;
  /// The public bound on |slot|. Give it where the values are secret: it alone enters the bounds.
  /// Without it the largest |value| is taken, and so made public.
  std::optional<double> bound = std::nullopt;
};

/// A plaintext with residues modulo the special primes behind those modulo q_0..q_level: a factor
/// for what is still to be divided by P (ckks/linear_transform.h).
struct ExtendedPlaintext {
  WipedPoly<ring::Eval> poly;
  double scale, noise, message;  ///< as in Plaintext
};

/// Encodes complex or real vectors by the canonical embedding: slot i is m(zeta^(3^i)) / scale, the
/// order of Microsoft SEAL; coefficients are rounded half away from zero. Immutable, shared between
/// threads. No branch and no address depends on the values, save for refusing them.
///
/// Errors: Code::kUsage (more values than slots, slots not a power of two, no such level),
/// Code::kOutOfRange (NaN, infinity, a value above the bound, a scale out of range, or scale *
/// bound at or above Q_level / 2).
class Encoder {
 public:
  explicit Encoder(rlwe::ContextPtr context);

  /// n / 2.
  std::size_t slots() const { return context_->n() / 2; }

  Plaintext encode(std::span<const std::complex<double>> values, const Encoding& encoding) const;
  Plaintext encode(std::span<const double> values, const Encoding& encoding) const;
  /// The same in two steps, for a caller that fills the slots itself: as many zeros as the encoding
  /// has slots (0: n/2), of which the first `count` are to be filled.
  Slots slotsFor(std::size_t count, std::size_t slots) const;
  /// Encodes what slotsFor() gave.
  Plaintext encode(Slots&& slots, const Encoding& encoding) const;
  /// Encodes what slotsFor() gave over q_0..q_level and the special primes.
  ExtendedPlaintext encodeExtended(Slots&& slots, const Encoding& encoding) const;
  /// The same value in all slots, without a transform; encoding.slots is not looked at.
  Plaintext encodeConstant(std::complex<double> value, const Encoding& encoding) const;

  /// The first out.size() <= n/2 slots of an encoding. Gives the bound on their error: the rounding
  /// of the encoding and that of the decoding.
  double decode(const Plaintext& plaintext, std::span<std::complex<double>> out) const;

 private:
  std::size_t slotsOf(std::size_t count, std::size_t slots) const;
  Plaintext encodeAll(std::span<const std::complex<double>> values, const Encoding& encoding) const;
  Plaintext encodeOver(const ring::BasisPtr& basis, std::span<const std::complex<double>> values,
                       const Encoding& encoding) const;
  Plaintext constantOver(const ring::BasisPtr& basis, std::complex<double> value,
                         const Encoding& encoding) const;

  rlwe::ContextPtr context_;
  std::shared_ptr<const Embedding> embedding_;
};

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_ENCODER_H_
