#ifndef VEILSUM_SEAL_BACKEND_NOISE_H_
#define VEILSUM_SEAL_BACKEND_NOISE_H_

#include <cstddef>

#include "bfv/ciphertext.h"
#include "rlwe/context.h"

/// Where SEAL's algorithms add other noise than the core's: bounds as in rlwe/noise.h.
namespace veilsum::seal_backend {

/// What key switching adds. SEAL lifts a digit x in [0, q_d) as it is, not centred: beside the
/// centred part that the core's bound is about stands (q_d - 1) / 2 (1 + X + ... + X^(n-1)), of
/// canonical norm at most q_d / 2 / sin(pi / 2n); it meets the independent e_d / P.
double keySwitchNoise(const rlwe::Context& context, std::size_t level);

/// bfv::phaseNorm for SEAL's lifting (ePrint 2016/510, lemma 4): coefficients keep to
/// (1 + 2^-24) Q / 2, so that of those within that of a half the neighbour may be taken: of nine
/// in n = 2^17 the probability is below 2^-70.
double phaseNorm(const bfv::Ciphertext& c);

/// What a product's scaling by t / Q adds beyond the core's exact rounding. SEAL's base conversion
/// of [t x]_Q is off by a multiple of Q (ePrint 2016/510, section 4.4): coefficients err by
/// -(f_0 + ... + f_level), each f uniform in [0, 1), in every part of (r_0, r_1, r_2).
double productRoundingNoise(const bfv::Context& context, std::size_t level);

}  // namespace veilsum::seal_backend

#endif  // VEILSUM_SEAL_BACKEND_NOISE_H_
