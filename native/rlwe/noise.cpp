#include "rlwe/noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "rlwe/tables.h"

namespace veilsum::rlwe {

namespace {

// Variances of one coefficient.
constexpr double kNoiseVariance = 10.5;           // centred binomial of 2 x 21 bits
constexpr double kTernaryVariance = 2.0 / 3.0;    // uniform in {-1, 0, 1}
constexpr double kUniformVariance = 1.0 / 12.0;   // uniform in an interval of length 1
constexpr double kSlotFailure = 82 * 0.69314718;  // -ln of 2^-82: 2^-66 over 2^16 slots

// A bound tau on |X|, X = sum_d x_d(zeta) y_d(zeta) with independent x_d, y_d and
// w_d = E|x_d(zeta)|^2 E|y_d(zeta)|^2: P(|X| > tau) < 2^-82 in one slot.
//
// The coefficients are strictly sub-Gaussian (ternary, binomial, uniform), so a slot z of mean
// square V has E exp(m |z|^2 / V) <= 1 / (1 - m) for 0 < m < 1, as a complex Gaussian has (average
// exp<theta, z> over a Gaussian theta: Hsu, Kakade, Zhang, arXiv:1110.2842, the proof of theorem
// 2.1). Given the y_d, X is such a slot with V = sum_d w_d A_d, A_d = |y_d|^2 / E|y_d|^2. Hence for
// every 0 < m < 1 and 0 < l < 1 / max w_d, by t / V >= 2 sqrt(l t / m) - l V / m,
//   P(|X|^2 > t) <= E exp(-m t / V) / (1 - m)
//                <= exp(-2 sqrt(l m t)) / ((1 - m) prod_d (1 - l w_d)),
// and tau is the smallest sqrt(t) that a grid of m and l gives.
double productTail(std::span<const double> weights) {
  constexpr int kGrid = 64;
  const double largest = *std::max_element(weights.begin(), weights.end());
  std::array<double, kGrid> loss_m{}, loss_l{};
  for (int i = 1; i < kGrid; ++i) {
    const double fraction = static_cast<double>(i) / kGrid;
    loss_m[i] = -std::log1p(-fraction);
    for (const double weight : weights) loss_l[i] -= std::log1p(-fraction * weight / largest);
  }
  double best = std::numeric_limits<double>::infinity();
  for (int m = 1; m < kGrid; ++m) {
    for (int l = 1; l < kGrid; ++l) {
      const double root = std::sqrt(static_cast<double>(m) * l) / kGrid;
      best = std::min(best, (kSlotFailure + loss_m[m] + loss_l[l]) / (2 * root));
    }
  }
  return best * std::sqrt(largest);
}

double productTailOf(int equal_products) {
  return productTail(std::vector<double>(equal_products, 1.0));
}

// |z(zeta)| of a polynomial with independent coefficients of this variance.
double slotTail(double n, double variance) { return kTail * std::sqrt(n * variance); }

double roundingNoiseOf(double n) {
  static const double tail = productTailOf(1);
  return slotTail(n, kUniformVariance) + tail * n * std::sqrt(kUniformVariance * kTernaryVariance);
}

}  // namespace

double freshSecretNoise(const Context& context) {
  return slotTail(static_cast<double>(context.n()), kNoiseVariance);
}

double freshPublicNoise(const Context& context) {
  static const double tail = productTailOf(2);  // u e and e_1 s
  const auto n = static_cast<double>(context.n());
  return slotTail(n, kNoiseVariance) + tail * n * std::sqrt(kNoiseVariance * kTernaryVariance);
}

double freshSwitchedNoise(const Context& context, std::size_t level) {
  context.requireLevel(level);
  const ParameterSet& set = context.parameters();
  const bool highest = level == context.maxLevel();
  if (highest && set.p.empty()) return freshPublicNoise(context);
  const auto dropped = static_cast<double>(highest ? set.p[0] : set.q[level + 1]);
  return std::max(freshSecretNoise(context),
                  freshPublicNoise(context) / dropped + roundingNoise(context));
}

double roundingNoise(const Context& context) {
  return roundingNoiseOf(static_cast<double>(context.n()));
}

double secretNorm(const Context& context) {
  const auto n = static_cast<double>(context.n());
  return std::sqrt(n * kTernaryVariance * (std::log(n / 2) + 12));
}

double keySwitchErrorNoise(const Context& context, std::size_t level) {
  context.requireLevel(level);
  require(context.canKeySwitch(), Code::kUnsupported,
          "these parameters have no special prime, so there is no key switching; add one to p");
  return context.tables().key_switch_error[level];
}

double keySwitchNoise(const Context& context, std::size_t level) {
  return keySwitchErrorNoise(context, level) + roundingNoise(context);
}

// sum_d x_d e_d / P, x_d the centred digit: uniform of width Q_d.
double keySwitchErrorBound(const Context::Tables& tables, std::size_t level) {
  const auto n = static_cast<double>(tables.set.n);
  std::vector<double> weights;
  for (const Digit& digit : tables.digits[level]) {
    const double ratio = std::exp2(digit.extend.from()->log2() - tables.p->log2());  // Q_d / P
    weights.push_back(n * n * ratio * ratio * kUniformVariance * kNoiseVariance);
  }
  return productTail(weights);
}

}  // namespace veilsum::rlwe
