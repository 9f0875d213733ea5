#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>
#include <memory>

#include "base/buffer.h"
#include "kernel/fft.h"
#include "ring/bounded_cache.h"
#include "rlwe/noise.h"

namespace veilsum::rlwe {

namespace {

std::shared_ptr<const kernel::FftTables> cachedTables(std::size_t h) {
  static ring::BoundedCache<std::size_t, kernel::FftTables> cache(std::size_t{1} << 20);
  return cache.get(h, 2 * h, [h] { return std::make_shared<const kernel::FftTables>(h); });
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
  std::copy(coefficients.begin(), coefficients.end(), words.begin());
  Buffer<std::complex<double>, true> values(h, unset);
  kernel::fft().toSlots(*cachedTables(h), words.data(), words.data() + h, 1, values.data());
  bool beyond = false;
  const double largest = kernel::fft().largestSquare(
      values.data(), h, std::numeric_limits<double>::infinity(), beyond);
  // Each of log2 n layers errs by at most 8 units of 2^-53 relative to the vector's length (Higham,
  // Accuracy and Stability, section 24.1), which at the end is that of the h values.
  const double rounding = 8 * std::ldexp(1.0, -53) * static_cast<double>(std::bit_width(n)) *
                          std::sqrt(static_cast<double>(h) * largest);
  return std::sqrt(largest) * (1 + std::ldexp(1.0, -50)) + rounding;
}

}  // namespace veilsum::rlwe
