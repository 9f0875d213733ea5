#ifndef VEILSUM_BINDINGS_GRADIENT_H_
#define VEILSUM_BINDINGS_GRADIENT_H_

#include "bindings/object.h"

/// Gradients: gradient/ over addresses. Packed polynomials and numbers are given by address.
namespace veilsum::bindings::gradient_face {

/// gradient::Codec::create over an rlwe context without special primes.
Handle codec(Handle context, int bits, int digit_bits, int per_coefficient);
/// gradient::Update: fresh seeds for the chunks of one update.
Handle update(Handle codec);
/// Its public seed, 32 bytes.
void updateSeed(Handle update, std::int64_t out);
/// Encrypts `count` numbers at an address as one chunk: float (kind 0), double (1) or 64-bit
/// integers (2).
void encrypt(Handle update, Handle secret, std::int64_t chunk, int kind, std::int64_t numbers,
             std::int64_t count, double clip, std::int64_t first, std::int64_t out,
             std::int64_t bytes);

/// The public key of 32 bytes of seed and the packed polynomial b, in evaluation form.
Handle publicKey(Handle codec, std::int64_t seed, std::int64_t b, std::int64_t bytes);
/// gradient::encryptPair; numbers as for encrypt.
void encryptPair(Handle codec, Handle key, int kind, std::int64_t numbers, std::int64_t count,
                 double clip, std::int64_t first, std::int64_t out, std::int64_t bytes);

/// Adds `count` chunks to an accumulator of one word for each residue. Each chunk has
/// `polynomials` packed polynomials, one after the other, and so many parts the accumulator has.
void add(Handle codec, const std::int64_t* chunks, const std::int64_t* weights, int count,
         int polynomials, std::int64_t sum);
/// The residues of an accumulator, packed.
void pack(Handle codec, int polynomials, std::int64_t sum, std::int64_t out, std::int64_t bytes);
/// The weighted sum of the random halves of `count` seeds of 32 bytes, for one chunk.
void expand(Handle codec, std::int64_t seeds, const std::int64_t* weights, int count,
            std::int64_t chunk, std::int64_t out, std::int64_t bytes);

/// Exact sums, one 64-bit word a number, of the packed polynomials c0 and c1.
void decrypt(Handle codec, Handle secret, std::int64_t c0, std::int64_t c1, std::int64_t bytes,
             std::int64_t most, std::int64_t sums, std::int64_t count);
/// Means times `scale` of real numbers, as float or double.
void dequantizeFloats(std::int64_t sums, std::int64_t count, std::int64_t weight, double clip,
                      int bits, double scale, std::int64_t out);
void dequantizeDoubles(std::int64_t sums, std::int64_t count, std::int64_t weight, double clip,
                       int bits, double scale, std::int64_t out);

}  // namespace veilsum::bindings::gradient_face

#endif  // VEILSUM_BINDINGS_GRADIENT_H_
