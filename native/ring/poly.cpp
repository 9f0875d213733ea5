#include "ring/poly.h"

#include <algorithm>
#include <string>

#include "ring/rows.h"

namespace veilsum::ring {

namespace {

template <class Form>
void requireSameBasis(const Poly<Form>& a, const Poly<Form>& b) {
  require(!a.empty() && !b.empty(), Code::kUsage, "an operation on an empty polynomial");
  if (a.basis() == b.basis()) return;
  throw Error(Code::kParameterMismatch,
              "polynomials over different moduli: degree " + std::to_string(a.n()) + ", " +
                  std::to_string(a.size()) + " residues against degree " + std::to_string(b.n()) +
                  ", " + std::to_string(b.size()) + " residues; bring both to one level");
}

}  // namespace

template <class Form>
Poly<Form> Poly<Form>::copy() const {
  return empty() ? Poly() : prefix(size());
}

template <class Form>
Poly<Form> Poly<Form>::prefix(std::size_t count) const {
  Poly result(count == size() ? basis_ : basis_->prefix(count), unset);
  std::copy_n(words_.data(), count * n(), result.words_.data());
  return result;
}

Poly<Eval> toEval(Poly<Coeff>&& a) {
  Poly<Eval> result;
  result.basis_ = std::move(a.basis_);
  result.words_ = std::move(a.words_);
  for (std::size_t i = 0; i < result.size(); ++i) result.basis().ntt(i).forward(result.residue(i));
  return result;
}

Poly<Coeff> toCoeff(Poly<Eval>&& a) {
  Poly<Coeff> result;
  result.basis_ = std::move(a.basis_);
  result.words_ = std::move(a.words_);
  for (std::size_t i = 0; i < result.size(); ++i) result.basis().ntt(i).inverse(result.residue(i));
  return result;
}

namespace {

// row(modulus, n, row of a, row of b, row of the result) for each prime of the basis.
template <class Form, class RowOperation>
Poly<Form> rowByRow(const Poly<Form>& a, const Poly<Form>& b, const BasisPtr& basis,
                    RowOperation row) {
  require(a.size() >= basis->size() && b.size() >= basis->size(), Code::kInternal,
          "a sum over more primes than its terms have");
  Poly<Form> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    row(basis->modulus(i), basis->n(), a.residue(i), b.residue(i), result.residue(i));
  }
  return result;
}

}  // namespace

template <class Form>
Poly<Form> add(const Poly<Form>& a, const Poly<Form>& b, const BasisPtr& basis) {
  return rowByRow(a, b, basis, rows::add);
}

template <class Form>
Poly<Form> sub(const Poly<Form>& a, const Poly<Form>& b, const BasisPtr& basis) {
  return rowByRow(a, b, basis, rows::sub);
}

template <class Form>
Poly<Form> negated(const Poly<Form>& a) {
  Poly<Form> result(a.basisPtr(), unset);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::negate(a.basis().modulus(i), a.n(), a.residue(i), result.residue(i));
  }
  return result;
}

template <class Form>
void addInto(Poly<Form>& a, const Poly<Form>& b) {
  requireSameBasis(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::add(a.basis().modulus(i), a.n(), a.residue(i), b.residue(i), a.residue(i));
  }
}

template <class Form>
void subInto(Poly<Form>& a, const Poly<Form>& b) {
  requireSameBasis(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::sub(a.basis().modulus(i), a.n(), a.residue(i), b.residue(i), a.residue(i));
  }
}

namespace {

// out = a times one scalar for each residue.
template <class Form>
void scaleRows(const Poly<Form>& a, std::span<const std::uint64_t> scalars, Poly<Form>& out) {
  require(scalars.size() == a.size(), Code::kParameterMismatch,
          "a scalar needs one word for each residue");
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::scale(a.basis().modulus(i), a.n(), a.residue(i), scalars[i], out.residue(i));
  }
}

}  // namespace

template <class Form>
Poly<Form> scaled(const Poly<Form>& a, std::span<const std::uint64_t> scalars) {
  Poly<Form> result(a.basisPtr(), unset);
  scaleRows(a, scalars, result);
  return result;
}

template <class Form>
void scale(Poly<Form>& a, std::span<const std::uint64_t> scalars) {
  scaleRows(a, scalars, a);
}

void mulInto(Poly<Eval>& a, const Poly<Eval>& b) {
  requireSameBasis(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::mul(a.basis().modulus(i), a.n(), a.residue(i), b.residue(i), a.residue(i));
  }
}

Poly<Eval> mul(const Poly<Eval>& a, const Poly<Eval>& b) {
  requireSameBasis(a, b);
  Poly<Eval> result(a.basisPtr(), unset);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::mul(a.basis().modulus(i), a.n(), a.residue(i), b.residue(i), result.residue(i));
  }
  return result;
}

void mulAddInto(Poly<Eval>& sum, const Poly<Eval>& a, const Poly<Eval>& b) {
  requireSameBasis(sum, a);
  requireSameBasis(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::mulAdd(a.basis().modulus(i), a.n(), a.residue(i), b.residue(i), sum.residue(i));
  }
}

template class Poly<Coeff>;
template class Poly<Eval>;
template Poly<Coeff> add(const Poly<Coeff>&, const Poly<Coeff>&, const BasisPtr&);
template Poly<Eval> add(const Poly<Eval>&, const Poly<Eval>&, const BasisPtr&);
template Poly<Coeff> sub(const Poly<Coeff>&, const Poly<Coeff>&, const BasisPtr&);
template Poly<Eval> sub(const Poly<Eval>&, const Poly<Eval>&, const BasisPtr&);
template Poly<Coeff> negated(const Poly<Coeff>&);
template Poly<Eval> negated(const Poly<Eval>&);
template void addInto(Poly<Coeff>&, const Poly<Coeff>&);
template void addInto(Poly<Eval>&, const Poly<Eval>&);
template void subInto(Poly<Coeff>&, const Poly<Coeff>&);
template void subInto(Poly<Eval>&, const Poly<Eval>&);
template void scale(Poly<Coeff>&, std::span<const std::uint64_t>);
template void scale(Poly<Eval>&, std::span<const std::uint64_t>);
template Poly<Coeff> scaled(const Poly<Coeff>&, std::span<const std::uint64_t>);
template Poly<Eval> scaled(const Poly<Eval>&, std::span<const std::uint64_t>);

}  // namespace veilsum::ring
