#ifndef VEILSUM_BFV_ENCRYPTOR_H_
#define VEILSUM_BFV_ENCRYPTOR_H_

#include "bfv/ciphertext.h"
#include "bfv/plaintext.h"

namespace veilsum::bfv {

/// Encrypts at `level` (at most the context's maxLevel()). Code::kParameterMismatch for a key of
/// other parameters, Code::kNoiseBudget where fresh noise alone would pass the decryption limit.
Ciphertext encrypt(const Plaintext& plaintext, const rlwe::PublicKey& key, std::size_t level);

/// The same with the secret key: less noise, and c_1 is a seed's expansion (half size on disk).
Ciphertext encrypt(const Plaintext& plaintext, const rlwe::SecretKey& secret, std::size_t level);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_ENCRYPTOR_H_
