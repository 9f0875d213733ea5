#include "ckks/embedding.h"

#include <array>
#include <bit>
#include <mutex>

#include "base/error.h"

namespace veilsum::ckks {

namespace {

std::size_t reverseBits(std::size_t x, int bits) {
  std::size_t result = 0;
  for (int i = 0; i < bits; ++i) result |= ((x >> i) & 1) << (bits - 1 - i);
  return result;
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

Embedding::Embedding(std::size_t n) : factors_(n / 2) {
  for (std::size_t slots = 2; slots <= n / 2; slots *= 2) {
    Leaves leaves{std::vector<std::uint32_t>(slots), {}};
    // The leaves hold the exponents 1 modulo 4; 3^i is one of them for even i, or its negative is.
    for (std::size_t i = 0, exponent = 1; i < slots; ++i, exponent = exponent * 3 % (4 * slots)) {
      const std::size_t leaf = ((i % 2 == 0 ? exponent : 4 * slots - exponent) - 1) / 4;
      leaves.slots[reverseBits(leaf, std::countr_zero(slots))] = static_cast<std::uint32_t>(i);
    }
    // 8 leaves are of the slots i + t slots / 8.
    for (std::size_t leaf = 0; leaf < slots; leaf += 8) {
      leaves.signs.push_back(leaves.slots[leaf] % 2 == 0 ? 1.0 : -1.0);
    }
    leaves_.push_back(std::move(leaves));
  }
}

kernel::FftLeaves Embedding::leavesOf(std::size_t slots) const {
  require(std::has_single_bit(slots) && slots >= 2 &&
              static_cast<std::size_t>(std::countr_zero(slots)) <= leaves_.size(),
          Code::kInternal, "embedding: the number of slots is a power of two from 2 to n/2");
  const Leaves& leaves = leaves_[std::countr_zero(slots) - 1];
  return {leaves.slots.data(), leaves.signs.data()};
}

void Embedding::toCoefficients(std::span<const std::complex<double>> slots,
                               std::span<double> coefficients) const {
  const std::size_t size = slots.size();
  const kernel::FftLeaves leaves = leavesOf(size);
  require(coefficients.size() == 2 * size, Code::kInternal, "embedding: two coefficients a slot");
  kernel::fft().fromSlots(factors_, leaves, size, slots.data(), coefficients.data(),
                          coefficients.data() + size);
}

void Embedding::toSlots(std::span<double> coefficients, double factor,
                        std::span<std::complex<double>> out) const {
  const std::size_t size = coefficients.size() / 2;
  const kernel::FftLeaves leaves = leavesOf(size);
  require(out.size() == size, Code::kInternal, "embedding: a slot of two coefficients");
  kernel::fft().toSlots(factors_, leaves, size, coefficients.data(), coefficients.data() + size,
                        factor, out.data());
}

}  // namespace veilsum::ckks
