#include "ckks/embedding.h"

#include <array>
#include <bit>
#include <mutex>

#include "base/error.h"

namespace veilsum::ckks {

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

Embedding::Embedding(std::size_t n) {
  for (std::size_t slots = 2; slots <= n / 2; slots *= 2) tables_.emplace_back(slots);
}

const kernel::FftTables& Embedding::tablesOf(std::size_t slots) const {
  require(std::has_single_bit(slots) && slots >= 2 &&
              static_cast<std::size_t>(std::countr_zero(slots)) <= tables_.size(),
          Code::kInternal, "embedding: the number of slots is a power of two from 2 to n/2");
  return tables_[std::countr_zero(slots) - 1];
}

void Embedding::toCoefficients(std::span<const std::complex<double>> slots,
                               const Halves& coefficients) const {
  kernel::fft().fromSlots(tablesOf(slots.size()), slots.data(), coefficients.lower,
                          coefficients.upper);
}

void Embedding::toSlots(const Halves& coefficients, double factor,
                        std::span<std::complex<double>> out) const {
  kernel::fft().toSlots(tablesOf(out.size()), coefficients.lower, coefficients.upper, factor,
                        out.data());
}

}  // namespace veilsum::ckks
