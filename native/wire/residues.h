#ifndef VEILSUM_WIRE_RESIDUES_H_
#define VEILSUM_WIRE_RESIDUES_H_

#include <cstdint>
#include <optional>
#include <span>

#include "random/seal_seed.h"
#include "rlwe/ciphertext.h"
#include "rlwe/keys.h"

namespace veilsum::wire {

// Objects as plain 64-bit little-endian residues, polynomial after polynomial, residue-major, as
// Microsoft SEAL keeps them: NTT form in the order of arith::Ntt (the same as SEAL's), or
// coefficients. What surrounds them (frames, scales) is the caller's. The bytes need no alignment.
// Reading throws Code::kCorrupt where the size is wrong or a residue is not below its prime, and
// says which. A seed stands for the last polynomial, which then is not among the words.

/// One polynomial.
template <class Form>
ring::Poly<Form> readPoly(const ring::BasisPtr& basis, std::span<const std::uint8_t> words);
template <class Form>
void writePoly(const ring::Poly<Form>& poly, std::span<std::uint8_t> out);

/// A ciphertext of `parts` polynomials at a level.
template <class Form>
rlwe::Ciphertext<Form> readResidues(const rlwe::ContextPtr& context, std::size_t level,
                                    std::size_t parts, std::span<const std::uint8_t> words,
                                    const std::optional<random::SealSeed>& seed);
template <class Form>
void writeResidues(const rlwe::Ciphertext<Form>& c, std::span<std::uint8_t> out);

/// The first polynomial of a fresh encryption of zero at a level, (-a s + e, a), a the expansion of
/// `seed` in the same form: what a seeded ciphertext is made of.
template <class Form>
ring::Poly<Form> encryptZero(const rlwe::SecretKey& secret, std::size_t level,
                             const random::SealSeed& seed);

template <>
ring::Poly<ring::Eval> encryptZero(const rlwe::SecretKey&, std::size_t, const random::SealSeed&);
template <>
ring::Poly<ring::Coeff> encryptZero(const rlwe::SecretKey&, std::size_t, const random::SealSeed&);

/// A secret key in NTT form over all primes. Code::kCorrupt where it is not ternary, is zero, or
/// its residues differ; otherwise as SecretKey::fromCoefficients.
rlwe::SecretKey readSecretResidues(const rlwe::ContextPtr& context,
                                   std::span<const std::uint8_t> words);
void writeSecretResidues(const rlwe::SecretKey& key, std::span<std::uint8_t> out);

/// A public key (b, a) over all primes; the special prime's residues are checked and dropped.
rlwe::PublicKey readPublicResidues(const rlwe::ContextPtr& context,
                                   std::span<const std::uint8_t> words,
                                   const std::optional<random::SealSeed>& seed);
/// A fresh encryption of zero over all primes, (-a s + e, a) with a the expansion of `seed`: SEAL's
/// public key. Only the first polynomial is written.
void writePublicResidues(const rlwe::SecretKey& secret, const random::SealSeed& seed,
                         std::span<std::uint8_t> out);

/// Appends one digit (b_d, a_d) to a key that is being read.
void readDigitResidues(rlwe::KeySwitchKey& key, std::span<const std::uint8_t> words,
                       const std::optional<random::SealSeed>& seed);
void writeDigitResidues(const rlwe::KeySwitchKey& key, std::size_t digit,
                        std::span<std::uint8_t> out);

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_RESIDUES_H_
