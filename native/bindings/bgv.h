#ifndef VEILSUM_BINDINGS_BGV_H_
#define VEILSUM_BINDINGS_BGV_H_

#include "bindings/object.h"

/// BGV as Java sees it: the functions of bindings/bfv.h on ciphertexts in Eval form, each the one
/// of its name in bgv/. Contexts, plaintexts and keys are BFV's.
namespace veilsum::bindings::bgv_face {

/// A ciphertext of either scheme in BGV's form, or in BFV's.
Handle asBgv(Handle c);
Handle asBfv(Handle c);

Handle encrypt(Handle public_key, Handle plaintext, int level);
Handle encryptSeeded(Handle secret_key, Handle plaintext, int level);
/// As in bindings/bfv.h: for its take().
Handle decrypt(Handle context, Handle secret_key, Handle c, int count);
Handle decryptCoefficients(Handle context, Handle secret_key, Handle c, int count);

int level(Handle c);
int degree(Handle c);
double log2Noise(Handle c);
double noiseBudgetBits(Handle c);
std::int64_t packedBytes(Handle c);
void pack(Handle c, std::int64_t out, std::int64_t bytes);
Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed);

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

}  // namespace veilsum::bindings::bgv_face

#endif  // VEILSUM_BINDINGS_BGV_H_
