#include "rlwe/key_switch.h"

#include <algorithm>

#include "ring/base_convert.h"
#include "ring/rows.h"
#include "rlwe/tables.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// The level of a polynomial over q_0..q_level, or (with special primes) over q_0..q_level, p.
std::size_t levelOf(const Context& context, const ring::Basis& basis, bool with_p) {
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

// The digits in Eval form: the residues that a digit owns are c's own, transformed by
// `own(residue index, row)`; the others are the centred digit modulo the other primes.
template <class Own>
Decomposition decomposeRows(const Context& context, const Poly<Coeff>& c, std::size_t level,
                            Own own) {
  const ring::BasisPtr& basis = context.basisQP(level);
  Decomposition result;
  for (const Digit& digit : context.tables().digits[level]) {
    Poly<Eval> extended(basis, unset);
    std::vector<const std::uint64_t*> in;
    std::vector<std::uint64_t*> out;
    for (std::size_t i = 0; i < basis->size(); ++i) {
      if (i >= digit.begin && i < digit.end) {
        in.push_back(c.residue(i));
        own(i, extended.residue(i));
      } else {
        out.push_back(extended.residue(i));
      }
    }
    digit.extend.convert(in, out);
    for (std::size_t i = 0; i < basis->size(); ++i) {
      if (i < digit.begin || i >= digit.end) basis->ntt(i).forward(extended.residue(i));
    }
    result.digits.push_back(std::move(extended));
  }
  return result;
}

}  // namespace

Decomposition decompose(const Context& context, const Poly<Coeff>& c) {
  require(!c.empty(), Code::kUsage, "key switching of an empty polynomial");
  const std::size_t level = levelOf(context, c.basis(), false);
  return decomposeRows(context, c, level, [&](std::size_t i, std::uint64_t* row) {
    std::copy_n(c.residue(i), c.n(), row);
    c.basis().ntt(i).forward(row);
  });
}

Decomposition decompose(const Context& context, const Poly<Eval>& c) {
  require(!c.empty(), Code::kUsage, "key switching of an empty polynomial");
  const std::size_t level = levelOf(context, c.basis(), false);
  return decomposeRows(context, toCoeff(c.copy()), level, [&](std::size_t i, std::uint64_t* row) {
    std::copy_n(c.residue(i), c.n(), row);
  });
}

Decomposition automorphism(const Decomposition& d, std::uint64_t g) {
  Decomposition result;
  result.digits.reserve(d.digits.size());
  for (const Poly<Eval>& digit : d.digits) result.digits.push_back(ring::automorphism(digit, g));
  return result;
}

std::pair<Poly<Eval>, Poly<Eval>> innerProduct(const Decomposition& d, const KeySwitchKey& key) {
  require(!d.digits.empty(), Code::kUsage, "an inner product with no digits");
  const Context& context = *key.context;
  const std::size_t level = levelOf(context, d.digits[0].basis(), true);
  require(d.digits.size() == context.digits(level), Code::kParameterMismatch,
          "digits of other parameters than the key-switching key's");
  const ring::BasisPtr& basis = context.basisQP(level);
  std::pair<Poly<Eval>, Poly<Eval>> result{Poly<Eval>(basis, unset), Poly<Eval>(basis, unset)};
  std::vector<const std::uint64_t*> digits(d.digits.size()), b(digits), a(digits);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    // The key's residues stand in the order of the highest level.
    const std::size_t in_key = i <= level ? i : i + (context.maxLevel() - level);
    for (std::size_t k = 0; k < digits.size(); ++k) {
      digits[k] = d.digits[k].residue(i);
      b[k] = key.b[k].residue(in_key);
      a[k] = key.a[k].residue(in_key);
    }
    rows::innerProduct(basis->modulus(i), basis->n(), digits, b, result.first.residue(i));
    rows::innerProduct(basis->modulus(i), basis->n(), digits, a, result.second.residue(i));
  }
  return result;
}

Poly<Eval> modDown(const Context& context, Poly<Eval>&& x) {
  require(!x.empty(), Code::kUsage, "division by P of an empty polynomial");
  const std::size_t level = levelOf(context, x.basis(), true);
  return (*context.tables().by_p[level])(std::move(x));
}

namespace {

std::pair<Poly<Eval>, Poly<Eval>> switchDigits(const Context& context, const Decomposition& d,
                                               const KeySwitchKey& key) {
  key.context->requireSame(context);
  auto [k0, k1] = innerProduct(d, key);
  Poly<Eval> down = modDown(context, std::move(k0));
  return {std::move(down), modDown(context, std::move(k1))};
}

}  // namespace

std::pair<Poly<Eval>, Poly<Eval>> keySwitch(const Context& context, const Poly<Coeff>& c,
                                            const KeySwitchKey& key) {
  return switchDigits(context, decompose(context, c), key);
}

std::pair<Poly<Eval>, Poly<Eval>> keySwitch(const Context& context, const Poly<Eval>& c,
                                            const KeySwitchKey& key) {
  return switchDigits(context, decompose(context, c), key);
}

namespace {

// sum += x P over q_0..q_level; P x is zero modulo the special primes.
void addTimesP(const Context& context, const Poly<Eval>& x, Poly<Eval>& sum) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    rows::scaleAdd(x.basis().modulus(i), x.n(), x.residue(i), context.tables().p_mod_q[i],
                   sum.residue(i));
  }
}

}  // namespace

std::pair<Poly<Eval>, Poly<Eval>> relinearizeDivided(const Context& context, const Poly<Eval>& c0,
                                                     const Poly<Eval>& c1, const Poly<Eval>& c2,
                                                     const KeySwitchKey& key, std::size_t dropped) {
  key.context->requireSame(context);
  auto [k0, k1] = innerProduct(decompose(context, c2), key);
  addTimesP(context, c0, k0);
  addTimesP(context, c1, k1);
  const std::size_t divided = context.parameters().p.size() + dropped;
  Poly<Eval> first = ring::divideAndRound(std::move(k0), divided);
  return {std::move(first), ring::divideAndRound(std::move(k1), divided)};
}

}  // namespace veilsum::rlwe
