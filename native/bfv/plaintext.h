#ifndef VEILSUM_BFV_PLAINTEXT_H_
#define VEILSUM_BFV_PLAINTEXT_H_

#include <cstdint>

#include "base/buffer.h"
#include "bfv/context.h"

namespace veilsum::bfv {

/// An element of R_t: n coefficients in [0, t). Move-only, wiped when it goes.
struct Plaintext {
  ContextPtr context;
  Buffer<std::uint64_t, true> coefficients;

  Plaintext copy() const { return {context, coefficients.copy()}; }
};

/// A plaintext made ready to be multiplied with: its centred coefficients over q_0..q_level in Eval
/// form, and their canonical norm (rlwe/noise.h), by which a product's noise grows. Serves at its
/// level and all below it.
struct EvalPlaintext {
  ContextPtr context;
  ring::Poly<ring::Eval> poly;
  double norm;

  std::size_t level() const { return poly.size() - 1; }
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_PLAINTEXT_H_
