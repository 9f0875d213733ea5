#ifndef VEILSUM_WIRE_PACKED_H_
#define VEILSUM_WIRE_PACKED_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "ring/poly.h"

namespace veilsum::wire {

// Residues packed to their modulus' bits. A row of n residues modulo q, b = bits of q, is one
// little-endian bit stream: bit k of residue i is bit (i b + k) mod 8 of byte (i b + k) / 8. The
// row takes ceil(n b / 8) bytes, its unused last bits are 0, and the next row starts on a byte of
// its own. A polynomial is its rows in the order of its basis.

/// Bytes of one row, and of a polynomial over a basis.
std::size_t packedRowSize(std::size_t n, const arith::Modulus& q);
std::size_t packedSize(const ring::Basis& basis);

/// Packs residues in [0, q) into packedRowSize bytes. Code::kUsage where the sizes do not match.
void packRow(std::span<const std::uint64_t> residues, const arith::Modulus& q,
             std::span<std::uint8_t> out);
/// The reverse. Code::kCorrupt where the size is wrong, a residue is not below q, or an unused bit
/// is set.
void unpackRow(std::span<const std::uint8_t> in, const arith::Modulus& q,
               std::span<std::uint64_t> out);

/// All rows of a polynomial: n |basis| words and packedSize(basis) bytes.
void pack(std::span<const std::uint64_t> words, const ring::Basis& basis,
          std::span<std::uint8_t> out);
void unpack(std::span<const std::uint8_t> in, const ring::Basis& basis,
            std::span<std::uint64_t> words);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_PACKED_H_
