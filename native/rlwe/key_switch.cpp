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

// The digits of a polynomial at a level as they become ready, residue by residue. At first they are
// extended and still coefficients, and the residues that a digit owns are not written: those are
// the polynomial's own, transformed by `own(residue index, row)`.
template <class Own>
class Digits {
 public:
  Digits(const Context& context, const Poly<Coeff>& c, std::size_t level, Own own)
      : digits_(context.tables().digits[level]), own_(own) {
    const ring::BasisPtr& basis = context.basisQP(level);
    for (const Digit& digit : digits_) {
      Poly<Eval> extended(basis, unset);
      std::vector<const std::uint64_t*> in;
      std::vector<std::uint64_t*> out;
      for (std::size_t i = 0; i < basis->size(); ++i) {
        if (digit.owns(i)) {
          in.push_back(c.residue(i));
        } else {
          out.push_back(extended.residue(i));
        }
      }
      digit.extend.convert(in, out);
      result_.digits.push_back(std::move(extended));
    }
  }

  /// Residue i of digit k, in Eval form.
  const std::uint64_t* transform(std::size_t i, std::size_t k) {
    Poly<Eval>& digit = result_.digits[k];
    std::uint64_t* const row = digit.residue(i);
    if (digits_[k].owns(i)) {
      own_(i, row);
    } else {
      digit.basis().ntt(i).forward(row);
    }
    return row;
  }

  std::size_t size() const { return digits_.size(); }
  Decomposition transformed() && {
    for (std::size_t k = 0; k < size(); ++k) {
      for (std::size_t i = 0; i < result_.digits[k].size(); ++i) transform(i, k);
    }
    return std::move(result_);
  }

 private:
  const std::vector<Digit>& digits_;
  Own own_;
  Decomposition result_;
};

// f(Digits of c).
template <class F>
auto withDigits(const Context& context, const Poly<Coeff>& c, F f) {
  require(!c.empty(), Code::kUsage, "key switching of an empty polynomial");
  const std::size_t level = levelOf(context, c.basis(), false);
  return f(Digits(context, c, level, [&](std::size_t i, std::uint64_t* row) {
    std::copy_n(c.residue(i), c.n(), row);
    c.basis().ntt(i).forward(row);
  }));
}
template <class F>
auto withDigits(const Context& context, const Poly<Eval>& c, F f) {
  require(!c.empty(), Code::kUsage, "key switching of an empty polynomial");
  const std::size_t level = levelOf(context, c.basis(), false);
  return f(Digits(context, toCoeff(c.copy()), level, [&](std::size_t i, std::uint64_t* row) {
    std::copy_n(c.residue(i), c.n(), row);
  }));
}

// Rows of digits and of both halves of a key, for one prime, are multiplied in pieces, so that the
// digits stay in the cache between the halves.
constexpr std::size_t kPiece = 2048;

// Both inner products over q_0..q_level, p, of digits whose residue i is `digit(i, k)`.
template <class DigitRow>
std::pair<Poly<Eval>, Poly<Eval>> productsWithKey(const Context& context, std::size_t level,
                                                  const KeySwitchKey& key, DigitRow digit) {
  const ring::BasisPtr& basis = context.basisQP(level);
  std::pair<Poly<Eval>, Poly<Eval>> result{Poly<Eval>(basis, unset), Poly<Eval>(basis, unset)};
  std::vector<const std::uint64_t*> digits(context.digits(level)), b(digits), a(digits);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    // The key's residues stand in the order of the highest level.
    const std::size_t in_key = i <= level ? i : i + (context.maxLevel() - level);
    for (std::size_t k = 0; k < digits.size(); ++k) {
      digits[k] = digit(i, k);
      b[k] = key.b[k].residue(in_key);
      a[k] = key.a[k].residue(in_key);
    }
    for (std::size_t begin = 0; begin < basis->n(); begin += kPiece) {
      const std::size_t count = std::min(kPiece, basis->n() - begin);
      rows::innerProduct(basis->modulus(i), count, digits, b, result.first.residue(i) + begin);
      rows::innerProduct(basis->modulus(i), count, digits, a, result.second.residue(i) + begin);
      for (auto* const pointers : {&digits, &b, &a}) {
        for (const std::uint64_t*& row : *pointers) row += count;
      }
    }
  }
  return result;
}

template <class Form>
std::pair<Poly<Eval>, Poly<Eval>> digitsTimesKey(const Context& context, const Poly<Form>& c,
                                                 const KeySwitchKey& key) {
  key.context->requireSame(context);
  return withDigits(context, c, [&](auto&& digits) {
    // One prime after the other: its transforms share their twiddles, and their results are still
    // in the cache when they are multiplied.
    return productsWithKey(context, levelOf(context, c.basis(), false), key,
                           [&](std::size_t i, std::size_t k) { return digits.transform(i, k); });
  });
}

}  // namespace

Decomposition decompose(const Context& context, const Poly<Coeff>& c) {
  return withDigits(context, c, [](auto&& digits) { return std::move(digits).transformed(); });
}

Decomposition decompose(const Context& context, const Poly<Eval>& c) {
  return withDigits(context, c, [](auto&& digits) { return std::move(digits).transformed(); });
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
  return productsWithKey(context, level, key,
                         [&](std::size_t i, std::size_t k) { return d.digits[k].residue(i); });
}

std::pair<Poly<Eval>, Poly<Eval>> innerProduct(const Context& context, const Poly<Coeff>& c,
                                               const KeySwitchKey& key) {
  return digitsTimesKey(context, c, key);
}

std::pair<Poly<Eval>, Poly<Eval>> innerProduct(const Context& context, const Poly<Eval>& c,
                                               const KeySwitchKey& key) {
  return digitsTimesKey(context, c, key);
}

Poly<Eval> modDown(const Context& context, Poly<Eval>&& x) {
  require(!x.empty(), Code::kUsage, "division by P of an empty polynomial");
  const std::size_t level = levelOf(context, x.basis(), true);
  return (*context.tables().by_p[level])(std::move(x));
}

namespace {

template <class Form>
std::pair<Poly<Eval>, Poly<Eval>> switched(const Context& context, const Poly<Form>& c,
                                           const KeySwitchKey& key) {
  auto [k0, k1] = innerProduct(context, c, key);
  Poly<Eval> down = modDown(context, std::move(k0));
  return {std::move(down), modDown(context, std::move(k1))};
}

}  // namespace

std::pair<Poly<Eval>, Poly<Eval>> keySwitch(const Context& context, const Poly<Coeff>& c,
                                            const KeySwitchKey& key) {
  return switched(context, c, key);
}

std::pair<Poly<Eval>, Poly<Eval>> keySwitch(const Context& context, const Poly<Eval>& c,
                                            const KeySwitchKey& key) {
  return switched(context, c, key);
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
  auto [k0, k1] = innerProduct(context, c2, key);
  addTimesP(context, c0, k0);
  addTimesP(context, c1, k1);
  const std::size_t divided = context.parameters().p.size() + dropped;
  Poly<Eval> first = ring::divideAndRound(std::move(k0), divided);
  return {std::move(first), ring::divideAndRound(std::move(k1), divided)};
}

}  // namespace veilsum::rlwe
