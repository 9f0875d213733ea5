#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "base/buffer.h"
#include "ring/bounded_cache.h"
#include "rlwe/noise.h"

namespace veilsum::rlwe {

namespace {

// The tree of X^h - i over the complex numbers, h = n / 2: node k (root 1, children 2k and 2k + 1)
// stands for X^(h / 2^depth) - exp(i angle); its factor c = exp(i angle / 2) splits it into
// X^(...) - c and X^(...) + c. The factors as (re, im) at 2k, 2k + 1.
Buffer<double> splittingFactors(std::size_t h) {
  Buffer<double> angles(2 * h), factors(2 * h);
  angles[1] = std::numbers::pi / 2;
  for (std::size_t k = 1; k < h; ++k) {
    const double half = angles[k] / 2;
    factors[2 * k] = std::cos(half);
    factors[2 * k + 1] = std::sin(half);
    angles[2 * k] = half;
    angles[2 * k + 1] = half + std::numbers::pi;
  }
  return factors;
}

std::shared_ptr<const Buffer<double>> cachedFactors(std::size_t h) {
  static ring::BoundedCache<std::size_t, Buffer<double>> cache(std::size_t{1} << 20);
  return cache.get(h, 2 * h,
                   [h] { return std::make_shared<const Buffer<double>>(splittingFactors(h)); });
}

}  // namespace

double canonicalNorm(std::span<const double> coefficients) {
  const std::size_t n = coefficients.size();
  require(std::has_single_bit(n) && n >= 2, Code::kUsage,
          "a canonical norm needs a power of two of coefficients");
  const std::size_t h = n / 2;
  // The values at zeta^j, j = 1 mod 4, are the values of sum_k (m_k + i m_(k+h)) X^k at the roots
  // of X^h - i; those at j = 3 mod 4 are their conjugates.
  Buffer<double, true> words(n);
  double* re = words.data();
  double* im = re + h;
  double square_sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    words[k] = coefficients[k];
    square_sum += coefficients[k] * coefficients[k];
  }
  const auto factors = cachedFactors(h);
  for (std::size_t nodes = 1, length = h / 2; length > 0; nodes *= 2, length /= 2) {
    for (std::size_t node = 0; node < nodes; ++node) {
      const double c = (*factors)[2 * (nodes + node)], s = (*factors)[2 * (nodes + node) + 1];
      double *re0 = re + 2 * node * length, *re1 = re0 + length;
      double *im0 = im + 2 * node * length, *im1 = im0 + length;
      for (std::size_t k = 0; k < length; ++k) {
        const double x = c * re1[k] - s * im1[k], y = c * im1[k] + s * re1[k];
        re1[k] = re0[k] - x;
        im1[k] = im0[k] - y;
        re0[k] += x;
        im0[k] += y;
      }
    }
  }
  double largest = 0;
  for (std::size_t k = 0; k < h; ++k) {
    largest = std::max(largest, re[k] * re[k] + im[k] * im[k]);
  }
  // Each of log2 n layers errs by at most 8 units of 2^-53 relative to the vector's length, which
  // is sqrt(n / 2) |m|_2 at the end (Higham, Accuracy and Stability, section 24.1).
  const double rounding = 8 * std::ldexp(1.0, -53) * static_cast<double>(std::bit_width(n)) *
                          std::sqrt(static_cast<double>(h) * square_sum);
  return std::sqrt(largest) * (1 + std::ldexp(1.0, -50)) + rounding;
}

}  // namespace veilsum::rlwe
