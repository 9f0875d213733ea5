#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/product_tables.h"
#include "kernel/table.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

// The product of two ciphertexts over Q R, by Kim, Polyakov, Zucca (ePrint 2021/204, algorithm 2):
// the second operand is switched to a modulus R of about Q's size, b' = round(R b / Q), and the
// tensor x of a and the centred b' is scaled by t / R. It is taken modulo Q R alone: another
// representative, x + Q R y, gives (t / R) x + t Q y, the same modulo Q. So R needs no room for
// the tensor's size, and there is no conversion back from a basis that holds it; sums of any length
// would do. The noise is that of a product with b' (noise.h, log2SwitchingNoise).
//
// With R a multiple of the special primes' product P, R = P R', the end of relinearization is
// merged into the scaling. Key switching of c_2 = round(t x_2 / R) gives (k_0, k_1) modulo Q P with
// k_0 + k_1 s = P c_2 s^2 + e, and
//     round(t x_i / R) + round(k_i / P) is replaced by round((t x_i + R' k_i) / R),
// R' k_i being known modulo Q R: zero modulo R'. So the inverse transforms and the division are
// those of the scaling, and one rounding remains of two.

namespace veilsum::bfv {

namespace {

using PolyCoeff = ring::Poly<ring::Coeff>;
using PolyEval = ring::Poly<ring::Eval>;
using Product = Context::Product;

// --- base conversions, by blocks of coefficients that fit the first-level cache ---

constexpr std::size_t kBlock = 256, kRowStride = kBlock + 8;  // rows in cache sets of their own

// f(begin, count) for the blocks of n coefficients.
template <class F>
void forEachBlock(std::size_t n, F f) {
  for (std::size_t begin = 0; begin < n; begin += kBlock) f(begin, std::min(kBlock, n - begin));
}

// The digits of a block and, as the last row, their quotient v. `fractions`, where it is not null,
// gets x / Q, centred, for the coefficients of x, in order.
class DigitRows {
 public:
  DigitRows(const std::vector<double>& inverses, double* fractions)
      : inverses_(inverses),
        fractions_(fractions),
        own_((inverses.size() + 1) * kRowStride, unset) {
    for (std::size_t i = 0; i <= inverses.size(); ++i) rows_.push_back(own(i));
  }
  /// Room for a row, in cache sets of its own; where digits are read from unless placed elsewhere.
  std::uint64_t* own(std::size_t i) { return own_.data() + i * kRowStride; }
  /// Row i is `row`.
  void place(std::size_t i, const std::uint64_t* row) { rows_[i] = row; }

  /// v, when all digits are there.
  void round(std::size_t count) {
    kernel::table().roundedQuotient(rows_.data(), inverses_.data(), inverses_.size(), count,
                                    own(inverses_.size()), fractions_);
    if (fractions_ != nullptr) fractions_ += count;
  }
  void combine(const kernel::DigitCombination& combination, const std::uint64_t* addend,
               std::size_t count, std::uint64_t* out) const {
    kernel::table().combineDigits(combination, rows_.data(), addend, count, out);
  }

 private:
  const std::vector<double>& inverses_;
  double* fractions_;
  Buffer<std::uint64_t> own_;
  std::vector<const std::uint64_t*> rows_;
};

// The digits [x factor_i]_{q_i} of a block of x over Q.
void takeDigits(const PolyCoeff& x, const std::vector<arith::ShoupFactor>& factors,
                std::size_t begin, std::size_t count, DigitRows& digits) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    kernel::table().multiplyScalar(x.residue(i) + begin, count, factors[i].w, factors[i].quotient,
                                   x.basis().modulus(i).value(), digits.own(i));
  }
  digits.round(count);
}

// A part x of the first operand to the residues of R, the last of `out`; x / Q to `fractions`.
void liftFirst(const Product& tables, const PolyCoeff& x, PolyEval& out, double* fractions) {
  const std::size_t first = out.size() - tables.r->size();
  DigitRows digits(tables.q_inverses, fractions);
  forEachBlock(x.n(), [&](std::size_t begin, std::size_t count) {
    takeDigits(x, tables.first_digits, begin, count, digits);
    for (std::size_t j = 0; j < tables.r->size(); ++j) {
      digits.combine(tables.first_to_r[j], nullptr, count, out.residue(first + j) + begin);
    }
  });
}

// A part of the second operand to b', over Q R; b' / R to `fractions`.
void switchSecond(const Product& tables, const PolyCoeff& x, PolyEval& out, double* fractions) {
  const std::size_t k = x.size();
  DigitRows digits(tables.q_inverses, nullptr), switched(tables.r_inverses, fractions);
  forEachBlock(x.n(), [&](std::size_t begin, std::size_t count) {
    takeDigits(x, tables.second_digits, begin, count, digits);
    for (std::size_t j = 0; j < tables.r->size(); ++j) {
      std::uint64_t* const row = out.residue(k + j) + begin;
      digits.combine(tables.second_to_r[j], nullptr, count, row);
      switched.place(j, row);
    }
    switched.round(count);
    for (std::size_t i = 0; i < k; ++i) {
      switched.combine(tables.r_to_q[i], nullptr, count, out.residue(i) + begin);
    }
  });
}

// round(t x / R) over Q, of what the inverse transforms with the factors `back` left.
PolyCoeff scaled(const Product& tables, const PolyEval& x) {
  const std::size_t k = tables.q->size();
  PolyCoeff result(tables.q, unset);
  DigitRows digits(tables.r_inverses, nullptr);
  forEachBlock(x.n(), [&](std::size_t begin, std::size_t count) {
    for (std::size_t j = 0; j < tables.r->size(); ++j) digits.place(j, x.residue(k + j) + begin);
    digits.round(count);
    for (std::size_t i = 0; i < k; ++i) {
      digits.combine(tables.minus_remainder[i], x.residue(i) + begin, count,
                     result.residue(i) + begin);
    }
  });
  return result;
}

// --- the tensor ---

// Residue i of x to coefficients, times the constant `back`.
void backToCoefficients(const Product& tables, std::size_t i, PolyEval& x) {
  x.basis().ntt(i).inverse(x.residue(i), x.residue(i), tables.back[i]);
}

// Both operands at their common level, to be multiplied over Q R, and the bound of their product,
// which is checked before any transform.
struct Factors {
  Factors(const Ciphertext& a_operand, const Ciphertext& b_operand)
      : a((requireOperands(a_operand, b_operand), a_operand),
          std::min(a_operand.level(), b_operand.level())),
        b(b_operand, a->level()),
        tables(a->context->product(a->level(),
                                   [this](double log2_shrink) {
                                     return log2SwitchingNoise(*a->context, log2_shrink) <=
                                            log2Sum(a->log2_noise, b->log2_noise) - kLog2Share;
                                   })),
        a0(tables.qr, unset),
        a1(tables.r, unset),
        b0(tables.qr, unset),
        b1(tables.qr, unset) {
    const Context& context = *a->context;
    Buffer<double> fractions(context.n(), unset);
    liftFirst(tables, a->body.parts[1], a1, fractions.data());
    const double a_norm = std::log2(phaseNorm(context, fractions));
    switchSecond(tables, b->body.parts[1], b1, fractions.data());
    const double b_norm = std::log2(phaseNorm(context, fractions));

    const double switched = log2Sum(b->log2_noise, log2SwitchingNoise(context, tables.log2_shrink));
    log2_noise =
        log2ProductNoise(context, a->level(), log2Sum(a_norm + switched, b_norm + a->log2_noise),
                         a->log2_noise + switched);
    requireBudget(context, a->level(), std::max(a->log2_noise, b->log2_noise), log2_noise,
                  "a multiplication");
    liftFirst(tables, a->body.parts[0], a0, nullptr);
    switchSecond(tables, b->body.parts[0], b0, nullptr);
  }

  static void requireOperands(const Ciphertext& a, const Ciphertext& b) {
    requireSameContext(a.context, b.context);
    requireDegree(a, 1, "a multiplication");
    requireDegree(b, 1, "a multiplication");
  }

  // R is the shortest whose switching costs at most a sixteenth of the noise of both operands, as a
  // rule 0.09 bits of the product's: where they are noisy already, shorter than Q (the same paper's
  // leveled products drop limbs of Q for the same reason).
  static constexpr double kLog2Share = 4;

  AtLevel<ring::Coeff> a, b;
  const Product& tables;
  // Still coefficients: a over R alone, where a0 has room for the rest, and b'.
  PolyEval a0, a1, b0, b1;
  double log2_noise;
};

// (a_0 + a_1 Y)(b'_0 + b'_1 Y), coefficients of Y^0, Y^1, Y^2 over Q R, times the constants of the
// tables; those of Y^2, and with `all` the others, taken back to coefficients.
struct Tensor {
  PolyEval e0, e1, e2;

  // The operands are transformed where they stand, and the results go there. One prime after the
  // other: its four rows and its twiddles stay in the cache.
  Tensor(Factors& f, bool all) : e0(std::move(f.b0)), e1(std::move(f.b1)), e2(std::move(f.a0)) {
    const Product& tables = f.tables;
    const std::size_t k = tables.q->size();
    Buffer<std::uint64_t> row(e0.n(), unset);
    for (std::size_t i = 0; i < tables.qr->size(); ++i) {
      const arith::Ntt& ntt = tables.qr->ntt(i);
      std::uint64_t* const a[] = {e2.residue(i), i < k ? row.data() : f.a1.residue(i - k)};
      for (std::size_t part : {0, 1}) {
        ntt.forwardLazy(i < k ? f.a->body.parts[part].residue(i) : a[part], a[part]);
      }
      ntt.forward(e0.residue(i));
      ntt.forward(e1.residue(i));
      const std::uint64_t* const right[] = {e0.residue(i), e1.residue(i)};
      std::uint64_t* const out[] = {e0.residue(i), e1.residue(i), e2.residue(i)};
      kernel::table().scaledTensor(a, right, e0.n(), ntt.modulus().barrett(), out);
      backToCoefficients(tables, i, e2);
      if (all) {
        backToCoefficients(tables, i, e0);
        backToCoefficients(tables, i, e1);
      }
    }
  }
};

}  // namespace

Ciphertext multiply(const Ciphertext& a, const Ciphertext& b) {
  Factors factors(a, b);
  const Tensor tensor(factors, true);
  Ciphertext result{a.context, {a.context->rlwe(), {}, {}}, factors.log2_noise};
  for (const PolyEval* e : {&tensor.e0, &tensor.e1, &tensor.e2}) {
    result.body.parts.push_back(scaled(factors.tables, *e));
  }
  return result;
}

Ciphertext multiplyRelinearize(const Ciphertext& a, const Ciphertext& b,
                               const rlwe::EvaluationKeys& keys) {
  const rlwe::KeySwitchKey& key = keys.relin();
  requireKeyOf(a.context, key.context);
  const rlwe::Context& rlwe = *a.context->rlwe();
  Factors factors(a, b);
  const Product& tables = factors.tables;
  const std::size_t level = factors.a->level();
  const double noise = log2Sum(factors.log2_noise, std::log2(rlwe::keySwitchNoise(rlwe, level)));
  requireBudget(*a.context, level, factors.log2_noise, noise, "relinearization");

  Tensor tensor(factors, false);
  // q_0, .., P: the same order in both.
  rlwe::addInnerProduct(rlwe, scaled(tables, tensor.e2), key, tensor.e0, tensor.e1);
  Ciphertext result{a.context, {a.context->rlwe(), {}, {}}, noise};
  for (PolyEval* e : {&tensor.e0, &tensor.e1}) {
    for (std::size_t i = 0; i < e->size(); ++i) backToCoefficients(tables, i, *e);
    result.body.parts.push_back(scaled(tables, *e));
  }
  return result;
}

Ciphertext squareRelinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  return multiplyRelinearize(a, a, keys);
}

}  // namespace veilsum::bfv
