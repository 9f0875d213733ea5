#ifndef VEILSUM_PAILLIER_PRODUCTS_H_
#define VEILSUM_PAILLIER_PRODUCTS_H_

#include <cstdint>
#include <vector>

#include "paillier/lanes.h"

namespace veilsum::paillier {

/// Products of public residues modulo an odd N^2, eight at a time, by Montgomery reduction. What a
/// reduction divides by R is put back at the end: once for a product of many.
class Products {
 public:
  explicit Products(const OddModulus& modulus);

  /// Whether there is a kernel for a modulus of that many bits.
  static bool available(std::size_t bits) { return lanesAvailable() && limbsFor(bits) != 0; }

  /// a[i] b[i] modulo N^2 for `count` <= 8 numbers.
  std::vector<Limbs> multiply(const LaneNumbers& a, const LaneNumbers& b, std::size_t count) const;

  /// The product of count >= 1 numbers; number(i) gives the i-th.
  Limbs all(std::size_t count, auto number) const {
    LaneWords running(words()), next(words()), scratch(scratchWords());
    const std::size_t steps = (count + kLanes - 1) / kLanes;
    for (std::size_t step = 0; step < steps; ++step) {
      LaneWords& target = step == 0 ? running : next;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t i = step * kLanes + lane;
        if (i < count) {
          scatter(number(i), lane, k_, target.data());
        } else {
          scatter(one_, lane, k_, target.data());
        }
      }
      if (step != 0) ifma::product(view(), running.data(), next.data(), running.data(), scratch.data());
    }
    return joined(running, steps - 1);
  }

 private:
  static std::size_t limbsFor(std::size_t bits);
  std::size_t words() const { return k_ * kLanes; }
  std::size_t scratchWords() const { return 2 * words(); }
  ifma::Moduli view() const {
    return {k_, constants_.data(), constants_.data() + words(), nullptr};
  }
  // The product of the lanes, each of which lacks R `reductions` times.
  Limbs joined(const LaneWords& lanes, std::size_t reductions) const;

  const OddModulus& modulus_;
  std::size_t k_;
  LaneWords constants_;  // N^2, -1/N^2
  LaneWords radixSquared_;
  Limbs radix_;
  Limbs one_;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_PRODUCTS_H_
