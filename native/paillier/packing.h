#ifndef VEILSUM_PAILLIER_PACKING_H_
#define VEILSUM_PAILLIER_PACKING_H_

#include <cstdint>
#include <span>

#include "paillier/public_key.h"

namespace veilsum::paillier {

/// How many signed integers share one plaintext. A fresh value has `valueBits` bits, sign included:
/// -2^(valueBits-1) <= v < 2^(valueBits-1). A slot has room for `capacity` times that magnitude:
/// capacity is the sum of |weight| over the ciphertexts that will be added, 1 for each plain
/// addition. So every slot of a result of weight <= capacity is exact, and none touches another.
class Packing {
 public:
  static constexpr int kMaxSlotBits = 62;

  /// valueBits in [1, 61], capacity >= 1; Code::kOutOfRange where a slot would pass 62 bits.
  Packing(int valueBits, std::uint64_t capacity);

  int valueBits() const { return valueBits_; }
  std::uint64_t capacity() const { return capacity_; }
  /// valueBits + floor(log2 capacity) + 1.
  int slotBits() const { return slotBits_; }
  std::size_t slots(const PublicKey& key) const { return (key.bits() - 1) / slotBits_; }

  /// The sum of values[i] 2^(i slotBits), at most slots() values, absent ones zero.
  /// Code::kOutOfRange where a value needs more than valueBits. Constant time in the values.
  Plaintext pack(const PublicKey& key, std::span<const std::int64_t> values) const;
  /// The first values.size() slots; Code::kOutOfRange where the plaintext is no packed vector.
  void unpack(const PublicKey& key, const Plaintext& plaintext,
              std::span<std::int64_t> values) const;

  /// The weight of a sum and of a product; Code::kOutOfRange above the capacity.
  std::uint64_t sumWeight(std::uint64_t a, std::uint64_t b) const;
  std::uint64_t productWeight(std::uint64_t a, std::uint64_t magnitude) const;

 private:
  int valueBits_;
  std::uint64_t capacity_;
  int slotBits_;
};

/// A packed vector's ciphertext with its weight: every slot's magnitude is at most
/// weight * 2^(valueBits - 1). The weight is public and travels with the ciphertext.
struct PackedCiphertext {
  Ciphertext ciphertext;
  std::uint64_t weight = 1;
};

/// The operations on packed vectors; each is refused (Code::kOutOfRange) before it runs where a
/// slot could overflow. Slots are added one by one; a factor multiplies all slots.
PackedCiphertext add(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                     const PackedCiphertext& b);
PackedCiphertext subtract(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                          const PackedCiphertext& b);
PackedCiphertext addPlain(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                          std::span<const std::int64_t> values);
PackedCiphertext multiplyScalar(const PublicKey& key, const Packing& packing,
                                const PackedCiphertext& a, std::int64_t factor);

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_PACKING_H_
