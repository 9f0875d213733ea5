#ifndef VEILSUM_RLWE_NOISE_H_
#define VEILSUM_RLWE_NOISE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "rlwe/context.h"

namespace veilsum::rlwe {

/// High-probability bounds on error polynomials, in the canonical embedding: |e(zeta^j)| over the
/// odd j, which bounds every coefficient too, and in which a product's norm is at most the product
/// of the norms. Each fresh bound fails with probability below 2^-64 a ciphertext (a slot of a sum
/// of n independent terms of variance v is close to a complex Gaussian of variance n v; a tail of
/// kTail standard deviations is exceeded by one of 2^17 slots with probability
/// 2^17 exp(-kTail^2)). All are plain doubles, not logarithms.
inline constexpr double kTail = 7.6;

double freshSecretNoise(const Context& context);  ///< e
double freshPublicNoise(const Context& context);  ///< e_0 + u e + e_1 s
/// What keySwitch adds at a level, the rounding of its division by P included.
double keySwitchNoise(const Context& context, std::size_t level);
/// What the rounding of a division of (c_0, c_1) by dropped chain primes adds: r_0 + r_1 s.
double roundingNoise(const Context& context);
/// A bound on |s(zeta^j)|.
double secretNorm(const Context& context);

/// max_j |m(zeta^j)| of a polynomial with these coefficients: exact up to double rounding, which is
/// added on. n log n.
double canonicalNorm(std::span<const double> coefficients);

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_NOISE_H_
