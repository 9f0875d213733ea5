#ifndef VEILSUM_GRADIENT_SUM_H_
#define VEILSUM_GRADIENT_SUM_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "gradient/codec.h"
#include "random/stream.h"
#include "rlwe/keys.h"

namespace veilsum::gradient {

// Sums of packed polynomials. An accumulator has a 64-bit word for each residue of a polynomial: n
// words for each prime. Words take residues times weights without a reduction, which is exact while
// the weights sum to at most 2^64 / 2^bits of the longest prime; it is then a sum of integers
// modulo 2^64, so that a weight of -w takes back what w added.

/// sum += sum over k of weights[k] * polynomials[k], packed polynomials of polynomialBytes() bytes.
void addPacked(const Codec& codec, std::span<const std::uint8_t* const> polynomials,
               std::span<const std::uint64_t> weights, std::span<std::uint64_t> sum);

/// A packed polynomial. Code::kCorrupt where its size is another, or a residue not below its prime.
template <class Form>
void unpackInto(const Codec& codec, std::span<const std::uint8_t> packed, ring::Poly<Form>& out);

/// The residues of an accumulator, packed.
void packSum(const Codec& codec, std::span<const std::uint64_t> sum, std::span<std::uint8_t> out);

/// sum over k of weights[k] * a_k, packed: a_k the random half of chunk `chunk` of the update with
/// seed k (Update).
void expandSeeds(const Codec& codec, std::span<const random::Seed> seeds,
                 std::span<const std::uint64_t> weights, std::uint64_t chunk,
                 std::span<std::uint8_t> out);

/// The exact sums of a chunk: chunkNumbers() words. `c0` is packed in coefficient form, `c1` in
/// evaluation form. Code::kWrongKey where a sum is above `most`, which no sum under this key is.
void decrypt(const Codec& codec, const rlwe::SecretKey& secret, std::span<const std::uint8_t> c0,
             std::span<const std::uint8_t> c1, std::uint64_t most, std::span<std::uint64_t> sums);

/// The means of real numbers that were clipped and quantized: sum / weight * 2 clip / (2^b - 1) -
/// clip; `scale` multiplies them (1: means; the weight: sums).
template <class Real>
void dequantize(std::span<const std::uint64_t> sums, std::uint64_t weight, double clip, int bits,
                double scale, std::span<Real> out);

}  // namespace veilsum::gradient

#endif  // VEILSUM_GRADIENT_SUM_H_
