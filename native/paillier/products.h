#ifndef VEILSUM_PAILLIER_PRODUCTS_H_
#define VEILSUM_PAILLIER_PRODUCTS_H_

#include <cstdint>
#include <mutex>

#include "paillier/lanes.h"

namespace veilsum::paillier {

/// Products of ciphertexts modulo N^2, which are public, eight at a time by Montgomery reduction.
/// Numbers come and go big-endian, each in twice the bytes of N, one after the other; one that is
/// not in (0, N^2) is Code::kCorrupt. What a reduction divides by R is put back at the end: once
/// for a product of many. Products are checked as those of pairs are; a fault is Code::kInternal.
class Products {
 public:
  /// N of a length that has a kernel (2048, 3072, 4096 bits), and N^2.
  Products(const OddModulus& n, const OddModulus& n2);

  /// out[i] = a[i] b[i] modulo N^2 for `count` <= 8; the lanes where that is 1 modulo N.
  unsigned multiply(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
                    std::size_t count) const;
  /// The product of count >= 1 numbers.
  Limbs all(const std::uint8_t* numbers, std::size_t count) const;

 private:
  // The constants of one modulus in all lanes.
  struct Constants {
    Constants(const OddModulus& modulus, std::size_t limbs);
    ifma::Moduli view() const {
      return {k, words.data(), words.data() + k * kLanes, words.data() + (k + 1) * kLanes};
    }
    std::size_t k;
    LaneWords words;  // the modulus, -1/modulus, the checksum
  };

  std::size_t words() const { return square_.k * kLanes; }
  std::size_t bytes() const { return 2 * ((n_.bits() + 7) / 8); }
  void product(const LaneWords& a, const LaneWords& b, LaneWords& out, LaneWords& scratch) const;
  // `count` numbers into the first lanes, ones into the others.
  void read(const std::uint8_t* numbers, std::size_t count, LaneWords& out) const;
  // The product of the lanes, each of which lacks R `reductions` times.
  Limbs joined(LaneWords& lanes, std::size_t reductions) const;
  // R^exponent modulo N^2. The last one is kept: long sums come in parts of one length.
  Limbs radixPower(std::size_t exponent) const;

  const OddModulus& n_;
  const OddModulus& n2_;
  Constants modulus_, square_;
  LaneWords radixSquared_;    // R^2 modulo N^2
  LaneWords inverseOfRadix_;  // 1 / R' modulo N for N's own R'
  Limbs radix_;
  mutable std::mutex powerMutex_;
  mutable Limbs power_;
  mutable std::size_t powerOf_ = 0;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_PRODUCTS_H_
