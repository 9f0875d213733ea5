#ifndef VEILSUM_SEAL_BACKEND_CKKS_H_
#define VEILSUM_SEAL_BACKEND_CKKS_H_

#include <complex>
#include <memory>
#include <span>

#include "ckks/evaluator.h"
#include "seal_backend/convert.h"

/// ckks/evaluator.h, computed by SEAL: the same functions, checks, bounds and errors, on the same
/// objects. Where SEAL's algorithm adds other noise, the bound says so (seal_backend/noise.h).
namespace veilsum::seal_backend::ckks_engine {

using ckks::Ciphertext;
using ckks::CiphertextRefs;
using ckks::Plaintext;
using ckks::PlaintextRefs;

// --- addition (ckks_add.cpp) ---
Ciphertext add(const Engine& engine, const Ciphertext& a, const Ciphertext& b);
Ciphertext sub(const Engine& engine, const Ciphertext& a, const Ciphertext& b);
Ciphertext negate(const Engine& engine, const Ciphertext& a);
Ciphertext sum(const Engine& engine, CiphertextRefs terms);
Ciphertext addPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b);
Ciphertext subPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b);
Ciphertext addScalar(const Engine& engine, const Ciphertext& a, double value);

// --- products (ckks_multiply.cpp) ---
Ciphertext multiplyPlain(const Engine& engine, const Ciphertext& a, const Plaintext& b);
Ciphertext multiplyScalar(const Engine& engine, const Ciphertext& a, double value, double scale);
Ciphertext multiplyInteger(const Engine& engine, const Ciphertext& a, std::int64_t factor);
Ciphertext innerProductPlain(const Engine& engine, CiphertextRefs a, PlaintextRefs b);
Ciphertext multiply(const Engine& engine, const Ciphertext& a, const Ciphertext& b);
Ciphertext innerProduct(const Engine& engine, CiphertextRefs a, CiphertextRefs b);

// --- levels and keys (ckks_switch.cpp) ---
Ciphertext relinearize(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                       const SwitchKeys& seal_keys);
Ciphertext rescale(const Engine& engine, const Ciphertext& a, std::size_t levels);
Ciphertext dropTo(const Engine& engine, const Ciphertext& a, std::size_t level);
Ciphertext rotate(const Engine& engine, const Ciphertext& a, std::int64_t steps,
                  const rlwe::EvaluationKeys& keys, const SwitchKeys& seal_keys);
Ciphertext conjugate(const Engine& engine, const Ciphertext& a, const rlwe::EvaluationKeys& keys,
                     const SwitchKeys& seal_keys);
/// Decrypted by SEAL, decoded by the core; gives the bound on the error of each slot.
double decrypt(const Engine& engine, const Ciphertext& a, const rlwe::SecretKey& secret,
               std::span<std::complex<double>> out);

/// A result of SEAL with its scale and bounds.
inline Ciphertext assemble(const Engine& engine, const seal::Ciphertext& c, double scale,
                           double noise, double message) {
  return {fromSeal<ring::Eval>(engine, c), scale, noise, message};
}

/// Two values that fill the quarters of each row in turn: a constant's Eval form (ckks/constant.h).
template <class Row>
ring::Poly<ring::Eval> constantPoly(const Engine& engine, std::size_t level, Row&& row) {
  ring::Poly<ring::Eval> result(engine.rlwe()->basisQ(level));
  const std::size_t quarter = result.n() / 4;
  for (std::size_t i = 0; i <= level; ++i) {
    const auto [even, odd] = row(result.basis().ntt(i));
    for (std::size_t part = 0; part < 4; ++part) {
      std::fill_n(result.residue(i) + part * quarter, quarter, part % 2 == 0 ? even : odd);
    }
  }
  return result;
}

}  // namespace veilsum::seal_backend::ckks_engine

#endif  // VEILSUM_SEAL_BACKEND_CKKS_H_
