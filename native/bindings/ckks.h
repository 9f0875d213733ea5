#ifndef VEILSUM_BINDINGS_CKKS_H_
#define VEILSUM_BINDINGS_CKKS_H_

#include "bindings/object.h"

/// CKKS as Java sees it: each function is the one of its name in ckks/, on handles. Lists of
/// handles come with their length; results of many go to `out`.
namespace veilsum::bindings::ckks_face {

Handle context(Handle rlwe_context);

/// Slots on their way between Java's arrays and the core: zeros for an encoding with `slots`, a
/// power of two, of which the first `count` get values.
Handle slots(Handle context, int count, int slots);
/// To and from `count` elements of an array from `offset` on. Java gives the arrays themselves, in
/// a critical region, where nothing may fail: the handle is one of slots() or decrypt(), the range
/// was checked, and no more is done than what the core does with its own arrays.
void putReal(Handle slots, const double* values, int offset, int count) noexcept;
void putComplex(Handle slots, const double* real, const double* imaginary, int offset,
                int count) noexcept;
void takeReal(Handle slots, double* values, int offset, int count) noexcept;
void takeComplex(Handle slots, double* real, double* imaginary, int offset, int count) noexcept;
/// Uses the slots up. `bound` is the declared bound on |slot|.
Handle encode(Handle context, Handle slots, double bound, int level, double scale);
Handle encodeConstant(Handle context, double value, double bound, int level, double scale);
int plaintextLevel(Handle plaintext);
double plaintextScale(Handle plaintext);
Handle encrypt(Handle public_key, Handle plaintext);
Handle encryptSeeded(Handle secret_key, Handle plaintext);
/// The first `count` slots.
Handle decrypt(Handle secret_key, Handle c, int count);
/// The bound on the error of each slot.
double error(Handle decrypted);

int level(Handle c);
int degree(Handle c);
double scale(Handle c);
double noise(Handle c);
double message(Handle c);
double capacityBits(Handle c);
std::int64_t packedBytes(Handle c);
void pack(Handle c, std::int64_t out, std::int64_t bytes);
/// The ciphertext at the address; `consumed` gets the number of bytes that it took.
Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed);

/// The ciphertext of plain residues (wire/residues.h). `generator` 0: all polynomials are there;
/// otherwise the last is the expansion of the 64-byte seed. `noise` is the caller's bound, NaN
/// for that of a fresh encryption under the public key, or -infinity for rlwe::freshSwitchedNoise.
Handle readResidues(Handle rlwe_context, int level, int parts, std::int64_t in, std::int64_t bytes,
                    int generator, const signed char* seed, double scale, double noise,
                    double message);
void writeResidues(Handle c, std::int64_t out, std::int64_t bytes);
/// A fresh encryption under the secret key whose second polynomial is the seed's: the first.
void encryptOfSeed(Handle secret_key, Handle plaintext, int generator, const signed char* seed,
                   std::int64_t out, std::int64_t bytes);
/// A plaintext in NTT form, of SEAL's rounding error.
Handle readPlaintextResidues(Handle rlwe_context, int level, std::int64_t in, std::int64_t bytes,
                             double scale, double message);
void writePlaintextResidues(Handle plaintext, std::int64_t out, std::int64_t bytes);

Handle add(Handle a, Handle b);
Handle sub(Handle a, Handle b);
Handle negate(Handle a);
Handle sum(const std::int64_t* terms, int count);
Handle addPlain(Handle a, Handle plaintext);
Handle subPlain(Handle a, Handle plaintext);
Handle addScalar(Handle a, double value);
Handle multiplyPlain(Handle a, Handle plaintext);
Handle multiplyScalar(Handle a, double value, double scale);
Handle multiplyInteger(Handle a, std::int64_t factor);
Handle innerProductPlain(const std::int64_t* a, const std::int64_t* plaintexts, int count);
Handle multiply(Handle a, Handle b);
Handle square(Handle a);
Handle relinearize(Handle a, Handle keys);
Handle relinearizeRescale(Handle a, Handle keys);
Handle innerProduct(const std::int64_t* a, const std::int64_t* b, int count);
Handle rescale(Handle a, int levels);
Handle dropTo(Handle a, int level);
Handle adjust(Handle a, int level, double scale);
Handle rotate(Handle a, std::int64_t steps, Handle keys);
void rotateMany(Handle a, const std::int64_t* steps, int count, Handle keys, std::int64_t* out);
Handle conjugate(Handle a, Handle keys);

/// No diagonals yet. They are put before the object is handed to anyone else.
Handle diagonals(Handle context);
/// Diagonal `index` of a matrix whose dimension is the number of slots. Uses the slots up.
void putDiagonal(Handle diagonals, int index, Handle slots);
/// ckks::babyStepsFor the diagonals of these indices.
int babySteps(Handle context, int level, int dimension, const std::int64_t* indices, int count);
/// Uses the diagonals up.
Handle linearTransform(Handle context, Handle diagonals, int dimension, int baby_steps, int level,
                       double scale);
Handle apply(Handle transform, Handle a, Handle keys);
Handle applyRescale(Handle transform, Handle a, Handle keys);

}  // namespace veilsum::bindings::ckks_face

#endif  // VEILSUM_BINDINGS_CKKS_H_
