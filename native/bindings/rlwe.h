#ifndef VEILSUM_BINDINGS_RLWE_H_
#define VEILSUM_BINDINGS_RLWE_H_

#include "bindings/object.h"

/// Contexts and keys, which CKKS and BFV share. Elements name switching keys: 0 is the
/// relinearization key, anything else the Galois element of a rotation or conjugation.
namespace veilsum::bindings::rlwe_face {

/// rlwe::Context::create.
Handle context(std::int64_t n, const std::int64_t* q, int q_count, const std::int64_t* p,
               int p_count, int digit_primes);
/// The Galois element of a rotation to the left, and of the conjugation.
std::int64_t galoisElement(std::int64_t n, std::int64_t steps);
std::int64_t galoisElementOfConjugation(std::int64_t n);

/// The secret of a 32-byte seed.
Handle secretKey(Handle context, const signed char* seed);
Handle publicKey(Handle secret);
std::int64_t publicKeyBytes(Handle context);
void packPublicKey(Handle key, std::int64_t out, std::int64_t bytes);
Handle loadPublicKey(Handle context, std::int64_t in, std::int64_t bytes);

/// No keys yet. Keys are added before the object is handed to anyone else.
Handle evaluationKeys(Handle context);
void generateSwitchKey(Handle keys, Handle secret, std::int64_t element);
std::int64_t switchKeyBytes(Handle context);
void packSwitchKey(Handle keys, std::int64_t element, std::int64_t out, std::int64_t bytes);
void loadSwitchKey(Handle keys, std::int64_t element, std::int64_t in, std::int64_t bytes);

}  // namespace veilsum::bindings::rlwe_face

#endif  // VEILSUM_BINDINGS_RLWE_H_
