#ifndef VEILSUM_CKKS_ROUNDING_H_
#define VEILSUM_CKKS_ROUNDING_H_

#include <cstddef>
#include <span>

#include "ring/poly.h"

namespace veilsum::ckks {

/// Rounds doubles to integers, half away from zero, and writes their residues: x[k] becomes
/// coefficient k * stride of `out`. Exact for all |x[k]| < 2^bits; `bits` is public, and the only
/// thing that the work depends on.
void roundToResidues(std::span<const double> x, int bits, std::size_t stride,
                     ring::Poly<ring::Coeff>& out);

/// The residue modulo q of one rounded double below 2^bits.
std::uint64_t roundToResidue(double x, int bits, const arith::Modulus& q);

/// The smallest `bits` that roundToResidues may be given for doubles of at most `magnitude`.
int bitsOf(double magnitude);

/// The centred coefficients times 2^-shift, as doubles with a relative error of at most 2^-51.
/// Constant time in the residues.
void toCentredDoubles(const ring::Poly<ring::Coeff>& x, int shift, std::span<double> out);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_ROUNDING_H_
