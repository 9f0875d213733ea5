#ifndef VEILSUM_RING_BASE_CONVERT_H_
#define VEILSUM_RING_BASE_CONVERT_H_

#include "ring/poly.h"

namespace veilsum::ring {

/// Extends residues from one basis to another, coefficientwise, centred: x in (-Q/2, Q/2] becomes
/// x mod b_j exactly, save that an x within Q * 2^-40 of +-Q/2 may come out as the neighbour x -+ Q
/// (the quotient is rounded in fixed point: Halevi, Polyakov, Shoup, ePrint 2018/117, section 2.2).
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

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

/// round(x / D) over the first residues, D the product of the last `count` primes of x's basis.
/// Rescaling (CKKS), modulus switching (BFV) and the end of key switching are this one operation.
Poly<Coeff> divideAndRound(const Poly<Coeff>& x, std::size_t count);
Poly<Eval> divideAndRound(Poly<Eval>&& x, std::size_t count);

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_BASE_CONVERT_H_
