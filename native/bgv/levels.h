#ifndef VEILSUM_BGV_LEVELS_H_
#define VEILSUM_BGV_LEVELS_H_

#include <cstddef>
#include <cstdint>

#include "bgv/ciphertext.h"

namespace veilsum::bgv {

/// kappa_l = [-1 / Q_l] modulo t, centred: it takes the factor -Q_l out of a product's message at
/// once, so that ciphertexts carry no factor, and costs log2 |kappa_l| bits of noise. Chains for
/// BGV have small ones (Presets, on the Java side); with any other, up to log2(t / 2) bits go.
std::int64_t productFactor(const bfv::Context& context, std::size_t level);

// Where a product takes place is public: it follows from noise bounds alone.

/// The level, at most that of every operand, at which sum a_i b_i has the least noise relative to
/// Q: high enough that rounding does not outweigh the noise that is there, and no higher, because
/// noise that is multiplied grows by itself.
std::size_t productLevel(CiphertextRefs a, CiphertextRefs b);
/// log2 of the bound of sum a_i b_i at that level: |kappa| t sum |w_a| |w_b|, exact in the
/// canonical norm, which is multiplicative.
double log2ProductNoise(CiphertextRefs a, CiphertextRefs b, std::size_t level);

/// The level at which a ciphertext of degree 1 with this bound is best left, now at `level`: where
/// its square would have the least noise relative to Q, and where it can be decrypted.
std::size_t settledLevel(const bfv::Context& context, double log2_noise, std::size_t level);

}  // namespace veilsum::bgv

#endif  // VEILSUM_BGV_LEVELS_H_
