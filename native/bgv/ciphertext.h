#ifndef VEILSUM_BGV_CIPHERTEXT_H_
#define VEILSUM_BGV_CIPHERTEXT_H_

#include "bfv/evaluator.h"

namespace veilsum::bgv {

/// The scheme of Brakerski, Gentry and Vaikuntanathan (ePrint 2011/277) on the ciphertexts of BFV:
/// the two differ by the end of the modulus that the message stands at, and a factor t mod Q takes
/// one to the other (Alperin-Sheriff and Peikert, ePrint 2013/372, appendix A). With the phase
///     c_0 + c_1 s = (Q / t) M + w,   M integral,
/// of bfv/ciphertext.h, v = t w is a polynomial of integers, and v = -Q M modulo t: BGV's phase,
/// under BFV's own noise bound. So keys, encoding, encryption, wire format, bounds, and every
/// operation but the product are those of BFV. The parts are kept in Eval form throughout.
///
/// body.seed, of a fresh ciphertext, is the seed of c_1's coefficients, as in BFV.
using Ciphertext = bfv::CiphertextIn<ring::Eval>;
using CiphertextRefs = bfv::EvalCiphertextRefs;

/// The same ciphertext in the other form: transforms only.
Ciphertext fromBfv(bfv::Ciphertext&& c);
bfv::Ciphertext toBfv(Ciphertext&& c);

}  // namespace veilsum::bgv

#endif  // VEILSUM_BGV_CIPHERTEXT_H_
