#ifndef VEILSUM_BFV_NOISE_H_
#define VEILSUM_BFV_NOISE_H_

#include <cstddef>
#include <span>

#include "bfv/ciphertext.h"

namespace veilsum::bfv {

/// Bounds on w of bfv/ciphertext.h in the canonical norm |w(zeta^j)|, j odd. They hold for every
/// message and need no independence between ciphertexts (so a sum of k terms is bounded by k times,
/// not sqrt(k) times, one of them); over the randomness of key and encryption each fails with
/// probability below 2^-64 (rlwe/noise.h). Values are log2, because Q may be wider than a double's
/// range.

double log2FreshSecretNoise(const Context& context);
double log2FreshPublicNoise(const Context& context);

/// The rounding of (Q / t) m to integers, for any m: |rho| <= (t + 1) / (2 t) a coefficient, and
/// sum_i |cos(pi i j / n - x)| <= 1 / sin(pi / 2n). Adding a plaintext adds this much.
double plaintextRoundingNoise(const Context& context);

/// A bound on |(c_0 + c_1 s)(zeta^j)| / Q for the centred parts of a ciphertext of degree 1: what
/// it multiplies another's noise by, over t. |c_1(zeta^j)| is measured (it is public), |s(zeta^j)|
/// is at most rlwe::secretNorm, |c_0| that of any coefficients; so it holds for every ciphertext.
double phaseNorm(const Ciphertext& c);
/// The same from the coefficients of c_1 / Q, centred, each within 2^-36.
double phaseNorm(const Context& context, std::span<const double> c1_fractions);

/// What rounding every part of a ciphertext of some degree adds: r_0 + r_1 s + r_2 s^2 + ...
double roundingNoise(const Context& context, std::size_t degree);

/// The noise of a sum of tensor products, scaled by t / Q, before relinearization:
///     w = sum (A_a w_b + A_b w_a - (t / Q) w_a w_b) + r_0 + r_1 s + r_2 s^2,
/// A = (t / Q)(c_0 + c_1 s), |A| <= t phaseNorm. `log2_cross` is log2 of
/// sum (phaseNorm_a |w_b| + phaseNorm_b |w_a|), `log2_products` of sum |w_a| |w_b|.
double log2ProductNoise(const Context& context, std::size_t level, double log2_cross,
                        double log2_products);

/// What switching one factor of a product from Q to another modulus R adds to its noise, in terms
/// of Q: with b' = round(R b / Q), coefficient by coefficient,
///     b'_0 + b'_1 s = (R / t)(m + t K') + (R / Q) w + rho_0 + rho_1 s,
/// so that w is replaced by w + (Q / R)(rho_0 + rho_1 s) in the noise of the product of a over Q
/// and b' over R, scaled by t / R (its phaseNorm is b's: the rounding is below its margin). log2 of
/// the bound, from log2(Q / R).
double log2SwitchingNoise(const Context& context, double log2_shrink);

/// The bound of `c` switched down to `level` (unchanged at its own level).
template <class Form>
double log2NoiseAt(const CiphertextIn<Form>& c, std::size_t level);
/// The same of a bound alone, of a ciphertext of some degree at level `from`.
double log2NoiseAt(const Context& context, double log2_noise, std::size_t degree, std::size_t from,
                   std::size_t to);

/// log2(2^a + 2^b), without overflow.
double log2Sum(double a, double b);

/// Throws Code::kNoiseBudget, with the bits that are needed and those that are left, where a result
/// with the bound `log2_after` could not be decrypted at this level. `log2_before` is the largest
/// bound of the operands.
void requireBudget(const Context& context, std::size_t level, double log2_before, double log2_after,
                   const char* operation);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_NOISE_H_
