#ifndef VEILSUM_RANDOM_SAMPLERS_H_
#define VEILSUM_RANDOM_SAMPLERS_H_

#include <cstdint>
#include <span>

#include "arith/modulus.h"
#include "random/stream.h"

namespace veilsum::random {

/// Uniform residues modulo q, a public function of (seed, stream): 64-bit words of the stream,
/// little-endian, masked to q's bits, those >= q skipped. Used to expand seeds, so its definition
/// is part of the file format.
void expandUniform(const Seed& seed, std::uint64_t stream, const arith::Modulus& q,
                   std::span<std::uint64_t> out);

/// Uniform in {-1, 0, 1}, constant time: no branch or index depends on the values.
void sampleTernary(Stream& stream, std::span<std::int8_t> out);

/// Centred binomial, the difference of two sums of 21 bits: |e| <= 21, standard deviation
/// sqrt(10.5) = 3.24. Constant time.
void sampleNoise(Stream& stream, std::span<std::int8_t> out);

}  // namespace veilsum::random

#endif  // VEILSUM_RANDOM_SAMPLERS_H_
