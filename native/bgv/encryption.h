#ifndef VEILSUM_BGV_ENCRYPTION_H_
#define VEILSUM_BGV_ENCRYPTION_H_

#include "bgv/ciphertext.h"

namespace veilsum::bgv {

/// bfv::encrypt and bfv::decrypt, in Eval form: the same noise, the same errors.
Ciphertext encrypt(const bfv::Plaintext& plaintext, const rlwe::PublicKey& key, std::size_t level);
Ciphertext encrypt(const bfv::Plaintext& plaintext, const rlwe::SecretKey& secret,
                   std::size_t level);
bfv::Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret);

}  // namespace veilsum::bgv

#endif  // VEILSUM_BGV_ENCRYPTION_H_
