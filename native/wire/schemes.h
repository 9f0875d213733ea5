#ifndef VEILSUM_WIRE_SCHEMES_H_
#define VEILSUM_WIRE_SCHEMES_H_

#include "bfv/ciphertext.h"
#include "ckks/ciphertext.h"
#include "wire/rlwe.h"

namespace veilsum::wire {

/// CKKS: scale, noise bound and message bound (three doubles), then the body. Reading throws
/// Code::kCorrupt or Code::kNoiseBudget for what ckks::adopt refuses.
std::size_t ciphertextBytes(const ckks::Ciphertext& c);
void write(Writer& out, const ckks::Ciphertext& c);
ckks::Ciphertext readCkks(Reader& in, const rlwe::ContextPtr& context);

/// BFV: log2 of the noise bound (a double), then the body. Reading throws as bfv::adopt does.
std::size_t ciphertextBytes(const bfv::Ciphertext& c);
void write(Writer& out, const bfv::Ciphertext& c);
bfv::Ciphertext readBfv(Reader& in, const bfv::ContextPtr& context);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_SCHEMES_H_
