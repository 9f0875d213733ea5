#ifndef VEILSUM_CKKS_DECODE_H_
#define VEILSUM_CKKS_DECODE_H_

#include <complex>
#include <cstddef>
#include <span>

#include "rlwe/context.h"

namespace veilsum::ckks {

/// How many residues determine a polynomial of this canonical norm: its coefficients lie within
/// +-norm, so the first k primes with norm < (q_0 .. q_(k-1)) / 2. Code::kNoiseBudget where the
/// chain has too few.
std::size_t residuesFor(const rlwe::Context& context, double norm);

/// The first out.size() <= n/2 slots of a polynomial with scale * slot + noise in its slots; gives
/// the bound on their error, the rounding of doubles included. Code::kUsage for more slots.
double decodePhase(const ring::Poly<ring::Coeff>& phase, double scale, double noise, double message,
                   std::span<std::complex<double>> out);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_DECODE_H_
