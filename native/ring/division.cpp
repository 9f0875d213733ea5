#include <string>
#include <tuple>

#include "ring/base_convert.h"
#include "ring/bounded_cache.h"
#include "ring/rows.h"

namespace veilsum::ring {

namespace {

// The size of the basis that is left; checked here, before members are built on it.
std::size_t keptResidues(const BasisPtr& basis, std::size_t count) {
  if (count == 0 || count >= basis->size()) {
    throw Error(Code::kOutOfRange, "division by " + std::to_string(count) +
                                       " primes of a basis of " + std::to_string(basis->size()) +
                                       "; at least one must be divided by, and one must stay");
  }
  return basis->size() - count;
}

}  // namespace

Division::Division(BasisPtr basis, std::size_t count)
    : basis_(std::move(basis)),
      quotient_(basis_->prefix(keptResidues(basis_, count))),
      remainder_(basis_->range(quotient_->size(), basis_->size()), quotient_) {
  for (std::size_t i = 0; i < quotient_->size(); ++i) {
    const arith::Modulus& q = quotient_->modulus(i);
    std::uint64_t divisor = 1;
    for (const std::uint64_t prime : remainder_.from()->primes()) {
      divisor = q.mul(divisor, q.reduce(prime));
    }
    inverses_.push_back(q.shoup(q.inverse(divisor)));
  }
}

std::shared_ptr<const Division> Division::get(const BasisPtr& basis, std::size_t count) {
  using Key = std::tuple<std::size_t, std::vector<std::uint64_t>, std::size_t>;
  static BoundedCache<Key, Division> cache(512);
  return cache.get({basis->n(), basis->primes(), count}, 1,
                   [&] { return std::make_shared<const Division>(basis, count); });
}

Poly<Coeff> Division::operator()(const Poly<Coeff>& x) const {
  require(!x.empty() && x.basis() == *basis_, Code::kParameterMismatch,
          "division of a polynomial over another basis");
  Poly<Coeff> result(quotient_, unset);
  // x - [x]_D, with [x]_D in (-D/2, D/2], is a multiple of D: the nearest one.
  remainder_.convert(x.residue(quotient_->size()), result.words().data());
  for (std::size_t i = 0; i < quotient_->size(); ++i) {
    rows::subScale(quotient_->modulus(i), x.n(), x.residue(i), result.residue(i), inverses_[i].w,
                   result.residue(i));
  }
  return result;
}

Poly<Eval> Division::operator()(Poly<Eval>&& x) const {
  require(!x.empty() && x.basis() == *basis_, Code::kParameterMismatch,
          "division of a polynomial over another basis");
  const std::size_t kept = quotient_->size();
  Poly<Eval> result(quotient_, unset);
  Buffer<std::uint64_t> extra(2 * x.n(), unset);  // the remainder's last row, and scratch
  std::vector<std::uint64_t*> remainder;
  for (std::size_t i = kept; i < x.size(); ++i) {
    remainder.push_back(x.residue(i));
    takeDropped(i, x.residue(i));
  }
  if (remainderRows() > remainder.size()) remainder.push_back(extra.data());
  finishRemainder(remainder);
  const std::vector<const std::uint64_t*> rows(remainder.begin(), remainder.end());
  for (std::size_t i = 0; i < kept; ++i) {
    divideRow(i, rows, x.residue(i), extra.data() + x.n(), result.residue(i));
  }
  return result;
}

void Division::takeDropped(std::size_t i, std::uint64_t* row) const {
  const arith::Ntt& ntt = basis_->ntt(i);
  if (remainder_.from()->size() == 1) return ntt.inverse(row);
  ntt.inverse(row, row, remainder_.spreadFactor(i - quotient_->size()));
}

void Division::finishRemainder(std::span<std::uint64_t* const> remainder) const {
  remainder_.finishSpread(remainder);
}

void Division::divideRow(std::size_t i, std::span<const std::uint64_t* const> remainder,
                         std::uint64_t* x, std::uint64_t* scratch, std::uint64_t* out) const {
  const arith::Ntt& ntt = quotient_->ntt(i);
  if (out != x && remainder_.isLift(i)) {
    const std::uint64_t from = remainder_.from()->modulus(0).value();
    return ntt.forwardLiftedSubtractScale(remainder[0], from, x, inverses_[i], out);
  }
  remainder_.combine(remainder, i, scratch);
  ntt.forwardSubtractScale(scratch, x, inverses_[i], out);
}

void Division::divideRowToCoeff(std::size_t i, std::span<const std::uint64_t* const> remainder,
                                std::uint64_t* x, std::uint64_t* scratch,
                                std::uint64_t* out) const {
  quotient_->ntt(i).inverse(x);
  remainder_.combine(remainder, i, scratch);
  rows::subScale(quotient_->modulus(i), quotient_->n(), x, scratch, inverses_[i].w, out);
}

Poly<Coeff> divideAndRound(const Poly<Coeff>& x, std::size_t count) {
  require(!x.empty(), Code::kUsage, "division of an empty polynomial");
  return (*Division::get(x.basisPtr(), count))(x);
}

Poly<Eval> divideAndRound(Poly<Eval>&& x, std::size_t count) {
  require(!x.empty(), Code::kUsage, "division of an empty polynomial");
  return (*Division::get(x.basisPtr(), count))(std::move(x));
}

}  // namespace veilsum::ring
