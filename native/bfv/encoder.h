#ifndef VEILSUM_BFV_ENCODER_H_
#define VEILSUM_BFV_ENCODER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bfv/plaintext.h"

namespace veilsum::bfv {

/// Integers modulo t on their way into a plaintext or out of one.
using Residues = Buffer<std::uint64_t, true>;

/// The integers from `least` to `greatest`.
struct Interval {
  std::int64_t least, greatest;
};

/// All that a plaintext modulus holds: -t/2 <= v < t/2.
Interval signedRange(std::uint64_t t);

/// Writes v mod t for each v, which needs out.size() >= values.size() and a range within
/// signedRange(t). Gives the index of the first value outside of the range, values.size() where
/// there is none. Never fails and allocates nothing; no branch on a value, save for finding the one
/// that must be refused.
std::size_t reduce(std::span<const std::int64_t> values, Interval range, std::uint64_t t,
                   std::span<std::uint64_t> out) noexcept;

/// Writes the integers of signedRange(t) for residues modulo t; as many as out has.
void centre(std::span<const std::uint64_t> residues, std::uint64_t t,
            std::span<std::int64_t> out) noexcept;

/// Packs n values modulo a prime t = 1 mod 2n into one plaintext, slot by slot (Smart and
/// Vercauteren, ePrint 2011/133). The slots are a 2 x (n/2) matrix, row by row: row 0, column c is
/// m(psi_t^(3^c)), row 1, column c is m(psi_t^(-3^c)), psi_t the smallest primitive 2n-th root of
/// unity: the order of Microsoft SEAL. Arithmetic on plaintexts is slotwise modulo t. Immutable;
/// constant time in the values.
class BatchEncoder {
 public:
  /// Code::kUnsupported where t is not a prime = 1 mod 2n.
  explicit BatchEncoder(ContextPtr context);

  std::size_t slots() const { return context_->n(); }

  /// At most n values in [0, t); slots that are not given are 0. Code::kOutOfRange otherwise.
  Plaintext encode(std::span<const std::uint64_t> values) const;
  /// At most n values v with -t/2 <= v < t/2; negative ones become t + v.
  Plaintext encodeSigned(std::span<const std::int64_t> values) const;
  /// All n slots, of residues that reduce() wrote.
  Plaintext encode(Residues&& slots) const;

  /// The first out.size() <= n slots, in [0, t).
  void decode(const Plaintext& plaintext, std::span<std::uint64_t> out) const;
  /// The same, centred: -t/2 <= v < t/2.
  void decodeSigned(const Plaintext& plaintext, std::span<std::int64_t> out) const;
  /// The same in two steps: the slots in the order of the transform,
  Residues evaluate(const Plaintext& plaintext) const;
  /// and the first out.size() <= n of them in theirs. Never fails and allocates nothing.
  void signedSlots(std::span<const std::uint64_t> evaluated,
                   std::span<std::int64_t> out) const noexcept;

 private:
  ContextPtr context_;
  std::shared_ptr<const arith::Ntt> ntt_;
  std::vector<std::uint32_t> position_;  // slot -> index in the transform
};

/// Puts values into the coefficients, for any t; products are negacyclic convolutions. The same
/// ranges and errors as BatchEncoder.
class CoefficientEncoder {
 public:
  explicit CoefficientEncoder(ContextPtr context);

  Plaintext encode(std::span<const std::uint64_t> values) const;
  Plaintext encodeSigned(std::span<const std::int64_t> values) const;
  Plaintext encode(Residues&& coefficients) const;
  void decode(const Plaintext& plaintext, std::span<std::uint64_t> out) const;
  void decodeSigned(const Plaintext& plaintext, std::span<std::int64_t> out) const;

 private:
  ContextPtr context_;
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_ENCODER_H_
