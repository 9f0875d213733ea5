#include "paillier/packing.h"

#include <bit>
#include <string>

#include "base/error.h"

namespace veilsum::paillier {
namespace {

// The 64 bits of `a` from bit `position` on.
std::uint64_t bitsAt(const Limbs& a, std::size_t position) {
  const std::size_t limb = position / 64, shift = position % 64;
  const std::uint64_t low = limb < a.size() ? a[limb] >> shift : 0;
  const std::uint64_t high = shift != 0 && limb + 1 < a.size() ? a[limb + 1] << (64 - shift) : 0;
  return low | high;
}

void orBitsAt(Limbs& a, std::size_t position, std::uint64_t word) {
  const std::size_t limb = position / 64, shift = position % 64;
  if (limb < a.size()) a[limb] |= word << shift;
  if (shift != 0 && limb + 1 < a.size()) a[limb + 1] |= word >> (64 - shift);
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
}

}  // namespace

Packing::Packing(int valueBits, std::uint64_t capacity)
    : valueBits_(valueBits),
      capacity_(capacity),
      slotBits_(valueBits + static_cast<int>(std::bit_width(capacity))) {
  if (valueBits < 1 || capacity < 1 || slotBits_ > kMaxSlotBits) {
    throw Error(Code::kOutOfRange, "packed Paillier slots of " + std::to_string(valueBits) +
                                       " value bits and capacity " + std::to_string(capacity) +
                                       "; a slot has at least 2 bits and at most 62");
  }
}

Plaintext Packing::pack(const PublicKey& key, std::span<const std::int64_t> values) const {
  if (values.size() > slots(key)) {
    throw Error(Code::kOutOfRange, std::to_string(values.size()) +
                                       " values in a Paillier plaintext of " +
                                       std::to_string(slots(key)) + " slots");
  }
  Limbs integer(key.modulus().limbs());
  // Digits in two's complement, base 2^slotBits; a negative value borrows 1 from the next digit.
  const std::uint64_t digitMask = (std::uint64_t{1} << slotBits_) - 1;
  std::int64_t carry = 0;
  std::uint64_t outside = 0;
  std::size_t position = 0;
  for (std::int64_t value : values) {
    outside |= static_cast<std::uint64_t>((value >> (valueBits_ - 1)) ^ (value >> 63));
    const auto digit = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) +
                                                 static_cast<std::uint64_t>(carry));
    orBitsAt(integer, position, static_cast<std::uint64_t>(digit) & digitMask);
    carry = digit >> slotBits_;
    position += static_cast<std::size_t>(slotBits_);
  }
  if (outside != 0) {
    throw Error(Code::kOutOfRange,
                "a packed value needs more than " + std::to_string(valueBits_) + " bits");
  }
  for (; position < 64 * integer.size(); position += 32) {
    orBitsAt(integer, position, static_cast<std::uint64_t>(carry) & 0xffffffffu);
  }
  Buffer<std::uint8_t, true> bytes(key.modulusBytes());
  toBytes(integer, bytes);
  return key.encode(bytes);
}

void Packing::unpack(const PublicKey& key, const Plaintext& plaintext,
                     std::span<std::int64_t> values) const {
  require(values.size() <= slots(key), Code::kOutOfRange,
          "more values asked of a Paillier plaintext than it has slots");
  Buffer<std::uint8_t, true> bytes(key.modulusBytes());
  key.decode(plaintext, bytes);
  const Limbs integer = fromBytes(bytes, key.modulus().limbs());
  const std::uint64_t digitMask = (std::uint64_t{1} << slotBits_) - 1;
  const std::uint64_t halfSlot = std::uint64_t{1} << (slotBits_ - 1);
  const std::size_t count = slots(key);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t digit =
        (bitsAt(integer, i * static_cast<std::size_t>(slotBits_)) & digitMask) + carry;
    carry = (digit + halfSlot) >> slotBits_;
    if (i < values.size()) values[i] = static_cast<std::int64_t>(digit - (carry << slotBits_));
  }
  // Above the last slot there is the sign alone.
  std::uint64_t beyond = 0;
  const std::uint64_t sign = ~carry + 1;
  for (std::size_t bit = count * static_cast<std::size_t>(slotBits_); bit < key.bits(); ++bit) {
    beyond |= (bitsAt(integer, bit) ^ sign) & 1;
  }
  require(beyond == 0, Code::kOutOfRange,
          "a decrypted Paillier plaintext is no packed vector of this layout, or it overflowed");
}

std::uint64_t Packing::sumWeight(std::uint64_t a, std::uint64_t b) const {
  if (a > capacity_ || b > capacity_ - a) {
    throw Error(Code::kOutOfRange, "a sum of packed Paillier vectors of weights " +
                                       std::to_string(a) + " and " + std::to_string(b) +
                                       " passes the capacity " + std::to_string(capacity_) +
                                       "; encrypt with a larger capacity");
  }
  return a + b;
}

std::uint64_t Packing::productWeight(std::uint64_t a, std::uint64_t magnitude) const {
  if (a > capacity_ || (a != 0 && magnitude > capacity_ / a)) {
    throw Error(Code::kOutOfRange, "a packed Paillier vector of weight " + std::to_string(a) +
                                       " times " + std::to_string(magnitude) +
                                       " passes the capacity " + std::to_string(capacity_) +
                                       "; encrypt with a larger capacity");
  }
  return a * magnitude;
}

PackedCiphertext add(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                     const PackedCiphertext& b) {
  const std::uint64_t weight = packing.sumWeight(a.weight, b.weight);
  return {key.add(a.ciphertext, b.ciphertext), weight};
}

PackedCiphertext subtract(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                          const PackedCiphertext& b) {
  const std::uint64_t weight = packing.sumWeight(a.weight, b.weight);
  return {key.subtract(a.ciphertext, b.ciphertext), weight};
}

PackedCiphertext addPlain(const PublicKey& key, const Packing& packing, const PackedCiphertext& a,
                          std::span<const std::int64_t> values) {
  const std::uint64_t weight = packing.sumWeight(a.weight, 1);
  return {key.addPlain(a.ciphertext, packing.pack(key, values)), weight};
}

PackedCiphertext multiplyScalar(const PublicKey& key, const Packing& packing,
                                const PackedCiphertext& a, std::int64_t factor) {
  const std::uint64_t weight = packing.productWeight(a.weight, magnitude(factor));
  Buffer<std::uint8_t, true> bytes(key.modulusBytes());
  key.decode(key.encode(factor), bytes);
  return {key.multiplyScalar(a.ciphertext, key.scalar(bytes)), weight};
}

}  // namespace veilsum::paillier
