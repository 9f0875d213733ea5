#ifndef VEILSUM_SEAL_BACKEND_BFV_H_
#define VEILSUM_SEAL_BACKEND_BFV_H_

#include <span>

#include "bfv/evaluator.h"
#include "seal_backend/convert.h"

/// bfv/evaluator.h, computed by SEAL, as seal_backend/ckks.h is for CKKS.
namespace veilsum::seal_backend::bfv_engine {

using bfv::Ciphertext;
using bfv::CiphertextRefs;
using bfv::EvalPlaintext;
using bfv::Plaintext;

// --- addition and products with plaintexts (bfv_plain.cpp) ---
Ciphertext add(const Engine& engine, const Ciphertext& a, const Ciphertext& b);
Ciphertext sub(const Engine& engine, const Ciphertext& a, const Ciphertext& b);
Ciphertext negate(const Engine& engine, const Ciphertext& a);
Ciphertext sum(const Engine& engine, CiphertextRefs terms);
Ciphertext addPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b);
Ciphertext subPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b);
Ciphertext addScalar(const Engine& engine, const Ciphertext& a, std::int64_t k);
Ciphertext multiplyScalar(const Engine& engine, const Ciphertext& a, std::int64_t k);

/// A factor of SEAL's and the norm by which noise grows.
struct Factor {
  const Plaintext* plaintext;
  double norm;
};
Ciphertext innerProductPlain(const Engine& engine, CiphertextRefs a, std::span<const Factor> b);

// --- products, levels and keys (bfv_multiply.cpp) ---
Ciphertext innerProduct(const Engine& engine, CiphertextRefs a, CiphertextRefs b);
Ciphertext relinearize(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                       const SwitchKeys& seal_keys);
Ciphertext modSwitchTo(const Engine& engine, const Ciphertext& a, std::size_t level);
Ciphertext applyGalois(const Engine& engine, const Ciphertext& a, std::uint64_t g,
                       const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys);
Ciphertext rotateRows(const Engine& engine, const Ciphertext& a, std::int64_t steps,
                      const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys);
Plaintext decrypt(const Engine& engine, const Ciphertext& a, const rlwe::SecretKey& secret);

/// A result of SEAL with its bound.
inline Ciphertext assemble(const Engine& engine, const bfv::ContextPtr& context,
                           const seal::Ciphertext& c, double log2_noise) {
  return {context, fromSeal<ring::Coeff>(engine, c), log2_noise};
}

}  // namespace veilsum::seal_backend::bfv_engine

#endif  // VEILSUM_SEAL_BACKEND_BFV_H_
