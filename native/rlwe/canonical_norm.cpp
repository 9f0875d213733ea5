#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>

#include "base/buffer.h"
#include "kernel/fft.h"
#include "ring/bounded_cache.h"
#include "rlwe/noise.h"

namespace veilsum::rlwe {

namespace {

std::shared_ptr<const kernel::FftFactors> cachedFactors(std::size_t h) {
  static ring::BoundedCache<std::size_t, kernel::FftFactors> cache(std::size_t{1} << 20);
  return cache.get(h, 3 * h, [h] { return std::make_shared<const kernel::FftFactors>(h); });
}

// Eight values side by side, so that no sum or maximum waits for the last one.
using Lanes = double __attribute__((vector_size(64)));
constexpr std::size_t kLanes = 8;

void load(const double* x, Lanes& lanes) { std::memcpy(&lanes, x, sizeof(Lanes)); }

// The largest re^2 + im^2; no branch on a value.
double largestSquare(const double* re, const double* im, std::size_t h) {
  Lanes most{}, x, y;
  std::size_t k = 0;
  for (; k + kLanes <= h; k += kLanes) {
    load(re + k, x);
    load(im + k, y);
    const Lanes square = x * x + y * y;
    most = square > most ? square : most;
  }
  double largest = 0;
  for (; k < h; ++k) largest = std::max(largest, re[k] * re[k] + im[k] * im[k]);
  for (std::size_t i = 0; i < kLanes; ++i) largest = std::max(largest, most[i]);
  return largest;
}

}  // namespace

double canonicalNorm(std::span<const double> coefficients) {
  const std::size_t n = coefficients.size();
  require(std::has_single_bit(n) && n >= 2, Code::kUsage,
          "a canonical norm needs a power of two of coefficients");
  const std::size_t h = n / 2;
  // The values at zeta^j, j = 1 mod 4, are the values of sum_k (m_k + i m_(k+h)) X^k at the roots
  // of X^h - i; those at j = 3 mod 4 are their conjugates.
  Buffer<double, true> words(n, unset);
  double* re = words.data();
  double* im = re + h;
  std::copy(coefficients.begin(), coefficients.end(), words.begin());
  const auto factors = cachedFactors(h);
  kernel::fft().forward(*factors, h, re, im);
  const double largest = largestSquare(re, im, h);
  // Each of log2 n layers errs by at most 8 units of 2^-53 relative to the vector's length (Higham,
  // Accuracy and Stability, section 24.1), which at the end is that of the h values.
  const double rounding = 8 * std::ldexp(1.0, -53) * static_cast<double>(std::bit_width(n)) *
                          std::sqrt(static_cast<double>(h) * largest);
  return std::sqrt(largest) * (1 + std::ldexp(1.0, -50)) + rounding;
}

}  // namespace veilsum::rlwe
