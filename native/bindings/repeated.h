#ifndef VEILSUM_BINDINGS_REPEATED_H_
#define VEILSUM_BINDINGS_REPEATED_H_

#include "bindings/object.h"

/// The operations of the schemes without Java: each function calls the one of its name in ckks/ or
/// bfv/ `times` times on the same operands, frees the results, and gives the nanoseconds on clock()
/// that all of it took. What a call from Java costs beyond that is the price of Java.
namespace veilsum::bindings::repeated_face {

/// The processor time of this thread in nanoseconds: what others do on the machine does not count.
/// Where the system does not tell it, the time of a steady clock.
std::int64_t clock() noexcept;

std::int64_t ckksEncode(Handle context, const double* values, int count, double bound, int level,
                        double scale, int times);
std::int64_t ckksEncrypt(Handle public_key, Handle plaintext, int times);
/// Decrypts and decodes.
std::int64_t ckksDecrypt(Handle secret_key, Handle c, int count, int times);
std::int64_t ckksAdd(Handle a, Handle b, int times);
std::int64_t ckksMultiply(Handle a, Handle b, int times);
std::int64_t ckksRelinearize(Handle a, Handle keys, int times);
std::int64_t ckksRescale(Handle a, int times);
std::int64_t ckksRotate(Handle a, int steps, Handle keys, int times);
std::int64_t ckksMultiplyRelinearizeRescale(Handle a, Handle b, Handle keys, int times);

std::int64_t bfvEncode(Handle context, const std::int64_t* values, int count, int times);
std::int64_t bfvEncrypt(Handle public_key, Handle plaintext, int level, int times);
/// Decrypts and decodes.
std::int64_t bfvDecrypt(Handle context, Handle secret_key, Handle c, int count, int times);
std::int64_t bfvAdd(Handle a, Handle b, int times);
std::int64_t bfvMultiply(Handle a, Handle b, int times);
std::int64_t bfvRelinearize(Handle a, Handle keys, int times);
std::int64_t bfvRotate(Handle a, int steps, Handle keys, int times);
std::int64_t bfvMultiplyRelinearize(Handle a, Handle b, Handle keys, int times);

}  // namespace veilsum::bindings::repeated_face

#endif  // VEILSUM_BINDINGS_REPEATED_H_
