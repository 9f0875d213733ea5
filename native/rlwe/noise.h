#ifndef VEILSUM_RLWE_NOISE_H_
#define VEILSUM_RLWE_NOISE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "rlwe/context.h"

namespace veilsum::rlwe {

/// High-probability bounds on error polynomials, in the canonical embedding: |e(zeta^j)| over the
/// odd j, which bounds every coefficient too, and in which a product's norm is at most the product
/// of the norms (the model of Gentry, Halevi, Smart, ePrint 2012/099, appendix A, and Costache,
/// Laine, Player, ePrint 2019/493, with proven tails). Each bound fails with probability below
/// 2^-64 a ciphertext, for n up to 2^17, over the key, the ciphertext's randomness and (key
/// switching, rounding) ciphertexts that are uniform, as RLWE has them. All are plain doubles, not
/// logarithms.
///
/// A slot of a polynomial with n independent sub-Gaussian coefficients of variance v passes
/// kTail sqrt(n v) with probability at most e kTail^2 exp(-kTail^2) < 2^-84, any of 2^16 slots
/// (the others are conjugates) below 2^-68. Sums of products of two such have heavier tails, and
/// constants of their own: productTail in noise.cpp, with the derivation.
inline constexpr double kTail = 8.0;

double freshSecretNoise(const Context& context);  ///< e
double freshPublicNoise(const Context& context);  ///< e_0 + u e + e_1 s
/// A fresh encryption at `level`, under either key, made over one prime more (the next of the
/// chain, above it the special prime) and divided by it, as Microsoft SEAL's encryptor does. Where
/// there is no other prime, freshPublicNoise.
double freshSwitchedNoise(const Context& context, std::size_t level);
/// What keySwitch adds at a level, the rounding of its division by P included.
double keySwitchNoise(const Context& context, std::size_t level);
/// The same without that rounding: what innerProduct adds, over P. It is all that a product before
/// the division multiplies.
double keySwitchErrorNoise(const Context& context, std::size_t level);
/// What the rounding of a division of (c_0, c_1) by dropped chain primes adds: r_0 + r_1 s.
double roundingNoise(const Context& context);
/// A bound on |s(zeta^j)|: sqrt(2n / 3 (ln(n / 2) + 12)). Of uniform ternary secrets e^-12 exceed
/// it; SecretKey holds none of them, so that it is certain.
double secretNorm(const Context& context);

/// max_j |m(zeta^j)| of a polynomial with these coefficients: exact up to double rounding, which is
/// added on. n log n.
double canonicalNorm(std::span<const double> coefficients);

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_NOISE_H_
