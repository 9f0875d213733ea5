#include "paillier/primes.h"

#include <vector>

namespace veilsum::paillier {
namespace {

// Candidates are divided by the primes below this before Miller-Rabin: a filter for speed only.
constexpr std::uint32_t kSieveLimit = 1u << 12;
constexpr std::uint32_t kFactorLimit = 1u << 20;

std::vector<std::uint32_t> oddPrimesBelow(std::uint32_t limit) {
  std::vector<bool> composite(limit, false);
  std::vector<std::uint32_t> primes;
  for (std::uint32_t i = 3; i < limit; i += 2) {
    if (composite[i]) continue;
    primes.push_back(i);
    for (std::uint64_t j = std::uint64_t{i} * i; j < limit; j += 2 * i) composite[j] = true;
  }
  return primes;
}

std::uint32_t factorAmong(const Limbs& a, const std::vector<std::uint32_t>& primes) {
  for (std::uint32_t prime : primes) {
    if (mpn_mod_1(a.data(), static_cast<mp_size_t>(a.size()), prime) == 0) return prime;
  }
  return 0;
}

// Uniform in [2, m - 2].
Limbs uniformBase(const OddModulus& m, random::Stream& bases) {
  const Limbs two = fromWord(2, m.limbs());
  const Limbs minusOne = m.subtract(fromWord(0, m.limbs()), fromWord(1, m.limbs()));
  Buffer<std::uint8_t, true> bytes((m.bits() + 7) / 8);
  for (;;) {
    bases.fill(bytes);
    bytes[0] &= static_cast<std::uint8_t>(0xff >> (8 * bytes.size() - m.bits()));
    Limbs base = fromBytes(bytes, m.limbs());
    if ((lessMask(base, minusOne) & ~lessMask(base, two)) != 0) return base;
  }
}

}  // namespace

bool isProbablePrime(const Limbs& candidate, random::Stream& bases) {
  const OddModulus m(candidate);
  const Limbs one = fromWord(1, m.limbs());
  const Limbs minusOne = m.subtract(fromWord(0, m.limbs()), one);
  // m = 3 mod 4, so m - 1 = 2 d with d odd, and a round is a^d = +-1.
  Limbs d(m.limbs());
  mpn_rshift(d.data(), minusOne.data(), static_cast<mp_size_t>(m.limbs()), 1);
  for (int round = 0; round < kMillerRabinRounds; ++round) {
    const Limbs power = m.power(uniformBase(m, bases), d, m.bits() - 1);
    if ((equalMask(power, one) | equalMask(power, minusOne)) == 0) return false;
  }
  return true;
}

Limbs nextPrime(std::size_t bits, random::Stream& candidates, random::Stream& bases) {
  static const std::vector<std::uint32_t> sieve = oddPrimesBelow(kSieveLimit);
  Buffer<std::uint8_t, true> bytes(bits / 8);
  for (;;) {
    candidates.fill(bytes);
    bytes[0] |= 0xc0;
    bytes[bytes.size() - 1] |= 3;
    Limbs candidate = fromBytes(bytes, (bits + 63) / 64);
    if (factorAmong(candidate, sieve) == 0 && isProbablePrime(candidate, bases)) return candidate;
  }
}

std::uint32_t smallFactor(const Limbs& a) {
  if ((a[0] & 1) == 0) return 2;
  static const std::vector<std::uint32_t> primes = oddPrimesBelow(kFactorLimit);
  return factorAmong(a, primes);
}

}  // namespace veilsum::paillier
