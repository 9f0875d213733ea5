#ifndef VEILSUM_BINDINGS_RESIDUE_H_
#define VEILSUM_BINDINGS_RESIDUE_H_

#include "bindings/object.h"

/// One residue of a ring element, alone with the kernels that work on it: for benchmarks.
namespace veilsum::bindings::residue_face {

/// n zeros modulo a prime q = 1 mod 2n, in the form that the caller says.
Handle residue(int n, std::int64_t q);
/// n words in [0, q).
void set(Handle a, const std::int64_t* words);
void get(Handle a, std::int64_t* words);

/// In place: the transform of arith::Ntt, and back.
void nttForward(Handle a);
void nttInverse(Handle a);
/// a = a + b, and a = a * b, componentwise; of the same n and q.
void add(Handle a, Handle b);
void multiply(Handle a, Handle b);

}  // namespace veilsum::bindings::residue_face

#endif  // VEILSUM_BINDINGS_RESIDUE_H_
