#ifndef VEILSUM_RLWE_EXTENDED_DIGITS_H_
#define VEILSUM_RLWE_EXTENDED_DIGITS_H_

#include <vector>

#include "rlwe/tables.h"

namespace veilsum::rlwe {

/// The level of a polynomial over q_0..q_level, or (with special primes) over q_0..q_level, p.
/// Code::kParameterMismatch for other primes, Code::kUnsupported without special primes.
std::size_t switchLevel(const Context& context, const ring::Basis& basis, bool with_p);

/// Rows of n words for passing values on. Equal places of them lie in different cache sets.
class ScratchRows {
 public:
  ScratchRows(std::size_t count, std::size_t n)
      : stride_(n + kSpacing), words_(count * stride_, unset) {}
  std::uint64_t* operator[](std::size_t i) { return words_.data() + i * stride_; }

 private:
  static constexpr std::size_t kSpacing = 72;  // nine lines
  std::size_t stride_;
  Buffer<std::uint64_t> words_;
};

/// The key-switching digits of a polynomial, which must outlive this, extended to one prime of
/// q_0..q_level, p and transformed when it is asked for. Held are their coefficients.
class ExtendedDigits {
 public:
  ExtendedDigits(const Context& context, const ring::Poly<ring::Eval>& c);
  ExtendedDigits(const Context& context, const ring::Poly<ring::Coeff>& c);

  std::size_t level() const { return level_; }
  std::size_t size() const { return digits_.size(); }
  /// Residue i of digit k, lazy (arith::Ntt::forwardLazy): in `scratch`, or where it stands.
  const std::uint64_t* lazyRow(std::size_t i, std::size_t k, std::uint64_t* scratch) const;
  /// The same in [0, q_i).
  void row(std::size_t i, std::size_t k, std::uint64_t* out) const;

 private:
  ExtendedDigits(const Context& context, const ring::Basis& basis);

  std::size_t level_;
  const ring::Basis& basis_;  // q_0..q_level, p
  const std::vector<Digit>& digits_;
  std::vector<const std::uint64_t*> own_;                   // c's residues
  bool own_is_eval_ = false;                                // and their form
  std::vector<std::vector<const std::uint64_t*>> spreads_;  // of each digit, ring::BaseConverter
  ScratchRows rows_;
};

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_EXTENDED_DIGITS_H_
