#include "paillier/limbs.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/secrecy.h"
#include "random/stream.h"

namespace veilsum::paillier {
namespace {

static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "limbs of 64 bits");

mp_size_t length(const Limbs& a) { return static_cast<mp_size_t>(a.size()); }

Limbs scratch(mp_size_t limbs) {
  return Limbs(static_cast<std::size_t>(std::max<mp_size_t>(limbs, 1)));
}

mp_limb_t maskOf(mp_limb_t bit) { return ~bit + 1; }

// A word of big-endian bytes, to and fro.
mp_limb_t bigEndian(mp_limb_t word) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

}  // namespace

Limbs fromBytes(std::span<const std::uint8_t> bytes, std::size_t limbs) {
  Limbs result(limbs);
  const std::size_t whole = std::min(limbs, bytes.size() / 8);
  for (std::size_t i = 0; i < whole; ++i) {
    mp_limb_t word;
    std::memcpy(&word, bytes.data() + bytes.size() - 8 * (i + 1), sizeof word);
    result[i] = bigEndian(word);
  }
  std::uint8_t beyond = 0;
  for (std::size_t i = 8 * whole; i < bytes.size(); ++i) {
    const std::uint8_t byte = bytes[bytes.size() - 1 - i];
    if (i / 8 < limbs) {
      result[i / 8] |= static_cast<mp_limb_t>(byte) << (8 * (i % 8));
    } else {
      beyond |= byte;
    }
  }
  require(beyond == 0, Code::kOutOfRange, "a Paillier number is longer than its key allows");
  return result;
}

void toBytes(const Limbs& a, std::span<std::uint8_t> out) {
  const std::size_t whole = std::min(a.size(), out.size() / 8);
  for (std::size_t i = 0; i < whole; ++i) {
    const mp_limb_t word = bigEndian(a[i]);
    std::memcpy(out.data() + out.size() - 8 * (i + 1), &word, sizeof word);
  }
  for (std::size_t i = 8 * whole; i < out.size(); ++i) {
    const mp_limb_t limb = i / 8 < a.size() ? a[i / 8] : 0;
    out[out.size() - 1 - i] = static_cast<std::uint8_t>(limb >> (8 * (i % 8)));
  }
}

Limbs fromWord(std::uint64_t word, std::size_t limbs) {
  Limbs result(limbs);
  result[0] = word;
  return result;
}

Limbs resized(const Limbs& a, std::size_t limbs) {
  Limbs result(limbs);
  std::copy_n(a.begin(), std::min(limbs, a.size()), result.begin());
  return result;
}

mp_limb_t equalMask(const Limbs& a, const Limbs& b) {
  mp_limb_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
  const mp_limb_t isDifferent = (difference | maskOf(difference)) >> 63;
  return isDifferent - 1;
}

mp_limb_t lessMask(const Limbs& a, const Limbs& b) {
  Limbs difference(a.size());
  return maskOf(mpn_sub_n(difference.data(), a.data(), b.data(), length(a)));
}

bool isZero(const Limbs& a) {
  mp_limb_t any = 0;
  for (mp_limb_t limb : a) any |= limb;
  return any == 0;
}

Limbs select(mp_limb_t mask, const Limbs& a, const Limbs& b) {
  Limbs result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = b[i] ^ (mask & (a[i] ^ b[i]));
  return result;
}

Limbs product(const Limbs& a, const Limbs& b) {
  if (a.size() < b.size()) return product(b, a);
  Limbs result(a.size() + b.size());
  Limbs work = scratch(mpn_sec_mul_itch(length(a), length(b)));
  mpn_sec_mul(result.data(), a.data(), length(a), b.data(), length(b), work.data());
  return result;
}

Limbs remainder(const Limbs& a, const Limbs& m) {
  Limbs result = resized(a, std::max(a.size(), m.size()));
  Limbs work = scratch(mpn_sec_div_r_itch(length(result), length(m)));
  mpn_sec_div_r(result.data(), length(result), m.data(), length(m), work.data());
  return resized(result, m.size());
}

std::size_t bitLength(const Limbs& a) {
  std::size_t size = a.size();
  // A length is public, that of a secret number too.
  while (size > 0 && declassified(a[size - 1] == 0)) --size;
  if (size == 0) return 0;
  return declassified(mpn_sizeinbase(a.data(), static_cast<mp_size_t>(size), 2));
}

Limbs systemUniform(const Limbs& bound) {
  const std::size_t bits = bitLength(bound);
  Buffer<std::uint8_t, true> bytes((bits + 7) / 8);
  for (;;) {
    random::systemRandom(bytes);
    markSecret(bytes.data(), bytes.size());
    bytes[0] &= static_cast<std::uint8_t>(0xff >> (8 * bytes.size() - bits));
    Limbs candidate = fromBytes(bytes, bound.size());
    const mp_limb_t below = lessMask(candidate, bound);
    const bool taken = (below & 1 & static_cast<mp_limb_t>(!isZero(candidate))) != 0;
    // Public: what is passed over says nothing about what is taken.
    if (declassified(taken)) return candidate;
  }
}

OddModulus::OddModulus(const Limbs& value) : bits_(bitLength(value)) {
  value_ = resized(value, (bits_ + 63) / 64);
  require(bits_ > 1 && (value_[0] & 1) == 1, Code::kInternal, "a Paillier modulus must be odd");
}

Limbs OddModulus::reduce(const Limbs& a) const { return remainder(a, value_); }

Limbs OddModulus::multiply(const Limbs& a, const Limbs& b) const { return reduce(product(a, b)); }

Limbs OddModulus::add(const Limbs& a, const Limbs& b) const {
  Limbs sum(limbs()), lowered(limbs());
  const mp_limb_t carry = mpn_add_n(sum.data(), a.data(), b.data(), length(value_));
  const mp_limb_t borrow = mpn_sub_n(lowered.data(), sum.data(), value_.data(), length(value_));
  return select(maskOf(borrow & (carry ^ 1)), sum, lowered);
}

Limbs OddModulus::subtract(const Limbs& a, const Limbs& b) const {
  Limbs difference(limbs());
  const mp_limb_t borrow = mpn_sub_n(difference.data(), a.data(), b.data(), length(value_));
  mpn_cnd_add_n(borrow, difference.data(), difference.data(), value_.data(), length(value_));
  return difference;
}

Limbs OddModulus::power(const Limbs& base, const Limbs& exponent, std::size_t exponentBits) const {
  Limbs result(limbs());
  Limbs work = scratch(mpn_sec_powm_itch(length(value_), exponentBits, length(value_)));
  mpn_sec_powm(result.data(), base.data(), length(value_), exponent.data(), exponentBits,
               value_.data(), length(value_), work.data());
  return result;
}

Limbs OddModulus::inverse(const Limbs& a) const {
  Limbs input = resized(a, limbs());
  Limbs result(limbs());
  Limbs work = scratch(mpn_sec_invert_itch(length(value_)));
  const int exists = mpn_sec_invert(result.data(), input.data(), value_.data(), length(value_),
                                    2 * bits_, work.data());
  require(exists != 0, Code::kInternal, "a number has no inverse modulo a Paillier modulus");
  return result;
}

Limbs OddModulus::multiplyPublic(const Limbs& a, const Limbs& b) const {
  Limbs full(2 * limbs());
  mpn_mul_n(full.data(), a.data(), b.data(), length(value_));
  return reducePublic(full);
}

Limbs OddModulus::reducePublic(const Limbs& a) const {
  Limbs quotient(a.size() - limbs() + 1), remainder(limbs());
  mpn_tdiv_qr(quotient.data(), remainder.data(), 0, a.data(), length(a), value_.data(),
              length(value_));
  return remainder;
}

bool OddModulus::isUnitPublic(const Limbs& a) const {
  mpz_t divisor;
  mpz_init(divisor);
  mpz_gcd(divisor, PublicView(a), PublicView(value_));
  const bool isUnit = mpz_cmp_ui(divisor, 1) == 0;
  mpz_clear(divisor);
  return isUnit;
}

}  // namespace veilsum::paillier
