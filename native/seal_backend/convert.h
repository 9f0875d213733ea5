#ifndef VEILSUM_SEAL_BACKEND_CONVERT_H_
#define VEILSUM_SEAL_BACKEND_CONVERT_H_

#include <algorithm>
#include <type_traits>

#include "rlwe/ciphertext.h"
#include "seal_backend/engine.h"

namespace veilsum::seal_backend {

// SEAL's objects always have the scale 1 here: scales and bounds are kept by the core's objects.

/// A ciphertext in SEAL's form. CKKS: `level` may be below its own, whose residues are left out.
template <class Form>
seal::Ciphertext toSeal(const Engine& engine, const rlwe::Ciphertext<Form>& c, std::size_t level) {
  seal::Ciphertext result;
  result.resize(engine.context(), engine.at(level), c.parts.size());
  result.is_ntt_form() = std::is_same_v<Form, ring::Eval>;
  for (std::size_t i = 0; i < c.parts.size(); ++i) {
    std::copy_n(c.parts[i].residue(0), (level + 1) * c.parts[i].n(), result.data(i));
  }
  return result;
}

template <class Form>
seal::Ciphertext toSeal(const Engine& engine, const rlwe::Ciphertext<Form>& c) {
  return toSeal(engine, c, c.level());
}

/// A ciphertext in the core's form; not seeded.
template <class Form>
rlwe::Ciphertext<Form> fromSeal(const Engine& engine, const seal::Ciphertext& c) {
  rlwe::Ciphertext<Form> result{engine.rlwe(), {}, std::nullopt};
  const ring::BasisPtr& basis = engine.rlwe()->basisQ(c.coeff_modulus_size() - 1);
  for (std::size_t i = 0; i < c.size(); ++i) {
    ring::Poly<Form>& part = result.parts.emplace_back(basis, unset);
    std::copy_n(c.data(i), part.words().size(), part.residue(0));
  }
  return result;
}

/// An encoding of CKKS, at its own level or a lower one.
seal::Plaintext toSeal(const Engine& engine, const ring::Poly<ring::Eval>& p, std::size_t level);
/// A plaintext of BFV.
seal::Plaintext toSeal(std::span<const std::uint64_t> coefficients);

/// The secret over all primes; SEAL wipes it when it goes.
seal::SecretKey toSeal(const Engine& engine, const rlwe::SecretKey& secret);

/// Key-switching keys in SEAL's form: those of the core are the same words.
struct SwitchKeys {
  seal::RelinKeys relinearization;
  seal::GaloisKeys galois;
};
SwitchKeys toSeal(const Engine& engine, const rlwe::EvaluationKeys& keys);

}  // namespace veilsum::seal_backend

#endif  // VEILSUM_SEAL_BACKEND_CONVERT_H_
