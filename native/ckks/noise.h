#ifndef VEILSUM_CKKS_NOISE_H_
#define VEILSUM_CKKS_NOISE_H_

#include <cstddef>

#include "rlwe/context.h"

namespace veilsum::ckks {

/// Bounds in the canonical embedding, in units of the ring (ckks/ciphertext.h).

/// The relative rounding error of one double operation.
inline constexpr double kUnitRoundoff = 0x1p-53;

/// The rounding of `coefficients` coefficients to integers, each error taken for uniform in
/// [-1/2, 1/2] where there are many, and added up where there are few.
double coefficientRoundingNoise(std::size_t coefficients);

/// The rounding of doubles in a transform of `slots` slots of at most `norm` each, in either
/// direction, as seen in the slots. A layer of the transform adds an error of at most 1.5 u times
/// the vector in the mean square; the layers' errors are taken for independent and spread evenly
/// (the statistical model of Higham, "Accuracy and Stability of Numerical Algorithms", section
/// 2.8), and rlwe::kTail bounds their largest slot.
double transformNoise(std::size_t slots, double norm);

/// What dividing (c_0 .. c_degree) by dropped primes and rounding adds.
double rescaleNoise(const rlwe::Context& context, std::size_t degree);

/// log2(Q_level / 2).
double log2Limit(const rlwe::Context& context, std::size_t level);

/// Throws Code::kNoiseBudget, with the bits, where a phase of this norm would reach Q_level / 2.
void requireCapacity(const rlwe::Context& context, std::size_t level, double norm,
                     const char* operation);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_NOISE_H_
