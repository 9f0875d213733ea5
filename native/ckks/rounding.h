#ifndef VEILSUM_CKKS_ROUNDING_H_
#define VEILSUM_CKKS_ROUNDING_H_

#include <cstddef>
#include <span>

#include "ring/poly.h"

namespace veilsum::ckks {

/// Multiplies doubles by a factor and rounds them to integers, half away from zero: x[k] becomes
/// coefficient k n / x.size() of the polynomial that is transformed. Exact for all products below
/// 2^bits; `bits` is public, and the only thing that the work depends on. x is used up.
ring::Poly<ring::Eval> roundToEval(std::span<double> x, double factor, int bits,
                                   const ring::BasisPtr& basis);

/// The residue modulo q of one rounded double below 2^bits.
std::uint64_t roundToResidue(double x, int bits, const arith::Modulus& q);

/// The smallest `bits` that roundToEval may be given for doubles of at most `magnitude`.
int bitsOf(double magnitude);

/// The centred coefficients times 2^-shift, as doubles with a relative error of at most 2^-51.
/// Constant time in the residues.
void toCentredDoubles(const ring::Poly<ring::Coeff>& x, int shift, std::span<double> out);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_ROUNDING_H_
