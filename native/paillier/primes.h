#ifndef VEILSUM_PAILLIER_PRIMES_H_
#define VEILSUM_PAILLIER_PRIMES_H_

#include "paillier/limbs.h"
#include "random/stream.h"

namespace veilsum::paillier {

/// Rounds of Miller-Rabin. A composite passes one with probability at most 1/4 over the base
/// (Rabin 1980), so all of them with at most 2^-128, however it was chosen.
inline constexpr int kMillerRabinRounds = 64;

/// Whether `candidate`, >= 7 and 3 modulo 4, is prime; the bases are drawn from `bases`.
/// Constant time in each round; a composite returns after the first round that it fails.
bool isProbablePrime(const Limbs& candidate, random::Stream& bases);

/// The first prime among the candidates of a stream: `bits` / 8 bytes, big-endian, with the two top
/// bits and the two low bits set. So the product of two has 2 * bits bits, and both are 3 modulo
/// 4, as the proof of a Paillier-Blum modulus wants (ePrint 2021/060, figure 16). Which prime it is
/// depends on `candidates` alone, not on `bases`.
Limbs nextPrime(std::size_t bits, random::Stream& candidates, random::Stream& bases);

/// The smallest prime factor below 2^20 of a public number, or 0.
std::uint32_t smallFactor(const Limbs& a);

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_PRIMES_H_
