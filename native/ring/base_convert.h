#ifndef VEILSUM_RING_BASE_CONVERT_H_
#define VEILSUM_RING_BASE_CONVERT_H_

#include "ring/poly.h"

namespace veilsum::ring {

/// Extends residues from one basis to another, coefficientwise, centred: x in (-Q/2, Q/2] becomes
/// x mod b_j exactly, save that an x within Q * 2^-40 of +-Q/2 may come out as the neighbour x -+ Q
/// (the quotient is rounded in fixed point: Halevi, Polyakov, Shoup, ePrint 2018/117, section 2.2),
/// for all b_j alike. From a single prime it is exact throughout. Odd: -x becomes minus what x
/// becomes, so that it commutes with automorphisms bit for bit. Constant time in the residues.
class BaseConverter {
 public:
  BaseConverter(BasisPtr from, BasisPtr to);
  ~BaseConverter();
  BaseConverter(BaseConverter&&) noexcept;

  const BasisPtr& from() const;
  const BasisPtr& to() const;
  Poly<Coeff> convert(const Poly<Coeff>& x) const;
  /// The same on bare rows: `in` from().size() rows of n words, `out` to().size() rows.
  void convert(const std::uint64_t* in, std::uint64_t* out) const;
  /// The same on rows that lie apart.
  void convert(std::span<const std::uint64_t* const> in, std::span<std::uint64_t* const> out) const;

  /// The same in steps, for callers that take the b_j one after the other. The first step leaves
  /// residues in spread form: the rows x_i spreadFactor(i) mod q_i (a transform may multiply by the
  /// factor), and behind them one that finishSpread writes; for a single prime x_0 is all there is.
  std::size_t spreadRows() const;
  arith::ShoupFactor spreadFactor(std::size_t i) const;
  void finishSpread(std::span<std::uint64_t* const> spread) const;
  /// The residue of b_j, n words, no row of `spread`.
  void combine(std::span<const std::uint64_t* const> spread, std::size_t j,
               std::uint64_t* out) const;
  /// Whether `combine` does no more than transforms modulo b_j do with the one row as they load it
  /// (arith::Ntt::lifts).
  bool isLift(std::size_t j) const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

/// x -> round(x / D) over the first residues of a basis, D the product of its last `count` primes;
/// x / D half way between two integers (within 2^-40) may go to either. Rescaling (CKKS), modulus
/// switching (BFV), the end of key switching, and that end fused with a rescale are this one
/// operation.
class Division {
 public:
  /// Throws Code::kOutOfRange unless 0 < count < basis->size().
  Division(BasisPtr basis, std::size_t count);
  /// The same from a bounded cache.
  static std::shared_ptr<const Division> get(const BasisPtr& basis, std::size_t count);

  const BasisPtr& basis() const { return basis_; }
  const BasisPtr& quotientBasis() const { return quotient_; }
  Poly<Coeff> operator()(const Poly<Coeff>& x) const;
  /// In Eval form: only the dropped residues are transformed back. Uses up x's memory.
  Poly<Eval> operator()(Poly<Eval>&& x) const;

  /// The same in steps, for callers that have one residue of x after the other. First the dropped
  /// residues i, each a row in Eval form, become rows of the remainder [x]_D; there are
  /// remainderRows() of them, those or one more, which finishRemainder writes.
  std::size_t remainderRows() const { return remainder_.spreadRows(); }
  void takeDropped(std::size_t i, std::uint64_t* row) const;
  void finishRemainder(std::span<std::uint64_t* const> remainder) const;
  /// Then each kept residue of x, in Eval form, becomes the result's. Its row is used up; so is
  /// `scratch`, a row of its own; `out` may be that of x.
  void divideRow(std::size_t i, std::span<const std::uint64_t* const> remainder, std::uint64_t* x,
                 std::uint64_t* scratch, std::uint64_t* out) const;
  /// The result's residue as coefficients; the rest as above.
  void divideRowToCoeff(std::size_t i, std::span<const std::uint64_t* const> remainder,
                        std::uint64_t* x, std::uint64_t* scratch, std::uint64_t* out) const;

 private:
  BasisPtr basis_, quotient_;
  BaseConverter remainder_;                   // from the dropped primes to the kept ones
  std::vector<arith::ShoupFactor> inverses_;  // D^-1 modulo the kept primes
};

/// Division::get(x.basisPtr(), count) applied to x.
Poly<Coeff> divideAndRound(const Poly<Coeff>& x, std::size_t count);
Poly<Eval> divideAndRound(Poly<Eval>&& x, std::size_t count);

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_BASE_CONVERT_H_
