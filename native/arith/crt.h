#ifndef VEILSUM_ARITH_CRT_H_
#define VEILSUM_ARITH_CRT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "arith/modulus.h"

namespace veilsum::arith {

/// Chinese remaindering over pairwise coprime word-sized moduli, into little-endian multi-word
/// integers. Constant time in the residues.
class Crt {
 public:
  explicit Crt(std::span<const Modulus> moduli);

  /// Words of an integer in [0, Q).
  std::size_t words() const { return words_; }
  /// Q, `words()` words.
  std::span<const std::uint64_t> product() const { return product_; }
  double log2Product() const;

  /// The integer in [0, Q) with these residues. `residues` has one word per modulus; `out` has
  /// words() words.
  void compose(std::span<const std::uint64_t> residues, std::span<std::uint64_t> out) const;

  /// The centred value in (-Q/2, Q/2] of an integer in [0, Q), times 2^-shift, as a double
  /// (relative error at most 2^-52).
  double toCentredDouble(std::span<const std::uint64_t> value, int shift = 0) const;

  /// The residues of an integer of any number of words.
  void decompose(std::span<const std::uint64_t> value, std::span<std::uint64_t> residues) const;

 private:
  std::vector<Modulus> moduli_;
  std::size_t words_;
  std::vector<std::uint64_t> product_, half_;
  std::vector<std::vector<std::uint64_t>> punctured_;  // Q / q_i
  std::vector<ShoupFactor> inverses_;                  // (Q / q_i)^-1 mod q_i
};

}  // namespace veilsum::arith

#endif  // VEILSUM_ARITH_CRT_H_
