#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
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
  std::array<double, 2> squares{};  // of the even and of the odd
  for (std::size_t k = 0; k < n; ++k) {
    words[k] = coefficients[k];
    squares[k % 2] += coefficients[k] * coefficients[k];
  }
  const double square_sum = squares[0] + squares[1];
  const auto factors = cachedFactors(h);
  kernel::fft().forward(*factors, h, re, im);
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
