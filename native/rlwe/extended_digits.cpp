#include "rlwe/extended_digits.h"

#include <algorithm>

#include "ring/rows.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

std::size_t switchLevel(const Context& context, const ring::Basis& basis, bool with_p) {
  const Context::Tables& tables = context.tables();
  require(context.canKeySwitch(), Code::kUnsupported,
          "these parameters have no special prime, so there is no key switching; add one to p");
  const std::size_t specials = with_p ? tables.set.p.size() : 0;
  if (basis.size() > specials && basis.size() <= tables.set.q.size() + specials) {
    const std::size_t level = basis.size() - specials - 1;
    if (basis == (with_p ? *tables.qp[level] : *tables.q[level])) return level;
  }
  throw Error(Code::kParameterMismatch,
              "key switching of a polynomial over other primes than the context's");
}

namespace {

template <class Form>
const ring::Basis& basisOf(const Poly<Form>& c) {
  require(!c.empty(), Code::kUsage, "key switching of an empty polynomial");
  return c.basis();
}

std::size_t spreadRows(const std::vector<Digit>& digits) {
  std::size_t rows = 0;
  for (const Digit& digit : digits) rows += digit.extend.spreadRows();
  return rows;
}

}  // namespace

ExtendedDigits::ExtendedDigits(const Context& context, const ring::Basis& basis)
    : level_(switchLevel(context, basis, false)),
      basis_(*context.tables().qp[level_]),
      digits_(context.tables().digits[level_]),
      rows_(spreadRows(digits_), basis.n()) {}

ExtendedDigits::ExtendedDigits(const Context& context, const Poly<Eval>& c)
    : ExtendedDigits(context, basisOf(c)) {
  own_is_eval_ = true;
  std::size_t used = 0;
  for (const Digit& digit : digits_) {
    std::vector<std::uint64_t*> spread;
    while (spread.size() < digit.extend.spreadRows()) spread.push_back(rows_[used++]);
    for (std::size_t i = digit.begin; i < digit.end; ++i) {
      std::uint64_t* const row = spread[i - digit.begin];
      own_.push_back(c.residue(i));
      if (spread.size() == 1) {
        basis_.ntt(i).inverse(c.residue(i), row);
      } else {
        basis_.ntt(i).inverse(c.residue(i), row, digit.extend.spreadFactor(i - digit.begin));
      }
    }
    digit.extend.finishSpread(spread);
    spreads_.emplace_back(spread.begin(), spread.end());
  }
}

ExtendedDigits::ExtendedDigits(const Context& context, const Poly<Coeff>& c)
    : ExtendedDigits(context, basisOf(c)) {
  std::size_t used = 0;
  for (const Digit& digit : digits_) {
    for (std::size_t i = digit.begin; i < digit.end; ++i) own_.push_back(c.residue(i));
    if (digit.extend.spreadRows() == 1) {
      spreads_.push_back({own_.back()});
      continue;
    }
    std::vector<std::uint64_t*> spread;
    while (spread.size() < digit.extend.spreadRows()) spread.push_back(rows_[used++]);
    for (std::size_t i = digit.begin; i < digit.end; ++i) {
      ring::rows::scale(basis_.modulus(i), c.n(), c.residue(i),
                        digit.extend.spreadFactor(i - digit.begin).w, spread[i - digit.begin]);
    }
    digit.extend.finishSpread(spread);
    spreads_.emplace_back(spread.begin(), spread.end());
  }
}

const std::uint64_t* ExtendedDigits::lazyRow(std::size_t i, std::size_t k,
                                             std::uint64_t* scratch) const {
  const Digit& digit = digits_[k];
  const arith::Ntt& ntt = basis_.ntt(i);
  if (digit.owns(i)) {
    if (own_is_eval_) return own_[i];
    ntt.forwardLazy(own_[i], scratch);
  } else if (digit.extend.isLift(digit.target(i))) {
    ntt.forwardLiftedLazy(spreads_[k][0], basis_.modulus(digit.begin).value(), scratch);
  } else {
    digit.extend.combine(spreads_[k], digit.target(i), scratch);
    ntt.forwardLazy(scratch, scratch);
  }
  return scratch;
}

void ExtendedDigits::row(std::size_t i, std::size_t k, std::uint64_t* out) const {
  const Digit& digit = digits_[k];
  if (digit.owns(i)) {
    if (own_is_eval_) {
      std::copy_n(own_[i], basis_.n(), out);
    } else {
      basis_.ntt(i).forward(own_[i], out);
    }
    return;
  }
  digit.extend.combine(spreads_[k], digit.target(i), out);
  basis_.ntt(i).forward(out);
}

}  // namespace veilsum::rlwe
