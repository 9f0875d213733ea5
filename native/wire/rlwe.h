#ifndef VEILSUM_WIRE_RLWE_H_
#define VEILSUM_WIRE_RLWE_H_

#include "rlwe/ciphertext.h"
#include "rlwe/keys.h"
#include "wire/bytes.h"

namespace veilsum::wire {

/// Public keys: the 32-byte seed of a, then b packed.
std::size_t publicKeyBytes(const rlwe::Context& context);
void write(Writer& out, const rlwe::PublicKey& key);
rlwe::PublicKey readPublicKey(Reader& in, const rlwe::ContextPtr& context);

/// Key-switching keys: the 32-byte seed of every a_d, then b_0, b_1, ... packed.
std::size_t switchKeyBytes(const rlwe::Context& context);
void write(Writer& out, const rlwe::KeySwitchKey& key);
rlwe::KeySwitchKey readSwitchKey(Reader& in, const rlwe::ContextPtr& context);

/// The body of a ciphertext: its degree, whether it is seeded, and its level (4 bytes), then c_0
/// packed and either c_1's 32-byte seed or c_1, c_2, ... packed.
template <class Form>
std::size_t bodyBytes(const rlwe::Ciphertext<Form>& c);
template <class Form>
void write(Writer& out, const rlwe::Ciphertext<Form>& c);
/// Code::kCorrupt for degrees other than 1 and 2, levels that the context lacks, and residues that
/// are too large.
template <class Form>
rlwe::Ciphertext<Form> readBody(Reader& in, const rlwe::ContextPtr& context);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_RLWE_H_
