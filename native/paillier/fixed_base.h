#ifndef VEILSUM_PAILLIER_FIXED_BASE_H_
#define VEILSUM_PAILLIER_FIXED_BASE_H_

#include <span>
#include <vector>

#include "paillier/lanes.h"

namespace veilsum::paillier {

/// Powers of one base h modulo M^2, in eight lanes: the product over the exponent's digits d_i, in
/// base 64, of the table's h^(d_i 64^i) (Brickell, Gordon, McCurley, Wilson, EUROCRYPT 1992), so no
/// squarings. All of each row is read. The table is wiped; immutable.
///
/// An entry u - vM is kept as u (1 - wM), w = v / u modulo M. The factors 1 - wM are multiplied by
/// adding w, all of them at the end, so that a step multiplies by u alone: four products of the
/// length of M instead of five.
class FixedBase {
 public:
  /// The base is lane 0 of an element modulo `moduli`, which must all be the same.
  FixedBase(const SquareModuli& moduli, const SquareLanes::Element& base, std::size_t exponentBits);

  /// h^exponent in each lane, 0 <= exponent < 2^exponentBits, for groups of eight: a row that came
  /// from memory serves them all.
  std::vector<SquareLanes::Element> powers(SquareLanes& lanes,
                                           std::span<const LaneNumbers> exponents) const;

 private:
  static constexpr std::size_t kDigitBits = 6;
  static_assert(std::size_t{1} << kDigitBits == ifma::kRowEntries);

  // Writes the entries of `rows` rows, whose bases and their inverses modulo M are in the lanes.
  void fill(SquareLanes& lanes, const SquareModuli& moduli, const SquareLanes::Element& bases,
            const SquareLanes::Element& inverses, std::size_t first, std::size_t rows);

  std::size_t exponentBits_;
  std::size_t words_;  // of one number's element
  std::size_t rows_;
  LaneWords table_;  // row, word, entry
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_FIXED_BASE_H_
