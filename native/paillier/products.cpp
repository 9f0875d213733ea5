#include "paillier/products.h"

#include <algorithm>

namespace veilsum::paillier {

std::size_t Products::limbsFor(std::size_t bits) {
  for (std::size_t k : {80, 120, 160}) {
    // R >= 4 N^2
    if (bits + 2 <= ifma::kLimbBits * k && bits > ifma::kLimbBits * (k - 40)) return k;
  }
  return 0;
}

Products::Products(const OddModulus& modulus)
    : modulus_(modulus),
      k_(limbsFor(modulus.bits())),
      constants_((k_ + 1) * kLanes),
      radixSquared_(words()),
      one_(fromWord(1, modulus.limbs())) {
  if (k_ == 0) ifma::noKernel();
  Limbs power(ifma::kLimbBits * k_ / 64 + 1);
  power[ifma::kLimbBits * k_ / 64] = mp_limb_t{1} << (ifma::kLimbBits * k_ % 64);
  radix_ = modulus.reduce(power);
  const Limbs squared = modulus.multiplyPublic(radix_, radix_);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    scatter(modulus.value(), lane, k_, constants_.data());
    constants_[words() + lane] = ifma::negativeInverse(modulus.value()[0]);
    scatter(squared, lane, k_, radixSquared_.data());
  }
}

std::vector<Limbs> Products::multiply(const LaneNumbers& a, const LaneNumbers& b,
                                      std::size_t count) const {
  LaneWords x(words()), y(words()), scratch(scratchWords());
  for (std::size_t lane = 0; lane < count; ++lane) {
    scatter(*a[lane], lane, k_, x.data());
    scatter(*b[lane], lane, k_, y.data());
  }
  ifma::product(view(), x.data(), y.data(), x.data(), scratch.data());
  ifma::product(view(), x.data(), radixSquared_.data(), x.data(), scratch.data());
  ifma::lower(view(), x.data());
  std::vector<Limbs> result;
  for (std::size_t lane = 0; lane < count; ++lane) {
    result.push_back(gather(x.data(), lane, k_, modulus_.limbs()));
  }
  return result;
}

Limbs Products::joined(const LaneWords& lanes, std::size_t reductions) const {
  LaneWords lowered = lanes.copy();
  ifma::lower(view(), lowered.data());
  Limbs total = gather(lowered.data(), 0, k_, modulus_.limbs());
  for (std::size_t lane = 1; lane < kLanes; ++lane) {
    total = modulus_.multiplyPublic(total, gather(lowered.data(), lane, k_, modulus_.limbs()));
  }
  // R^(8 reductions), from the top bit down.
  std::size_t bit = std::size_t{1} << 62;
  const std::size_t exponent = kLanes * reductions;
  Limbs lacking = one_.copy();
  for (; bit != 0; bit >>= 1) {
    if (exponent < bit) continue;
    lacking = modulus_.multiplyPublic(lacking, lacking);
    if ((exponent & bit) != 0) lacking = modulus_.multiplyPublic(lacking, radix_);
  }
  return modulus_.multiplyPublic(total, lacking);
}

}  // namespace veilsum::paillier
