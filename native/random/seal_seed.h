#ifndef VEILSUM_RANDOM_SEAL_SEED_H_
#define VEILSUM_RANDOM_SEAL_SEED_H_

#include <array>
#include <cstdint>
#include <span>

#include "arith/modulus.h"

namespace veilsum::random {

/// The seed of a uniform polynomial in an object of Microsoft SEAL: 64 bytes as eight little-endian
/// words, and the generator that expands it.
struct SealSeed {
  enum class Generator : std::uint8_t { kBlake2xb = 1, kShake256 = 2 };
  Generator generator;
  std::array<std::uint64_t, 8> words;
};

/// The generator of the number that stands in SEAL's objects; Code::kCorrupt where there is none.
SealSeed::Generator sealGenerator(int number);

/// The uniform polynomial of a seed exactly as SEAL 4.x expands it: row i (n words) holds residues
/// modulo moduli[i]. All words are drawn at once, taken modulo q row after row; a word at or above
/// the largest multiple of q that fits is replaced by the next of the stream, after the bulk.
/// `rows` has moduli.size() equal parts.
void expandSealUniform(const SealSeed& seed, std::span<const arith::Modulus> moduli,
                       std::span<std::uint64_t> rows);

}  // namespace veilsum::random

#endif  // VEILSUM_RANDOM_SEAL_SEED_H_
