#ifndef VEILSUM_BINDINGS_BFV_H_
#define VEILSUM_BINDINGS_BFV_H_

#include "bindings/object.h"

/// BFV as Java sees it: each function is the one of its name in bfv/, on handles. Lists of handles
/// come with their length; results of many go to `out`.
namespace veilsum::bindings::bfv_face {

Handle context(Handle rlwe_context, std::int64_t t);

/// Signed values on their way between Java's arrays and the core: room for `count`, all of which
/// are to lie between `least` and `greatest`, as those do within [-t/2, t/2).
Handle values(Handle context, int count, std::int64_t least, std::int64_t greatest);
/// To and from `count` elements of an array from `offset` on. Java gives the arrays themselves, in
/// a critical region, where nothing may fail: the handles are a context and one of values() or
/// decrypt(), the range was checked, and no more is done than what the core does with its own
/// arrays.
void put(Handle context, Handle values, const std::int64_t* from, int offset, int count) noexcept;
void take(Handle context, Handle values, std::int64_t* to, int offset, int count) noexcept;
/// In slots, or as coefficients. Uses the values up. Code::kOutOfRange where one is outside.
Handle encode(Handle context, Handle values);
Handle encodeCoefficients(Handle context, Handle values);
Handle encrypt(Handle public_key, Handle plaintext, int level);
Handle encryptSeeded(Handle secret_key, Handle plaintext, int level);
/// The first `count` values, for take().
Handle decrypt(Handle context, Handle secret_key, Handle c, int count);
Handle decryptCoefficients(Handle context, Handle secret_key, Handle c, int count);

int level(Handle c);
int degree(Handle c);
double log2Noise(Handle c);
double noiseBudgetBits(Handle c);
std::int64_t packedBytes(Handle c);
void pack(Handle c, std::int64_t out, std::int64_t bytes);
/// The ciphertext at the address; `consumed` gets the number of bytes that it took.
Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed);

/// As in bindings/ckks.h; `log2_noise` is the caller's bound, or NaN or -infinity.
Handle readResidues(Handle context, int level, int parts, std::int64_t in, std::int64_t bytes,
                    int generator, const signed char* seed, double log2_noise);
void writeResidues(Handle c, std::int64_t out, std::int64_t bytes);
/// A fresh encryption under the secret key whose second polynomial is the seed's: the first.
void encryptOfSeed(Handle secret_key, Handle plaintext, int level, int generator,
                   const signed char* seed, std::int64_t out, std::int64_t bytes);
/// A plaintext's coefficients modulo t: n words.
Handle readPlaintextResidues(Handle context, std::int64_t in, std::int64_t bytes);
void writePlaintextResidues(Handle plaintext, std::int64_t out, std::int64_t bytes);

Handle add(Handle a, Handle b);
Handle sub(Handle a, Handle b);
Handle negate(Handle a);
Handle sum(const std::int64_t* terms, int count);
Handle addPlain(Handle a, Handle plaintext);
Handle subPlain(Handle a, Handle plaintext);
Handle addScalar(Handle a, std::int64_t k);
Handle multiplyPlain(Handle a, Handle plaintext);
Handle multiplyScalar(Handle a, std::int64_t k);
Handle innerProductPlain(const std::int64_t* a, const std::int64_t* plaintexts, int count);
Handle multiply(Handle a, Handle b);
Handle square(Handle a);
Handle relinearize(Handle a, Handle keys);
Handle multiplyRelinearize(Handle a, Handle b, Handle keys);
Handle innerProduct(const std::int64_t* a, const std::int64_t* b, int count);
Handle switchToLevel(Handle a, int level);
Handle rotate(Handle a, std::int64_t steps, Handle keys);
void rotateMany(Handle a, const std::int64_t* steps, int count, Handle keys, std::int64_t* out);
Handle swapRows(Handle a, Handle keys);

}  // namespace veilsum::bindings::bfv_face

#endif  // VEILSUM_BINDINGS_BFV_H_
