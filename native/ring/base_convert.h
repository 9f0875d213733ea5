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
  Poly<Coeff> operator()(const Poly<Coeff>& x) const;
  /// In Eval form: only the dropped residues are transformed back. Uses up x's memory.
  Poly<Eval> operator()(Poly<Eval>&& x) const;

 private:
  BasisPtr basis_, quotient_;
  BaseConverter remainder_;              // from the dropped primes to the kept ones
  std::vector<std::uint64_t> inverses_;  // D^-1 modulo the kept primes
};

/// Division::get(x.basisPtr(), count) applied to x.
Poly<Coeff> divideAndRound(const Poly<Coeff>& x, std::size_t count);
Poly<Eval> divideAndRound(Poly<Eval>&& x, std::size_t count);

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_BASE_CONVERT_H_
