#ifndef VEILSUM_BFV_DECRYPTOR_H_
#define VEILSUM_BFV_DECRYPTOR_H_

#include "bfv/ciphertext.h"
#include "bfv/plaintext.h"

namespace veilsum::bfv {

/// round(t / Q * phase) mod t, exact and in constant time. Code::kNoiseBudget where the bound is
/// above the decryption limit, Code::kParameterMismatch for a key of other parameters. Any degree.
Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret);

/// The same for a phase from elsewhere (rlwe::phase), at its level; wipes it.
Plaintext decryptPhase(const ContextPtr& context, ring::Poly<ring::Coeff>&& phase);

/// log2 of the canonical norm of the true noise w; -1 - log2(t) or less where there is none. For
/// the key's owner and for tests: it is an oracle on the key, never hand it out
/// (public: noiseBudgetBits).
double log2MeasuredNoise(const Ciphertext& c, const rlwe::SecretKey& secret);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_DECRYPTOR_H_
