#ifndef VEILSUM_CKKS_EVALUATOR_H_
#define VEILSUM_CKKS_EVALUATOR_H_

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ckks/ciphertext.h"

namespace veilsum::ckks {

/// Slotwise arithmetic on ciphertexts. All functions are free of state and safe to call from any
/// number of threads; arguments are not changed, save by the functions named ...Into.
///
/// Levels: where operands differ, the higher one is brought down to the lower one's level first,
/// by leaving out residues; its scale stays.
/// Scales: addition takes operands whose scales differ by at most a factor of 1 + 2^-40 (the
/// result has the first one's, the difference enters the noise bound); others are refused with
/// Code::kScaleMismatch: rescale, or bring one to the other with `adjust`. Products multiply them.
/// Errors, all before the work: Code::kParameterMismatch (operands of different parameters),
/// Code::kNoiseBudget (the result's norm would reach Q_level / 2; with the bits),
/// Code::kScaleMismatch, Code::kDepth (no level left), Code::kMissingKey, Code::kUsage (an unfit
/// degree, lists that are empty or of different lengths), Code::kOutOfRange (a scalar that is not
/// finite).

/// The largest relative difference of scales that addition accepts.
inline constexpr double kScaleTolerance = 0x1p-40;

using CiphertextRefs = std::span<const Ciphertext* const>;
using PlaintextRefs = std::span<const Plaintext* const>;

// --- addition (evaluate_add.cpp); any degrees ---
Ciphertext add(const Ciphertext& a, const Ciphertext& b);
Ciphertext sub(const Ciphertext& a, const Ciphertext& b);
Ciphertext negate(const Ciphertext& a);
/// a += b. Where b is at a lower level, a comes down to it.
void addInto(Ciphertext& a, const Ciphertext& b);
/// The sum of one or more ciphertexts in one pass over memory, reduced at its end.
Ciphertext sum(CiphertextRefs terms);
Ciphertext addPlain(const Ciphertext& a, const Plaintext& b);
Ciphertext subPlain(const Ciphertext& a, const Plaintext& b);
/// Adds a public constant to every slot.
Ciphertext addScalar(const Ciphertext& a, std::complex<double> value);

// --- products with public values (evaluate_plain.cpp); any degree ---
/// The result's scale is a.scale * b.scale: rescale it.
Ciphertext multiplyPlain(const Ciphertext& a, const Plaintext& b);
/// Multiplies every slot by a constant that is encoded at `scale`, which may be a prime of the
/// chain: then a rescale brings a.scale back exactly.
Ciphertext multiplyScalar(const Ciphertext& a, std::complex<double> value, double scale);
/// Multiplies every slot by an integer; the scale stays.
Ciphertext multiplyInteger(const Ciphertext& a, std::int64_t factor);
/// sum a_i b_i over lists of the same length, reduced at its end; the products' scales must match.
Ciphertext innerProductPlain(CiphertextRefs a, PlaintextRefs b);

// --- products (evaluate_multiply.cpp); factors of degree 1 ---
/// The tensor product, of degree 2 and scale a.scale * b.scale. It can be added and rescaled as it
/// is; relinearize brings it back to degree 1.
Ciphertext multiply(const Ciphertext& a, const Ciphertext& b);
Ciphertext square(const Ciphertext& a);
/// Switches the s^2 part back to degree 1; gives a copy at degree 1.
Ciphertext relinearize(const Ciphertext& a, const rlwe::EvaluationKeys& keys);
/// rescale(relinearize(a)) in one division by P and the last prime: faster, and less noise.
Ciphertext relinearizeRescale(const Ciphertext& a, const rlwe::EvaluationKeys& keys);
/// sum a_i b_i of degree 2 over lists of the same length: the tensors are summed before anything
/// else, so that one relinearization serves them all. The products' scales must match.
Ciphertext innerProduct(CiphertextRefs a, CiphertextRefs b);

// --- levels (evaluate_level.cpp); any degree ---
/// Divides message, scale and noise by the last `levels` primes.
Ciphertext rescale(const Ciphertext& a, std::size_t levels = 1);
/// Leaves out the residues above `level`; the scale stays. Code::kDepth above a's own level.
Ciphertext dropTo(const Ciphertext& a, std::size_t level);
/// Brings a to exactly this scale, at `level` < a.level(): one product with the constant 1 and one
/// rescale. This is how operands of different depths meet. Code::kScaleMismatch where the constant
/// would have less than 20 bits.
Ciphertext adjust(const Ciphertext& a, std::size_t level, double scale);

// --- rotations (evaluate_rotate.cpp); degree 1 ---
/// All n/2 slots to the left by `steps` (any sign, modulo n/2): slot i becomes slot i + steps.
/// Without the key of exactly this rotation it is composed of rotations by powers of two, to either
/// side; Code::kMissingKey names the rotation where neither is possible.
Ciphertext rotate(const Ciphertext& a, std::int64_t steps, const rlwe::EvaluationKeys& keys);
/// Every slot's complex conjugate.
Ciphertext conjugate(const Ciphertext& a, const rlwe::EvaluationKeys& keys);
/// One result for each of `steps`, each bit for bit that of rotate; those with a key of their own
/// share one decomposition (hoisting).
std::vector<Ciphertext> rotateHoisted(const Ciphertext& a, std::span<const std::int64_t> steps,
                                      const rlwe::EvaluationKeys& keys);
/// The rotations (each with a key) that `rotate` would apply for `steps`; empty for 0.
std::vector<std::int64_t> rotationSteps(std::size_t n, std::int64_t steps,
                                        const rlwe::EvaluationKeys& keys);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_EVALUATOR_H_
