#ifndef VEILSUM_BGV_EVALUATOR_H_
#define VEILSUM_BGV_EVALUATOR_H_

#include "bgv/ciphertext.h"

namespace veilsum::bgv {

/// Operations on ciphertexts in Eval form: those of bfv/evaluator.h, with its errors, but products
/// are BGV's, without lifting and scaling:
///     t kappa (u_1 (x) u_2) modulo Q has the phase (Q / t) M_1 M_2 + kappa t w_1 w_2,
/// because Q^2 / t M_1 M_2 + Q (M_1 w_2 + M_2 w_1) = (Q / t)(Q M_1 M_2 + M_1 (t w_2) + M_2 (t
/// w_1)), t w = -Q M and kappa = -1 / Q modulo t. A product's noise is the product of the noises,
/// so levels are what depth is paid with: products choose their level by themselves (levels.h), and
/// relinearization leaves its result at the level that the next product wants.

using bfv::add;
using bfv::addPlain;
using bfv::addScalar;
using bfv::modSwitchTo;
using bfv::multiplyScalar;
using bfv::negate;
using bfv::rotateColumns;
using bfv::rotateRows;
using bfv::rotateRowsHoisted;
using bfv::sub;
using bfv::subPlain;
using bfv::sum;

// --- products with plaintexts (evaluate_plain.cpp) ---
Ciphertext multiplyPlain(const Ciphertext& a, const bfv::EvalPlaintext& b);
/// sum a_i b_i over lists of the same length, one reduction at the end.
Ciphertext innerProductPlain(CiphertextRefs a, std::span<const bfv::EvalPlaintext* const> b);

// --- products (evaluate_multiply.cpp) ---
/// The product, of degree 2, at productLevel (levels.h) of its operands or below.
Ciphertext multiply(const Ciphertext& a, const Ciphertext& b);
Ciphertext square(const Ciphertext& a);
/// sum a_i b_i, of degree 2, over lists of the same length: the tensors are summed.
Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b);
/// Switches the s^2 part back to degree 1 and the modulus to settledLevel (levels.h), in one
/// division. Gives a copy at degree 1.
Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys);
Ciphertext multiplyRelinearize(const Ciphertext& a, const Ciphertext& b,
                               const rlwe::EvaluationKeys& keys);

}  // namespace veilsum::bgv

#endif  // VEILSUM_BGV_EVALUATOR_H_
