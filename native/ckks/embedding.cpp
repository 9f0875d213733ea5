#include "ckks/embedding.h"

#include <array>
#include <bit>
#include <cmath>
#include <mutex>
#include <numbers>

#include "base/error.h"
#include "kernel/fft.h"

namespace veilsum::ckks {

namespace {

std::size_t reverseBits(std::size_t x, int bits) {
  std::size_t result = 0;
  for (int i = 0; i < bits; ++i) result |= ((x >> i) & 1) << (bits - 1 - i);
  return result;
}

// e^(2 pi i numerator / denominator), denominator a multiple of 8, correctly rounded or nearly so:
// the angle is brought to [0, pi/4] in integers.
std::complex<double> rootOfUnity(std::size_t numerator, std::size_t denominator) {
  const std::size_t eighth = denominator / 8;
  const std::size_t octant = numerator / eighth % 8, rest = numerator % eighth;
  const std::size_t first = octant % 2 == 0 ? rest : eighth - rest;
  const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(first) /
                            static_cast<long double>(denominator);
  auto c = static_cast<double>(std::cos(angle)), s = static_cast<double>(std::sin(angle));
  // Octants 1, 2, 5, 6 swap cosine and sine; 2 to 5 have a negative cosine, 4 to 7 a negative sine.
  if ((octant + 1) / 2 % 2 == 1) std::swap(c, s);
  return {octant >= 2 && octant < 6 ? -c : c, octant >= 4 ? -s : s};
}

}  // namespace

std::shared_ptr<const Embedding> Embedding::get(std::size_t n) {
  require(std::has_single_bit(n) && n >= 4 && n <= 131072, Code::kUsage,
          "an embedding needs a degree that is a power of two from 4 to 131072");
  static std::mutex mutex;
  static std::array<std::shared_ptr<const Embedding>, 18> built;
  const std::lock_guard lock(mutex);
  auto& place = built[std::countr_zero(n)];
  if (!place) place.reset(new Embedding(n));
  return place;
}

Embedding::Embedding(std::size_t n) : factors_re_(n / 2), factors_im_(n / 2) {
  for (std::size_t nodes = 1; nodes < n / 2; nodes *= 2) {
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto c = rootOfUnity(1 + 4 * reverseBits(i, std::countr_zero(nodes)), 8 * nodes);
      factors_re_[nodes + i] = c.real();
      factors_im_[nodes + i] = c.imag();
    }
  }
  for (std::size_t slots = 2; slots <= n / 2; slots *= 2) {
    Leaves leaves;
    // The leaves hold the exponents 1 modulo 4; 3^i is one of them, or its negative is.
    for (std::size_t i = 0, exponent = 1; i < slots; ++i, exponent = exponent * 3 % (4 * slots)) {
      const bool direct = exponent % 4 == 1;
      const std::size_t leaf = ((direct ? exponent : 4 * slots - exponent) - 1) / 4;
      leaves.index.push_back(
          static_cast<std::uint32_t>(reverseBits(leaf, std::countr_zero(slots))));
      leaves.sign.push_back(direct ? 1.0 : -1.0);
    }
    leaves_.push_back(std::move(leaves));
  }
}

const Embedding::Leaves& Embedding::leavesOf(std::size_t slots) const {
  require(std::has_single_bit(slots) && slots >= 2 && slots <= factors_re_.size(), Code::kInternal,
          "embedding: the number of slots is a power of two from 2 to n/2");
  return leaves_[std::countr_zero(slots) - 1];
}

void Embedding::toCoefficients(std::span<const std::complex<double>> slots, double factor,
                               std::span<double> coefficients) const {
  const std::size_t size = slots.size();
  const Leaves& leaves = leavesOf(size);
  require(coefficients.size() == 2 * size, Code::kInternal, "embedding: two coefficients a slot");
  double *re = coefficients.data(), *im = re + size;
  for (std::size_t i = 0; i < size; ++i) {
    re[leaves.index[i]] = slots[i].real();
    im[leaves.index[i]] = slots[i].imag() * leaves.sign[i];
  }
  kernel::fft().inverse(factors_re_.data(), factors_im_.data(), size, re, im);
  const double whole = factor / static_cast<double>(size);
  for (double& coefficient : coefficients) coefficient *= whole;
}

void Embedding::toSlots(std::span<double> coefficients, double factor,
                        std::span<std::complex<double>> out) const {
  const std::size_t size = coefficients.size() / 2;
  const Leaves& leaves = leavesOf(size);
  require(out.size() <= size, Code::kInternal, "embedding: more slots than there are");
  double *re = coefficients.data(), *im = re + size;
  kernel::fft().forward(factors_re_.data(), factors_im_.data(), size, re, im);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint32_t at = leaves.index[i];
    out[i] = {re[at] * factor, im[at] * (factor * leaves.sign[i])};
  }
}

}  // namespace veilsum::ckks
