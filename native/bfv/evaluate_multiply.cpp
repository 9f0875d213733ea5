#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/tables.h"
#include "ring/rows.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

// Multiplication in full RNS: Bajard, Eynard, Hasan, Zucca (ePrint 2016/510) with the centred
// conversions of Halevi, Polyakov, Shoup (ePrint 2018/117), so that lifting and scaling are exact.

namespace veilsum::bfv {

namespace {

using PolyCoeff = ring::Poly<ring::Coeff>;
using PolyEval = ring::Poly<ring::Eval>;
using Multiplication = Context::Multiplication;

// The centred x in R_Q as an element of R_{Q B}, in Eval form.
PolyEval extend(const Multiplication& tables, const PolyCoeff& x) {
  PolyEval y(tables.qb, unset);
  tables.q_to_b.convert(x.residue(0), y.residue(x.size()));  // still coefficients
  for (std::size_t i = 0; i < y.size(); ++i) {
    y.basis().ntt(i).forward(i < x.size() ? x.residue(i) : y.residue(i), y.residue(i));
  }
  return y;
}

// (c_0 + c_1 Y)(d_0 + d_1 Y), coefficients of Y^0, Y^1, Y^2; over Q u B, before scaling.
struct Tensor {
  PolyEval e0, e1, e2;

  Tensor(const Lifted& c, const Lifted& d)
      : e0(ring::mul(c.c0, d.c0)), e1(e0.basisPtr(), unset), e2(ring::mul(c.c1, d.c1)) {
    for (std::size_t i = 0; i < e1.size(); ++i) {
      const std::uint64_t* const left[] = {c.c0.residue(i), c.c1.residue(i)};
      const std::uint64_t* const right[] = {d.c1.residue(i), d.c0.residue(i)};
      ring::rows::innerProduct(e1.basis().modulus(i), e1.n(), left, right, e1.residue(i));
    }
  }

  void add(const Lifted& c, const Lifted& d) {
    ring::mulAddInto(e0, c.c0, d.c0);
    ring::mulAddInto(e1, c.c0, d.c1);
    ring::mulAddInto(e1, c.c1, d.c0);
    ring::mulAddInto(e2, c.c1, d.c1);
  }
};

// round(t x / Q) mod Q for x over Q u B: r = [t x]_Q, centred, is taken to B, where
// (t x - r) / Q is exact; that fits B centred (tables.h), and is taken back to Q.
PolyCoeff scaleDown(const Multiplication& tables, const ring::BasisPtr& q, const PolyEval& x) {
  PolyCoeff y(tables.qb, unset);  // t x mod q_i, and t x / Q mod b_j
  for (std::size_t i = 0; i < y.size(); ++i) {
    y.basis().ntt(i).inverse(x.residue(i), y.residue(i), tables.t_scaled[i]);
  }
  PolyCoeff remainder(tables.b, unset);
  tables.q_to_b.convert(y.residue(0), remainder.residue(0));
  for (std::size_t j = 0; j < tables.b->size(); ++j) {  // t x / Q - r / Q
    ring::rows::scaleAdd(tables.b->modulus(j), y.n(), remainder.residue(j),
                         tables.minus_q_inverse[j], y.residue(q->size() + j));
  }
  PolyCoeff result(q, unset);
  tables.b_to_q.convert(y.residue(q->size()), result.residue(0));
  return result;
}

// The bounds of a sum of products, before the work.
class ProductNoise {
 public:
  struct Factor {
    double log2_noise, phase_norm;
  };
  void add(const Factor& a, const Factor& b) {
    const double cross =
        log2Sum(std::log2(a.phase_norm) + b.log2_noise, std::log2(b.phase_norm) + a.log2_noise);
    const double product = a.log2_noise + b.log2_noise;
    const double larger = std::max(a.log2_noise, b.log2_noise);
    cross_ = empty_ ? cross : log2Sum(cross_, cross);
    products_ = empty_ ? product : log2Sum(products_, product);
    largest_ = empty_ ? larger : std::max(largest_, larger);
    empty_ = false;
  }
  double checked(const Context& context, std::size_t level) const {
    const double noise = log2ProductNoise(context, level, cross_, products_);
    requireBudget(context, level, largest_, noise, "a multiplication");
    return noise;
  }

 private:
  bool empty_ = true;
  double cross_ = 0, products_ = 0, largest_ = 0;
};

// Sums of tensors scaled by t / Q; a sum that would outgrow B is scaled in pieces.
class ScaledSum {
 public:
  ScaledSum(const ContextPtr& context, std::size_t level)
      : context_(context),
        q_(context->rlwe()->basisQ(level)),
        tables_(context->multiplication(level)) {}

  void add(const Lifted& a, const Lifted& b) {
    if (tensor_ && terms_ == tables_.max_terms) flush();
    if (tensor_) {
      tensor_->add(a, b);
    } else {
      tensor_.emplace(a, b);
    }
    ++terms_;
  }

  Ciphertext finish(double log2_noise) {
    flush();
    return {context_, {context_->rlwe(), std::move(parts_), {}}, log2_noise};
  }

 private:
  void flush() {
    for (PolyEval* e : {&tensor_->e0, &tensor_->e1, &tensor_->e2}) {
      scaled_.push_back(scaleDown(tables_, q_, *e));
    }
    if (parts_.empty()) {
      parts_ = std::move(scaled_);
    } else {
      for (std::size_t i = 0; i < 3; ++i) ring::addInto(parts_[i], scaled_[i]);
    }
    scaled_.clear();
    tensor_.reset();
    terms_ = 0;
  }

  ContextPtr context_;
  ring::BasisPtr q_;
  const Multiplication& tables_;
  std::optional<Tensor> tensor_;
  std::size_t terms_ = 0;
  std::vector<PolyCoeff> scaled_, parts_;
};

}  // namespace

namespace {

Lifted liftMeasured(const Ciphertext& a, double phase_norm) {
  const Multiplication& tables = a.context->multiplication(a.level());
  return {a.context,    a.level(), extend(tables, a.body.parts[0]), extend(tables, a.body.parts[1]),
          a.log2_noise, phase_norm};
}

}  // namespace

Lifted lift(const Ciphertext& a) {
  requireDegree(a, 1, "a multiplication");
  return liftMeasured(a, phaseNorm(a));
}

Ciphertext square(const Ciphertext& a) {
  const Ciphertext* const factor[] = {&a};
  return innerProduct(factor, factor);
}

Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b) {
  requireLists(a.size(), b.size(), "an inner product");
  requireSameContext(a[0]->context, b[0]->context);
  const std::size_t level = std::min(commonLevel(a), commonLevel(b));
  // Each operand is switched to the level once, lifted at its first use, dropped after its last.
  struct Operand {
    Operand(const Ciphertext& c, std::size_t level)
        : at_level(c, level), phase_norm(phaseNorm(*at_level)) {}
    ProductNoise::Factor factor() const { return {at_level->log2_noise, phase_norm}; }

    AtLevel<ring::Coeff> at_level;
    double phase_norm;
    std::size_t uses = 0;
    std::optional<Lifted> lifted;
  };
  std::map<const Ciphertext*, Operand> operands;
  for (CiphertextRefs list : {a, b}) {
    for (const Ciphertext* c : list) {
      requireDegree(*c, 1, "a multiplication");
      ++operands.try_emplace(c, *c, level).first->second.uses;
    }
  }
  ProductNoise noise;
  for (std::size_t i = 0; i < a.size(); ++i) {
    noise.add(operands.at(a[i]).factor(), operands.at(b[i]).factor());
  }
  const double bound = noise.checked(*a[0]->context, level);

  ScaledSum result(a[0]->context, level);
  const auto use = [&](const Ciphertext* c) -> const Lifted& {
    Operand& operand = operands.at(c);
    if (!operand.lifted) operand.lifted = liftMeasured(*operand.at_level, operand.phase_norm);
    return *operand.lifted;
  };
  const auto release = [&](const Ciphertext* c) {
    Operand& operand = operands.at(c);
    if (--operand.uses == 0) operand.lifted.reset();
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    result.add(use(a[i]), use(b[i]));
    release(a[i]);
    release(b[i]);
  }
  return result.finish(bound);
}

Ciphertext innerProduct(std::span<const Lifted* const> a, std::span<const Lifted* const> b) {
  requireLists(a.size(), b.size(), "an inner product");
  const Lifted& first = *a[0];
  ProductNoise noise;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const Lifted* x : {a[i], b[i]}) {
      requireSameContext(first.context, x->context);
      require(x->level == first.level, Code::kUsage,
              "lifted operands of one inner product stand at one level");
    }
    noise.add({a[i]->log2_noise, a[i]->phase_norm}, {b[i]->log2_noise, b[i]->phase_norm});
  }
  const double bound = noise.checked(*first.context, first.level);
  ScaledSum result(first.context, first.level);
  for (std::size_t i = 0; i < a.size(); ++i) result.add(*a[i], *b[i]);
  return result.finish(bound);
}

Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  if (a.degree() == 1) return a.copy();
  requireDegree(a, 2, "relinearization");
  const rlwe::KeySwitchKey& key = keys.relin();
  requireKeyOf(a.context, key.context);
  const rlwe::Context& rlwe = *a.context->rlwe();
  const double noise = log2Sum(a.log2_noise, std::log2(rlwe::keySwitchNoise(rlwe, a.level())));
  requireBudget(*a.context, a.level(), a.log2_noise, noise, "relinearization");

  const std::vector<PolyCoeff>& c = a.body.parts;
  auto [c0, c1] = rlwe::relinearize(rlwe, c[0], c[1], c[2], key);
  Ciphertext result{a.context, {a.body.context, {}, {}}, noise};
  result.body.parts.push_back(std::move(c0));
  result.body.parts.push_back(std::move(c1));
  return result;
}

}  // namespace veilsum::bfv
