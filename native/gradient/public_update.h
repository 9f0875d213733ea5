#ifndef VEILSUM_GRADIENT_PUBLIC_UPDATE_H_
#define VEILSUM_GRADIENT_PUBLIC_UPDATE_H_

#include <cstdint>
#include <span>

#include "gradient/codec.h"
#include "gradient/update.h"
#include "rlwe/keys.h"

namespace veilsum::gradient {

/// Encrypts one chunk under a public key (b, a), b = -a s + e, with fresh randomness (Lyubashevsky,
/// Peikert, Regev, ePrint 2012/230, in the form of BGV, ePrint 2011/277, section 3):
///   c_0 = t (b u + e_0) + M,  c_1 = t (a u + e_1),  u uniform ternary,  e_0, e_1 centred binomial,
/// so that c_0 + c_1 s = M + t (e u + e_0 + e_1 s). `out` takes both packed polynomials, c_0 in
/// coefficient form, then c_1 in evaluation form. `first` is the index of the first number, for
/// errors. Constant time.
void encryptPair(const Codec& codec, const rlwe::PublicKey& key, const Numbers& numbers, Clip clip,
                 std::uint64_t first, std::span<std::uint8_t> out);

}  // namespace veilsum::gradient

#endif  // VEILSUM_GRADIENT_PUBLIC_UPDATE_H_
