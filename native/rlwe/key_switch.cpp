#include "rlwe/key_switch.h"

#include <optional>

#include "kernel/table.h"
#include "ring/automorphism.h"
#include "ring/base_convert.h"
#include "ring/rows.h"
#include "rlwe/extended_digits.h"
#include "rlwe/tables.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// The two inner products of digits at a level with a key's halves, one prime after the other.
class ProductsWithKey {
 public:
  ProductsWithKey(const KeySwitchKey& key, std::size_t level)
      : key_(key), level_(level), digits_(key.context->digits(level)), b_(digits_), a_(digits_) {}

  // Where the digits' residues of the next prime are to be named.
  std::vector<rows::ConstRow>& digits() { return digits_; }

  // out[h] = added[h] P + <digits, half h of the key> modulo prime i of q_0..q_level, p; added[h]
  // may be null.
  void sum(std::size_t i, const rows::ConstRow (&added)[2], rows::Row out0, rows::Row out1) {
    scaledSum(i, added, i <= level_ ? key_.context->tables().p_mod_q[i] : 0, out0, out1);
  }
  // The same with another factor in the place of P; out[h] may be added[h].
  void scaledSum(std::size_t i, const rows::ConstRow (&added)[2], std::uint64_t factor,
                 rows::Row out0, rows::Row out1) {
    const Context& context = *key_.context;
    const arith::Modulus& q = context.basisQP(level_)->modulus(i);
    // The key's residues stand in the order of the highest level.
    const std::size_t in_key = i <= level_ ? i : i + (context.maxLevel() - level_);
    for (std::size_t k = 0; k < digits_.size(); ++k) {
      b_[k] = key_.b[k].residue(in_key);
      a_[k] = key_.a[k].residue(in_key);
    }
    const arith::ShoupFactor w = q.shoup(factor);
    kernel::table().innerProductPair({digits_.data(),
                                      {b_.data(), a_.data()},
                                      digits_.size(),
                                      {added[0], added[1]},
                                      w.w,
                                      w.quotient,
                                      {out0, out1}},
                                     context.n(), q.barrett());
  }

 private:
  const KeySwitchKey& key_;
  std::size_t level_;
  std::vector<rows::ConstRow> digits_, b_, a_;
};

void requireSameBasis(const ring::Basis& a, const ring::Basis& b) {
  require(a == b, Code::kParameterMismatch,
          "key switching and an addition of polynomials over different moduli; bring them to one "
          "level");
}

// round((<d, b> + P x_0, <d, a> + P x_1) / (P D)), D the product of the last `dropped` chain primes
// (Han and Ki, ePrint 2019/688, section 3): for each prime the digits are extended, transformed and
// summed while they are in the cache; those divided by come first, and each of the others is
// divided at once. `digit(i, k, scratch)` is residue i of digit k, lazy, in `scratch` or elsewhere;
// `added(h, i, scratch)` residue i of x_h, in the result's form, or null; `scratch` is for x_0
// alone.
template <class Form, class DigitRow, class AddedRow>
PolyPair<Form> switchDivided(const KeySwitchKey& key, std::size_t level, std::size_t dropped,
                             const DigitRow& digit, const AddedRow& added) {
  constexpr bool kEval = std::is_same_v<Form, Eval>;
  const Context& context = *key.context;
  const ring::BasisPtr& basis = context.basisQP(level);
  const std::shared_ptr<const ring::Division> division =
      dropped == 0 ? context.tables().by_p[level]
                   : ring::Division::get(basis, context.basisP()->size() + dropped);
  const ring::BasisPtr& kept = division->quotientBasis();
  PolyPair<Form> result{Poly<Form>(kept, unset), Poly<Form>(kept, unset)};

  ProductsWithKey products(key, level);
  const std::size_t digits = products.digits().size(), remainders = division->remainderRows();
  ScratchRows scratch(digits + 2 * remainders + 3, basis->n());
  std::vector<rows::Row> remainder[2];
  for (std::size_t r = 0; r < 2 * remainders; ++r) remainder[r % 2].push_back(scratch[digits + r]);
  const rows::Row sums[2] = {scratch[digits + 2 * remainders],
                             scratch[digits + 2 * remainders + 1]};
  const rows::Row spare = scratch[digits + 2 * remainders + 2];

  const auto products_modulo = [&](std::size_t i, rows::Row out0, rows::Row out1) {
    for (std::size_t k = 0; k < digits; ++k) products.digits()[k] = digit(i, k, scratch[k]);
    rows::ConstRow terms[2] = {};
    if (kEval && i <= level) {
      for (std::size_t h = 0; h < 2; ++h) terms[h] = added(h, i, spare);
    }
    products.sum(i, terms, out0, out1);
  };
  for (std::size_t i = kept->size(); i < basis->size(); ++i) {
    const std::size_t r = i - kept->size();
    products_modulo(i, remainder[0][r], remainder[1][r]);
    for (const auto& half : remainder) division->takeDropped(i, half[r]);
  }
  for (const auto& half : remainder) division->finishRemainder(half);
  const std::vector<rows::ConstRow> of[2] = {{remainder[0].begin(), remainder[0].end()},
                                             {remainder[1].begin(), remainder[1].end()}};
  for (std::size_t i = 0; i < kept->size(); ++i) {
    products_modulo(i, sums[0], sums[1]);
    for (std::size_t h = 0; h < 2; ++h) {
      const rows::Row out = (h == 0 ? result.first : result.second).residue(i);
      if constexpr (kEval) {
        division->divideRow(i, of[h], sums[h], spare, out);
      } else {
        division->divideRowToCoeff(i, of[h], sums[h], spare, out);
        if (const rows::ConstRow term = added(h, i, spare)) {
          rows::add(kept->modulus(i), basis->n(), out, term, out);
        }
      }
    }
  }
  return result;
}

// The same of the digits of c.
template <class Form, class AddedRow>
PolyPair<Form> switchDivided(const Context& context, const Poly<Form>& c, const KeySwitchKey& key,
                             std::size_t dropped, const AddedRow& added) {
  key.context->requireSame(context);
  const ExtendedDigits digits(context, c);
  return switchDivided<Form>(
      key, digits.level(), dropped,
      [&](std::size_t i, std::size_t k, rows::Row scratch) {
        return digits.lazyRow(i, k, scratch);
      },
      added);
}

template <class Form>
Decomposition decomposed(const Context& context, const Poly<Form>& c) {
  const ExtendedDigits digits(context, c);
  const ring::BasisPtr& basis = context.basisQP(digits.level());
  Decomposition result;
  for (std::size_t k = 0; k < digits.size(); ++k) result.digits.emplace_back(basis, unset);
  // One prime after the other: its transforms share their twiddles.
  for (std::size_t i = 0; i < basis->size(); ++i) {
    for (std::size_t k = 0; k < digits.size(); ++k) digits.row(i, k, result.digits[k].residue(i));
  }
  return result;
}

// The level of digits that go with a key.
std::size_t levelOf(const Decomposition& d, const KeySwitchKey& key) {
  require(!d.digits.empty(), Code::kUsage, "an inner product with no digits");
  const std::size_t level = switchLevel(*key.context, d.digits[0].basis(), true);
  require(d.digits.size() == key.context->digits(level), Code::kParameterMismatch,
          "digits of other parameters than the key-switching key's");
  return level;
}

constexpr auto kNothingAdded = [](std::size_t, std::size_t, rows::Row) -> rows::ConstRow {
  return nullptr;
};

// Residue i of c_0(X^g) for a switch's first half.
class RotatedRows {
 public:
  RotatedRows(const Poly<Eval>& c0, std::uint64_t g) : c0_(c0), permute_(c0.n(), g) {}
  rows::ConstRow operator()(std::size_t half, std::size_t i, rows::Row scratch) const {
    if (half != 0) return nullptr;
    permute_(c0_.residue(i), scratch);
    return scratch;
  }

 private:
  const Poly<Eval>& c0_;
  ring::RowAutomorphism permute_;
};

class RotatedCoefficients {
 public:
  RotatedCoefficients(const Poly<Coeff>& c0, std::uint64_t g)
      : rotated_(ring::automorphism(c0, g)) {}
  rows::ConstRow operator()(std::size_t half, std::size_t i, rows::Row) const {
    return half == 0 ? rotated_.residue(i) : nullptr;
  }

 private:
  Poly<Coeff> rotated_;
};

template <class Form>
using Rotated = std::conditional_t<std::is_same_v<Form, Eval>, RotatedRows, RotatedCoefficients>;

template <class Form>
PolyPair<Form> relinearized(const Context& context, const Poly<Form>& c0, const Poly<Form>& c1,
                            const Poly<Form>& c2, const KeySwitchKey& key, std::size_t dropped) {
  require(!c0.empty() && !c1.empty() && !c2.empty(), Code::kUsage,
          "relinearization of an empty polynomial");
  requireSameBasis(c0.basis(), c2.basis());
  requireSameBasis(c1.basis(), c2.basis());
  return switchDivided(context, c2, key, dropped, [&](std::size_t half, std::size_t i, rows::Row) {
    return (half == 0 ? c0 : c1).residue(i);
  });
}

}  // namespace

Decomposition decompose(const Context& context, const Poly<Coeff>& c) {
  return decomposed(context, c);
}

Decomposition decompose(const Context& context, const Poly<Eval>& c) {
  return decomposed(context, c);
}

Decomposition automorphism(const Decomposition& d, std::uint64_t g) {
  Decomposition result;
  result.digits.reserve(d.digits.size());
  for (const Poly<Eval>& digit : d.digits) result.digits.push_back(ring::automorphism(digit, g));
  return result;
}

PolyPair<Eval> innerProduct(const Decomposition& d, const KeySwitchKey& key) {
  const std::size_t level = levelOf(d, key);
  const ring::BasisPtr& basis = key.context->basisQP(level);
  PolyPair<Eval> result{Poly<Eval>(basis, unset), Poly<Eval>(basis, unset)};
  ProductsWithKey products(key, level);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    for (std::size_t k = 0; k < d.digits.size(); ++k) {
      products.digits()[k] = d.digits[k].residue(i);
    }
    products.sum(i, {nullptr, nullptr}, result.first.residue(i), result.second.residue(i));
  }
  return result;
}

void innerProductRow(const KeySwitchKey& key, std::size_t level, std::size_t i,
                     std::span<const std::uint64_t* const> digits, const std::uint64_t* added,
                     std::uint64_t* out0, std::uint64_t* out1) {
  ProductsWithKey products(key, level);
  require(digits.size() == products.digits().size(), Code::kInternal,
          "an inner product of other digits than the level's");
  products.digits().assign(digits.begin(), digits.end());
  products.sum(i, {added, nullptr}, out0, out1);
}

void addInnerProduct(const Context& context, const Poly<Coeff>& c, const KeySwitchKey& key,
                     Poly<Eval>& sum0, Poly<Eval>& sum1) {
  key.context->requireSame(context);
  const ExtendedDigits digits(context, c);
  const ring::Basis& basis = *context.basisQP(digits.level());
  for (const Poly<Eval>* sum : {&sum0, &sum1}) {
    require(!sum->empty() && sum->n() == basis.n() && sum->size() >= basis.size() &&
                *sum->basis().prefix(basis.size()) == basis,
            Code::kParameterMismatch, "an inner product added to a polynomial over other primes");
  }
  ProductsWithKey products(key, digits.level());
  ScratchRows scratch(digits.size(), basis.n());
  for (std::size_t i = 0; i < basis.size(); ++i) {
    for (std::size_t k = 0; k < digits.size(); ++k) {
      products.digits()[k] = digits.lazyRow(i, k, scratch[k]);
    }
    const rows::Row sums[2] = {sum0.residue(i), sum1.residue(i)};
    products.scaledSum(i, {sums[0], sums[1]}, 1, sums[0], sums[1]);
  }
}

Poly<Eval> modDown(const Context& context, Poly<Eval>&& x) {
  require(!x.empty(), Code::kUsage, "division by P of an empty polynomial");
  const std::size_t level = switchLevel(context, x.basis(), true);
  return (*context.tables().by_p[level])(std::move(x));
}

template <class Form>
PolyPair<Form> keySwitch(const Context& context, const Poly<Form>& c, const KeySwitchKey& key) {
  return switchDivided(context, c, key, 0, kNothingAdded);
}

template <class Form>
PolyPair<Form> relinearize(const Context& context, const Poly<Form>& c0, const Poly<Form>& c1,
                           const Poly<Form>& c2, const KeySwitchKey& key) {
  return relinearized(context, c0, c1, c2, key, 0);
}

PolyPair<Eval> relinearizeDivided(const Context& context, const Poly<Eval>& c0,
                                  const Poly<Eval>& c1, const Poly<Eval>& c2,
                                  const KeySwitchKey& key, std::size_t dropped) {
  return relinearized(context, c0, c1, c2, key, dropped);
}

template <class Form>
PolyPair<Form> switchGalois(const Context& context, const Poly<Form>& c0, const Poly<Form>& c1,
                            std::uint64_t g, const KeySwitchKey& key) {
  require(!c0.empty() && !c1.empty(), Code::kUsage, "a rotation of an empty polynomial");
  requireSameBasis(c0.basis(), c1.basis());
  return switchDivided(context, ring::automorphism(c1, g), key, 0, Rotated<Form>(c0, g));
}

template <class Form>
PolyPair<Form> switchGalois(const Poly<Form>& c0, const Decomposition& c1, std::uint64_t g,
                            const KeySwitchKey& key) {
  const std::size_t level = levelOf(c1, key);
  require(!c0.empty(), Code::kUsage, "a rotation of an empty polynomial");
  requireSameBasis(c0.basis(), *key.context->basisQ(level));
  const ring::RowAutomorphism permute(c0.n(), g);
  return switchDivided<Form>(
      key, level, 0,
      [&](std::size_t i, std::size_t k, rows::Row scratch) {
        permute(c1.digits[k].residue(i), scratch);
        return scratch;
      },
      Rotated<Form>(c0, g));
}

template PolyPair<Coeff> keySwitch(const Context&, const Poly<Coeff>&, const KeySwitchKey&);
template PolyPair<Eval> keySwitch(const Context&, const Poly<Eval>&, const KeySwitchKey&);
template PolyPair<Coeff> relinearize(const Context&, const Poly<Coeff>&, const Poly<Coeff>&,
                                     const Poly<Coeff>&, const KeySwitchKey&);
template PolyPair<Eval> relinearize(const Context&, const Poly<Eval>&, const Poly<Eval>&,
                                    const Poly<Eval>&, const KeySwitchKey&);
template PolyPair<Coeff> switchGalois(const Context&, const Poly<Coeff>&, const Poly<Coeff>&,
                                      std::uint64_t, const KeySwitchKey&);
template PolyPair<Eval> switchGalois(const Context&, const Poly<Eval>&, const Poly<Eval>&,
                                     std::uint64_t, const KeySwitchKey&);
template PolyPair<Coeff> switchGalois(const Poly<Coeff>&, const Decomposition&, std::uint64_t,
                                      const KeySwitchKey&);
template PolyPair<Eval> switchGalois(const Poly<Eval>&, const Decomposition&, std::uint64_t,
                                     const KeySwitchKey&);

}  // namespace veilsum::rlwe
