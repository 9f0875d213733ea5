#ifndef VEILSUM_BINDINGS_EXCHANGE_H_
#define VEILSUM_BINDINGS_EXCHANGE_H_

#include <optional>

#include "bindings/object.h"
#include "random/seal_seed.h"

namespace veilsum::bindings {

/// The seed of a generator number and its 64 bytes; none for number 0.
std::optional<random::SealSeed> sealSeed(int generator, const signed char* seed);

/// Keys as plain residues (wire/residues.h), for Java. `generator` 0: both polynomials are there;
/// otherwise the second is the expansion of the 64-byte seed.
namespace exchange_face {

/// The uniform polynomial of a seed: `primes` rows over the first primes of q_0..q_maxLevel, p.
void expandSeed(Handle context, int primes, int generator, const signed char* seed,
                std::int64_t out, std::int64_t bytes);

Handle readSecretKey(Handle context, std::int64_t in, std::int64_t bytes);
void writeSecretKey(Handle secret, std::int64_t out, std::int64_t bytes);
Handle readPublicKey(Handle context, std::int64_t in, std::int64_t bytes, int generator,
                     const signed char* seed);
/// A fresh public key over all primes; its first polynomial alone is written.
void writePublicKey(Handle secret, int generator, const signed char* seed, std::int64_t out,
                    std::int64_t bytes);

/// A switching key that is read digit by digit, and taken over once it has all of them.
Handle switchKey(Handle context);
void readDigit(Handle key, std::int64_t in, std::int64_t bytes, int generator,
               const signed char* seed);
void takeSwitchKey(Handle keys, std::int64_t element, Handle key);
void writeDigit(Handle keys, std::int64_t element, int digit, std::int64_t out, std::int64_t bytes);

}  // namespace exchange_face

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_EXCHANGE_H_
