#ifndef VEILSUM_CKKS_ROUNDING_H_
#define VEILSUM_CKKS_ROUNDING_H_

#include <cstddef>
#include <span>

#include "base/buffer.h"
#include "ckks/embedding.h"
#include "ring/poly.h"

namespace veilsum::ckks {

/// Doubles on their way into a polynomial: multiplied by a factor, rounded to integers, half away
/// from zero, and transformed. Exact for all products below 2^bits; `bits` is public, and the only
/// thing that the work depends on.
class Rounding {
 public:
  /// `count` doubles, a power of two that divides n: number k becomes coefficient k n / count.
  Rounding(const ring::BasisPtr& basis, std::size_t count, int bits);
  /// Wipes what finish() did not hand out.
  ~Rounding() { wipe(poly_.words().data(), poly_.words().size_bytes()); }
  Rounding(const Rounding&) = delete;
  Rounding& operator=(const Rounding&) = delete;

  /// Where the doubles are to be written, count / 2 in each half.
  const Halves& halves() { return halves_; }
  ring::Poly<ring::Eval> finish(double factor) &&;

 private:
  void inLimbs(double factor);

  ring::Poly<ring::Eval> poly_;
  std::size_t count_;
  int bits_;
  Halves halves_;
  std::size_t home_ = 0;        // the residue that is the space of the doubles,
  Buffer<double, true> space_;  // unless they have their own
};

/// The residue modulo q of one rounded double below 2^bits.
std::uint64_t roundToResidue(double x, int bits, const arith::Modulus& q);

/// The smallest `bits` that Rounding may be given for doubles of at most `magnitude`.
int bitsOf(double magnitude);

/// The centred coefficients times 2^-shift, as doubles with a relative error of at most 2^-51.
/// Constant time in the residues.
void toCentredDoubles(const ring::Poly<ring::Coeff>& x, int shift, const Halves& out);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_ROUNDING_H_
