#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "ckks/linear_transform.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "ring/automorphism.h"
#include "ring/base_convert.h"
#include "ring/rows.h"
#include "rlwe/extended_digits.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

namespace veilsum::ckks {

using ring::Coeff;
using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

constexpr const char* kName = "linear transform";
using Pair = rlwe::PolyPair<Eval>;

bool rotates(const LinearTransform& t) {
  return t.babies().size() > 1 || t.babies()[0] != 0 || t.groups().size() > 1 ||
         t.groups()[0].step() != 0;
}

// Everything that is refused before the work.
void requireApplicable(const LinearTransform& t, const Ciphertext& a,
                       const rlwe::EvaluationKeys& keys) {
  t.context()->requireSame(*a.context());
  require(a.degree() == 1, Code::kUsage, "linear transform: relinearize the ciphertext first");
  for (const std::int64_t step : t.rotations()) {
    const auto& key = keys.galoisFor(rlwe::galoisElement(a.context()->n(), step));
    a.context()->requireSame(*key.context);
  }
}

// The noise of the sum over q_0..q_level, p, in units of P: before its division.
//
// At a slot, diagonal k of row i is p v_k + r_k, and multiplies a baby step (s m + e + E), E the
// key switch's error over P, 0 for the baby step 0. Summed over k this leaves
//   s m sum r_k + e sum (p v_k + r_k) + E sum' (p v_k + r_k),
// sum' over the rotated ones; each giant step then rounds (r_0 stays over P: r_1 s alone, which the
// bound of both covers) and switches once. The bounds of all g + |babies| switches hold together
// but for 2^-66 each.
double sumNoise(const LinearTransform& t, const Ciphertext& a, std::size_t level) {
  const double norm = t.all().norm(t.scale());
  double noise = a.noise * norm + a.scale * a.message * t.all().noise;
  if (rotates(t)) {
    const double switched = rlwe::keySwitchErrorNoise(*t.context(), level);
    noise += switched * t.rotated().norm(t.scale());
    for (const DiagonalGroup& group : t.groups()) {
      if (group.step() != 0) noise += switched + rlwe::roundingNoise(*t.context());
    }
  }
  return noise + trackingNoise(a.norm() * norm, 1);
}

// The baby steps of one ciphertext, prime by prime: P (c_0, c_1)(X^g) + the key switch's products,
// not divided by P. One prime's rows are all that is held.
class BabySteps {
 public:
  BabySteps(const LinearTransform& t, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
            std::size_t level)
      : context_(*t.context()),
        level_(level),
        switched_(rotates(t)),
        c0_(a.body.parts[0]),
        c1_(a.body.parts[1]),
        rows_(2 * t.babies().size(), context_.n()),
        scratch_(context_.digits(level) + 1, context_.n()) {
    const bool decomposed = t.babies().back() != 0;
    if (decomposed) digits_ = rlwe::decompose(context_, c1_.prefix(level + 1));
    for (const std::size_t step : t.babies()) {
      if (step == 0) {
        rotations_.push_back(std::nullopt);
        continue;
      }
      const std::uint64_t g = rlwe::galoisElement(context_.n(), static_cast<std::int64_t>(step));
      rotations_.push_back(Rotation{ring::RowAutomorphism(context_.n(), g), &keys.galoisFor(g)});
    }
  }

  /// Rows of c_0 and of c_1 for each baby step, modulo prime i of q_0..q_level, p. Null: zero.
  void compute(std::size_t i) {
    first_.clear();
    second_.clear();
    for (std::size_t b = 0; b < rotations_.size(); ++b) {
      std::uint64_t* const row0 = rows_[2 * b];
      std::uint64_t* const row1 = rows_[2 * b + 1];
      const bool written =
          rotations_[b] ? rotated(i, *rotations_[b], row0, row1) : unrotated(i, row0, row1);
      first_.push_back(written ? row0 : nullptr);
      second_.push_back(written ? row1 : nullptr);
    }
  }
  std::span<const std::uint64_t* const> first() const { return first_; }
  std::span<const std::uint64_t* const> second() const { return second_; }

 private:
  struct Rotation {
    ring::RowAutomorphism permute;
    const rlwe::KeySwitchKey* key;
  };

  bool rotated(std::size_t i, const Rotation& rotation, std::uint64_t* row0, std::uint64_t* row1) {
    std::vector<const std::uint64_t*> digits;
    for (const Poly<Eval>& digit : digits_.digits) {
      std::uint64_t* const row = scratch_[digits.size()];
      rotation.permute(digit.residue(i), row);
      digits.push_back(row);
    }
    const std::uint64_t* x = nullptr;  // P c_0 is zero modulo the special primes
    if (i <= level_) {
      std::uint64_t* const row = scratch_[digits.size()];
      rotation.permute(c0_.residue(i), row);
      x = row;
    }
    rlwe::innerProductRow(*rotation.key, level_, i, digits, x, row0, row1);
    return true;
  }

  // P (c_0, c_1); (c_0, c_1) where nothing is over P.
  bool unrotated(std::size_t i, std::uint64_t* row0, std::uint64_t* row1) {
    if (i > level_) return false;
    const arith::Modulus& q = c0_.basis().modulus(i);
    const std::uint64_t factor = switched_ ? context_.pModQ(i) : 1;
    rows::scale(q, context_.n(), c0_.residue(i), factor, row0);
    rows::scale(q, context_.n(), c1_.residue(i), factor, row1);
    return true;
  }

  const rlwe::Context& context_;
  std::size_t level_;
  bool switched_;
  const Poly<Eval>&c0_, &c1_;
  rlwe::Decomposition digits_;
  std::vector<std::optional<Rotation>> rotations_;
  rlwe::ScratchRows rows_, scratch_;
  std::vector<const std::uint64_t*> first_, second_;
};

// All giant steps take the same rows: in pieces of them that stay in the second-level cache, a
// power of two of words.
std::size_t pieceOf(std::size_t babies) {
  constexpr std::size_t kWords = std::size_t{1} << 15;
  return std::bit_floor(std::max(kWords / (2 * babies), std::size_t{64}));
}

// For each giant step the sum of its diagonals times baby steps, over `basis`.
std::vector<Pair> groupSums(const LinearTransform& t, const Ciphertext& a,
                            const rlwe::EvaluationKeys& keys, std::size_t level,
                            const ring::BasisPtr& basis) {
  std::vector<Pair> sums;
  for (std::size_t j = 0; j < t.groups().size(); ++j) {
    sums.emplace_back(Poly<Eval>(basis, unset), Poly<Eval>(basis, unset));
  }
  BabySteps babies(t, a, keys, level);
  const std::size_t piece = std::min(basis->n(), pieceOf(t.babies().size()));
  for (std::size_t i = 0; i < basis->size(); ++i) {
    babies.compute(i);
    // The diagonals' residues stand in the order of their own level.
    const std::size_t in_diagonal = i <= level ? i : i + (t.level() - level);
    for (std::size_t begin = 0; begin < basis->n(); begin += piece) {
      for (std::size_t j = 0; j < sums.size(); ++j) {
        const DiagonalGroup& group = t.groups()[j];
        group.multiply(in_diagonal, begin, piece, babies.first(), sums[j].first.residue(i));
        group.multiply(in_diagonal, begin, piece, babies.second(), sums[j].second.residue(i));
      }
    }
  }
  return sums;
}

// sum_j of the sums turned by their giant steps, over q_0..q_level, p: (u_0, u_1) becomes
// u_0(X^g) + the key switch's products of (u_1 / P)(X^g).
Pair giantSteps(const LinearTransform& t, std::vector<Pair>&& sums,
                const rlwe::EvaluationKeys& keys) {
  const rlwe::Context& context = *t.context();
  const bool first_is_still = t.groups()[0].step() == 0;
  const ring::BasisPtr basis = sums[0].first.basisPtr();
  Pair total = first_is_still ? std::move(sums[0]) : Pair(Poly<Eval>(basis), Poly<Eval>(basis));
  for (std::size_t j = first_is_still ? 1 : 0; j < sums.size(); ++j) {
    const auto step = static_cast<std::int64_t>(t.groups()[j].step());
    const std::uint64_t g = rlwe::galoisElement(context.n(), step);
    ring::addInto(total.first, ring::automorphism(sums[j].first, g));
    const Poly<Coeff> u1 = ring::divideAndRound(toCoeff(ring::automorphism(sums[j].second, g)),
                                                context.parameters().p.size());
    rlwe::addInnerProduct(context, u1, keys.galoisFor(g), total.first, total.second);
  }
  return total;
}

Ciphertext applied(const LinearTransform& t, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                   std::size_t dropped) {
  requireApplicable(t, a, keys);
  const rlwe::Context& context = *a.context();
  const std::size_t level = std::min(a.level(), t.level());
  const bool over_p = rotates(t);
  const double message = a.message * t.norm();
  double scale = a.scale * t.scale(), noise = sumNoise(t, a, level);
  if (dropped > 0) {
    const auto bounds = rescaledBounds(context, level, scale, message, noise, 1, dropped);
    scale = bounds.scale;
    noise = bounds.noise;
  } else {
    if (over_p) noise += rlwe::roundingNoise(context);
    requireCapacity(context, level, scale * message + noise, kName);
  }

  const ring::BasisPtr& basis = over_p ? context.basisQP(level) : context.basisQ(level);
  Pair sum = giantSteps(t, groupSums(t, a, keys, level, basis), keys);
  Parts parts;
  const std::size_t divided = (over_p ? context.parameters().p.size() : 0) + dropped;
  for (Poly<Eval>* const part : {&sum.first, &sum.second}) {
    parts.push_back(divided == 0 ? std::move(*part)
                                 : ring::divideAndRound(std::move(*part), divided));
  }
  return assemble(a.context(), std::move(parts), scale, noise, message);
}

}  // namespace

Ciphertext apply(const LinearTransform& transform, const Ciphertext& a,
                 const rlwe::EvaluationKeys& keys) {
  return applied(transform, a, keys, 0);
}

Ciphertext applyRescale(const LinearTransform& transform, const Ciphertext& a,
                        const rlwe::EvaluationKeys& keys) {
  return applied(transform, a, keys, 1);
}

}  // namespace veilsum::ckks
