#ifndef VEILSUM_BFV_CIPHERTEXT_H_
#define VEILSUM_BFV_CIPHERTEXT_H_

#include "bfv/context.h"
#include "rlwe/ciphertext.h"

namespace veilsum::bfv {

/// A ciphertext of m in R_t at level l: parts c_i over Q = q_0..q_l with
///     sum c_i s^i = (Q / t) (m + t K) + w,   K integral,
/// so that it decrypts exactly while every coefficient of w is below Q / (2 t). BFV keeps its parts
/// in coefficient form; those of bgv/ are the same in Eval form.
/// `log2_noise` is log2 of the public bound on max_j |w(zeta^j)|, the canonical norm, which bounds
/// the coefficients (bfv/noise.h). Move-only.
template <class Form>
struct CiphertextIn {
  ContextPtr context;
  rlwe::Ciphertext<Form> body;
  double log2_noise;

  std::size_t level() const { return body.level(); }
  std::size_t degree() const { return body.degree(); }
  CiphertextIn copy() const { return {context, body.copy(), log2_noise}; }
};

using Ciphertext = CiphertextIn<ring::Coeff>;

/// Bits between the noise bound and the decryption limit: public, from parameters, operations and
/// ciphertexts alone. Zero or more for every ciphertext that this library made.
template <class Form>
double noiseBudgetBits(const CiphertextIn<Form>& c) {
  return c.context->log2NoiseLimit(c.level()) - c.log2_noise;
}

/// A ciphertext from elsewhere, its noise bound as stated by the caller (log2, for example
/// log2FreshPublicNoise). Code::kCorrupt where the shape or a residue is wrong or c_1 = 0
/// (transparent), Code::kNoiseBudget where the bound is above the decryption limit.
Ciphertext adopt(ContextPtr context, rlwe::Ciphertext<ring::Coeff>&& body, double log2_noise);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_CIPHERTEXT_H_
