#ifndef VEILSUM_CKKS_DIAGONAL_GROUP_H_
#define VEILSUM_CKKS_DIAGONAL_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ring/poly.h"

namespace veilsum::ckks {

/// The encoded diagonals of one giant step of a linear transform, ready to multiply its baby
/// steps.
///
/// A diagonal of period d is a polynomial in Y = X^(n / 2d). Position i of an Eval row holds the
/// value at an exponent that is 2 rev(i) + 1 modulo 4d, which the highest bits of i alone decide: a
/// row is made of 2d runs of n / 2d equal words (four for d = 1, ckks/constant.h). Where runs are
/// long one word of each is kept, and rows are multiplied run by run.
class DiagonalGroup {
 public:
  /// Diagonals of one period over a basis, to be put: one for each of `babies`, indices into the
  /// list of baby rows.
  DiagonalGroup(std::size_t step, std::vector<std::size_t> babies, ring::BasisPtr basis,
                std::size_t period);

  /// The rotation to the left that its sum still has to make.
  std::size_t step() const { return step_; }
  std::size_t words() const { return words_.size(); }
  void put(std::size_t position, const ring::Poly<ring::Eval>& diagonal);
  /// Words [begin, begin + count) of the row out = sum_b diagonal_b * rows[babies[b]] modulo prime
  /// i of the basis; count is a power of two that divides begin. A null row is zero, and only the
  /// first may be one.
  void multiply(std::size_t i, std::size_t begin, std::size_t count,
                std::span<const std::uint64_t* const> rows, std::uint64_t* out) const;

 private:
  std::size_t step_;
  std::vector<std::size_t> babies_;
  ring::BasisPtr basis_;
  std::size_t run_;  // of equal words, 1: rows are kept whole
  // [prime][run][baby], or [prime][baby][word] of whole rows.
  Buffer<std::uint64_t> words_;
};

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_DIAGONAL_GROUP_H_
