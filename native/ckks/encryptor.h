#ifndef VEILSUM_CKKS_ENCRYPTOR_H_
#define VEILSUM_CKKS_ENCRYPTOR_H_

#include "ckks/ciphertext.h"

namespace veilsum::ckks {

/// Encrypts at the plaintext's level. Code::kParameterMismatch for a key of other parameters,
/// Code::kNoiseBudget where message and fresh noise would reach Q_level / 2.
Ciphertext encrypt(const Plaintext& plaintext, const rlwe::PublicKey& key);

/// The same with the secret key: less noise, and c_1 is a seed's expansion (half size on disk).
Ciphertext encrypt(const Plaintext& plaintext, const rlwe::SecretKey& secret);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_ENCRYPTOR_H_
