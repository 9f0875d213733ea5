#include "paillier/products.h"

#include <bit>
#include <cstring>
#include <span>

#include "base/error.h"

namespace veilsum::paillier {
namespace {

using ifma::Word;
constexpr Word kLimbMask = (Word{1} << ifma::kLimbBits) - 1;

// 2^(52 k) modulo m.
Limbs radixOf(std::size_t k, const OddModulus& m) {
  Limbs power(ifma::kLimbBits * k / 64 + 1);
  power[ifma::kLimbBits * k / 64] = Word{1} << (ifma::kLimbBits * k % 64);
  return m.reduce(power);
}

Word swapped(Word word) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

// Two limbs are 13 bytes: a number of whole pairs of limbs is copied to where 8 bytes may be read
// from any byte of it.
constexpr std::size_t kLongest = 160 * 13 / 2 + 8;

void readLimbs(const std::uint8_t* number, std::size_t bytes, std::size_t k, Word* lane) {
  std::uint8_t padded[kLongest];
  std::uint8_t* end = padded + kLongest;
  const std::size_t unused = kLongest - bytes;
  std::memset(padded, 0, unused);
  std::memcpy(padded + unused, number, bytes);
  for (std::size_t i = 0; i < k; i += 2) {
    end -= 13;  // the pair's own bytes end where the last pair's began
    Word low, high;
    std::memcpy(&low, end + 5, sizeof low);
    std::memcpy(&high, end - 1, sizeof high);
    lane[i * kLanes] = swapped(low) & kLimbMask;
    lane[(i + 1) * kLanes] = swapped(high) >> 4 & kLimbMask;
  }
}

void writeLimbs(const Word* lane, std::size_t k, std::uint8_t* number, std::size_t bytes) {
  std::uint8_t padded[kLongest];
  std::uint8_t* end = padded + kLongest;
  for (std::size_t i = 0; i < k; i += 2) {
    const Word low = lane[i * kLanes], high = lane[(i + 1) * kLanes];
    const Word upper = swapped(high >> 12), lower = swapped(low | high << ifma::kLimbBits);
    end -= 13;
    std::memcpy(end - 3, &upper, sizeof upper);  // five bytes, and three that the next pair writes
    std::memcpy(end + 5, &lower, sizeof lower);
  }
  std::memcpy(number, padded + kLongest - bytes, bytes);
}

}  // namespace

Products::Constants::Constants(const OddModulus& modulus, std::size_t limbs)
    : k(limbs), words((limbs + 2) * kLanes) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    scatter(modulus.value(), lane, k, words.data());
    words[k * kLanes + lane] = ifma::negativeInverse(modulus.value()[0]);
  }
  ifma::checksum(k, words.data(), words.data() + (k + 1) * kLanes);
}

Products::Products(const OddModulus& n, const OddModulus& n2)
    : n_(n),
      n2_(n2),
      modulus_(n, ifma::limbsFor(n.bits())),
      square_(n2, 2 * modulus_.k),
      radixSquared_(words()),
      inverseOfRadix_(modulus_.k * kLanes),
      radix_(radixOf(square_.k, n2)) {
  const Limbs squared = n2.multiplyPublic(radix_, radix_);
  const Limbs inverse = n.inverse(radixOf(modulus_.k, n));
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    scatter(squared, lane, square_.k, radixSquared_.data());
    scatter(inverse, lane, modulus_.k, inverseOfRadix_.data());
  }
}

void Products::read(const std::uint8_t* numbers, std::size_t count, LaneWords& out) const {
  for (std::size_t lane = 0; lane < count; ++lane) {
    readLimbs(numbers + lane * bytes(), bytes(), square_.k, out.data() + lane);
  }
  for (std::size_t lane = count; lane < kLanes; ++lane) {
    for (std::size_t i = 0; i < square_.k; ++i) out[i * kLanes + lane] = i == 0 ? 1 : 0;
  }
  require(ifma::inRange(square_.view(), out.data()) == 0xff, Code::kCorrupt,
          "a Paillier ciphertext is not in (0, N^2)");
}

void Products::product(const LaneWords& a, const LaneWords& b, LaneWords& out,
                       LaneWords& scratch) const {
  require(ifma::product(square_.view(), a.data(), b.data(), out.data(), scratch.data()) == 0,
          Code::kInternal,
          "a computation fault was found in a Paillier product; nothing was returned");
}

unsigned Products::multiply(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
                            std::size_t count) const {
  const ifma::Moduli square = square_.view();
  LaneWords x(words(), unset), y(words(), unset), scratch(ifma::scratchWords(square_.k), unset);
  read(a, count, x);
  read(b, count, y);
  product(x, y, x, scratch);
  product(x, radixSquared_, x, scratch);
  ifma::lower(square, x.data());
  for (std::size_t lane = 0; lane < count; ++lane) {
    writeLimbs(x.data() + lane, square_.k, out + lane * bytes(), bytes());
  }
  Word* modulo = ifma::reduce(modulus_.view(), x.data(), scratch.data());
  ifma::lower(modulus_.view(), modulo);
  return ifma::equal(modulus_.k, modulo, inverseOfRadix_.data());
}

Limbs Products::all(const std::uint8_t* numbers, std::size_t count) const {
  LaneWords running(words(), unset), next(words(), unset),
      scratch(ifma::scratchWords(square_.k), unset);
  std::size_t steps = 0;
  for (std::size_t first = 0; first < count; first += kLanes, ++steps) {
    read(numbers + first * bytes(), std::min(kLanes, count - first), steps == 0 ? running : next);
    if (steps == 0) continue;
    product(running, next, running, scratch);
  }
  return joined(running, steps - 1);
}

Limbs Products::joined(LaneWords& lanes, std::size_t reductions) const {
  ifma::lower(square_.view(), lanes.data());
  Limbs total = gather(lanes.data(), 0, square_.k, n2_.limbs());
  for (std::size_t lane = 1; lane < kLanes; ++lane) {
    total = n2_.multiplyPublic(total, gather(lanes.data(), lane, square_.k, n2_.limbs()));
  }
  return n2_.multiplyPublic(total, radixPower(kLanes * reductions));
}

Limbs Products::radixPower(std::size_t exponent) const {
  const std::lock_guard lock(powerMutex_);
  if (power_.size() == 0 || exponent != powerOf_) {
    // From the exponent's top bit down.
    power_ = fromWord(1, n2_.limbs());
    for (std::size_t bit = std::bit_floor(exponent); bit != 0; bit >>= 1) {
      power_ = n2_.multiplyPublic(power_, power_);
      if ((exponent & bit) != 0) power_ = n2_.multiplyPublic(power_, radix_);
    }
    powerOf_ = exponent;
  }
  return power_.copy();
}

}  // namespace veilsum::paillier
