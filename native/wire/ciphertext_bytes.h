#ifndef VEILSUM_WIRE_CIPHERTEXT_BYTES_H_
#define VEILSUM_WIRE_CIPHERTEXT_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "bfv/ciphertext.h"
#include "ckks/ciphertext.h"
#include "rlwe/keys.h"

namespace veilsum::wire {

// One object in bytes, little-endian:
//
//   offset  type   field
//   0       u8     kind: 1 CKKS ciphertext, 2 BFV ciphertext, 3 public key, 4 key-switching key
//   1       u8     flags: bit 0 seeded (part 1 is the expansion of a seed); others 0
//   2       u16    level (keys: the highest)
//   4       u16    parts: polynomials c_i of a ciphertext (2 or 3), 1 b of a public key, digits of
//                  a key-switching key
//   6       u16    0
//   8       f64... CKKS: scale, noise, message; BFV: log2 of the noise bound; keys: none
//           u8[32] the seed, where seeded (keys always are)
//           packed rows (wire/packed.h): c_0, c_1 unless seeded, c_2; or the b's of a key
//
// The context is not part of it: the reader has it, and checks everything against it. Parameters
// are named by the container's fingerprint. Secret keys have no such form.

/// Bytes of an object that is not made yet: the sizes below follow from these.
enum class Scheme { kCkks, kBfv };
std::size_t ciphertextSize(const rlwe::Context& context, Scheme scheme, std::size_t level,
                           std::size_t parts, bool seeded);
std::size_t publicKeySize(const rlwe::Context& context);
std::size_t keySwitchKeySize(const rlwe::Context& context);

/// The bytes that write() fills.
std::size_t packedSize(const ckks::Ciphertext& c);
std::size_t packedSize(const bfv::Ciphertext& c);
std::size_t packedSize(const rlwe::PublicKey& key);
std::size_t packedSize(const rlwe::KeySwitchKey& key);

/// Fills exactly packedSize bytes. Code::kUsage where `out` has another size or a ciphertext is
/// transparent (c_1 = 0: readers refuse it), Code::kUnsupported where a key is not its seed's
/// expansion (one that came from elsewhere).
void write(const ckks::Ciphertext& c, std::span<std::uint8_t> out);
void write(const bfv::Ciphertext& c, std::span<std::uint8_t> out);
void write(const rlwe::PublicKey& key, std::span<std::uint8_t> out);
void write(const rlwe::KeySwitchKey& key, std::span<std::uint8_t> out);

/// Reads an object that takes all of `in`. Code::kCorrupt for anything that write() does not make:
/// a size that is not the predicted one (checked before anything is allocated), a residue that is
/// not below its modulus, unknown flags, a number that is NaN, infinite or out of its range, c_1 =
/// 0; Code::kNoiseBudget for a bound above the decryption limit.
ckks::Ciphertext readCkksCiphertext(const rlwe::ContextPtr& context,
                                    std::span<const std::uint8_t> in);
bfv::Ciphertext readBfvCiphertext(const bfv::ContextPtr& context, std::span<const std::uint8_t> in);
rlwe::PublicKey readPublicKey(const rlwe::ContextPtr& context, std::span<const std::uint8_t> in);
rlwe::KeySwitchKey readKeySwitchKey(const rlwe::ContextPtr& context,
                                    std::span<const std::uint8_t> in);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_CIPHERTEXT_BYTES_H_
