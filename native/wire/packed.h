#ifndef VEILSUM_WIRE_PACKED_H_
#define VEILSUM_WIRE_PACKED_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "arith/modulus.h"
#include "ring/poly.h"

namespace veilsum::wire {

/// Bytes of n residues modulo q at q's bits each: ceil(n bits / 8).
std::size_t packedBytes(std::size_t n, const arith::Modulus& q);
/// Bytes of an element of R_Q: the sum over its primes.
std::size_t packedBytes(const ring::Basis& basis);

/// Writes residues below q at q's bits each, lowest bit first, the last byte filled with zeros.
/// `out` has packedBytes(residues.size(), q) bytes.
void pack(std::span<const std::uint64_t> residues, const arith::Modulus& q,
          std::span<std::uint8_t> out);
/// Reads them back. Code::kCorrupt where a residue is not below q or the filling is not zero.
void unpack(std::span<const std::uint8_t> in, const arith::Modulus& q,
            std::span<std::uint64_t> residues);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_PACKED_H_
