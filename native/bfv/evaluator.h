#ifndef VEILSUM_BFV_EVALUATOR_H_
#define VEILSUM_BFV_EVALUATOR_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bfv/ciphertext.h"
#include "bfv/plaintext.h"

namespace veilsum::bfv {

/// Operations on ciphertexts, exact modulo t. All are free of state and safe to call from any
/// number of threads; arguments are not changed.
///
/// Levels: where operands differ, the higher one is switched down first.
/// Forms: what needs no particular form is there for both, so that bgv/ shares it; products are
/// BFV's in coefficient form only (bgv/evaluator.h has its own).
/// Errors: Code::kParameterMismatch (operands of different contexts), Code::kNoiseBudget (the
/// result's bound would pass the decryption limit; thrown before the work, with the bits left),
/// Code::kMissingKey, Code::kUsage (an unfit degree, an empty list), Code::kDepth (no such level).

using EvalCiphertext = CiphertextIn<ring::Eval>;
using CiphertextRefs = std::span<const Ciphertext* const>;
using EvalCiphertextRefs = std::span<const EvalCiphertext* const>;

// --- addition (evaluate_add.cpp) ---
template <class Form>
CiphertextIn<Form> add(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b);
template <class Form>
CiphertextIn<Form> sub(const CiphertextIn<Form>& a, const CiphertextIn<Form>& b);
template <class Form>
CiphertextIn<Form> negate(const CiphertextIn<Form>& a);
/// The sum of one or more ciphertexts.
Ciphertext sum(CiphertextRefs terms);
EvalCiphertext sum(EvalCiphertextRefs terms);
template <class Form>
CiphertextIn<Form> addPlain(const CiphertextIn<Form>& a, const Plaintext& b);
template <class Form>
CiphertextIn<Form> subPlain(const CiphertextIn<Form>& a, const Plaintext& b);
/// Adds k to the constant coefficient, that is to every slot.
template <class Form>
CiphertextIn<Form> addScalar(const CiphertextIn<Form>& a, std::int64_t k);

// --- products with plaintexts (evaluate_plain.cpp) ---
/// Makes a plaintext ready for products at `level` and below.
EvalPlaintext prepare(const Plaintext& plaintext, std::size_t level);
Ciphertext multiplyPlain(const Ciphertext& a, const EvalPlaintext& b);
Ciphertext multiplyPlain(const Ciphertext& a, const Plaintext& b);
/// a k, k taken modulo t and centred: a negative or a small k costs little noise.
template <class Form>
CiphertextIn<Form> multiplyScalar(const CiphertextIn<Form>& a, std::int64_t k);
/// sum a_i b_i over lists of the same length: the transforms back are done once.
Ciphertext innerProductPlain(CiphertextRefs a, std::span<const EvalPlaintext* const> b);

// --- products (evaluate_multiply.cpp) ---
/// A ciphertext of degree 1 lifted to Q u B and transformed, ready for any number of products at
/// its level.
struct Lifted {
  ContextPtr context;
  std::size_t level;
  ring::Poly<ring::Eval> c0, c1;
  double log2_noise;
  double phase_norm;  ///< bfv/noise.h
};
Lifted lift(const Ciphertext& a);

/// The product, of degree 2; relinearize or relinearized products bring it back to 1.
Ciphertext multiply(const Ciphertext& a, const Ciphertext& b);
Ciphertext square(const Ciphertext& a);
/// Switches the s^2 part back to degree 1; gives a copy at degree 1.
Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys);
Ciphertext multiplyRelinearize(const Ciphertext& a, const Ciphertext& b,
                               const rlwe::EvaluationKeys& keys);
Ciphertext squareRelinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys);

/// sum a_i b_i, of degree 2, over lists of the same length: each distinct operand is lifted once,
/// the tensors are summed, and the scaling by t / Q is done once.
Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b);
/// The same over operands lifted before, all at one level.
Ciphertext innerProduct(std::span<const Lifted* const> a, std::span<const Lifted* const> b);

// --- levels (evaluate_level.cpp) ---
/// Divides by the primes above `level` (modulus switching: Brakerski, Gentry, Vaikuntanathan,
/// ePrint 2011/277, section 4). The message stays.
template <class Form>
CiphertextIn<Form> modSwitchTo(const CiphertextIn<Form>& a, std::size_t level);
/// To the level below.
template <class Form>
CiphertextIn<Form> modSwitch(const CiphertextIn<Form>& a);

// --- rotations (evaluate_rotate.cpp); degree 1 ---
/// Both rows to the left by `steps` columns (any sign; modulo n/2).
template <class Form>
CiphertextIn<Form> rotateRows(const CiphertextIn<Form>& a, std::int64_t steps,
                              const rlwe::EvaluationKeys& keys);
/// Swaps the two rows.
template <class Form>
CiphertextIn<Form> rotateColumns(const CiphertextIn<Form>& a, const rlwe::EvaluationKeys& keys);
/// m(X) -> m(X^g) for an odd Galois element g.
template <class Form>
CiphertextIn<Form> applyGalois(const CiphertextIn<Form>& a, std::uint64_t g,
                               const rlwe::EvaluationKeys& keys);
/// One result for each of `steps`; the digits are decomposed once (hoisting).
template <class Form>
std::vector<CiphertextIn<Form>> rotateRowsHoisted(const CiphertextIn<Form>& a,
                                                  std::span<const std::int64_t> steps,
                                                  const rlwe::EvaluationKeys& keys);
template <class Form>
std::vector<CiphertextIn<Form>> applyGaloisHoisted(const CiphertextIn<Form>& a,
                                                   std::span<const std::uint64_t> g,
                                                   const rlwe::EvaluationKeys& keys);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_EVALUATOR_H_
