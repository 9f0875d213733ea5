#ifndef VEILSUM_RLWE_CIPHERTEXT_H_
#define VEILSUM_RLWE_CIPHERTEXT_H_

#include <limits>
#include <optional>
#include <vector>

#include "rlwe/keys.h"

namespace veilsum::rlwe {

/// Polynomials c_0 .. c_k at one level, decrypting to sum c_i s^i. Move-only; copy() copies.
template <class Form>
struct Ciphertext {
  ContextPtr context;
  std::vector<ring::Poly<Form>> parts;
  /// Set while parts[1] is the expansion of a seed (in this Form, bgv/ciphertext.h apart; residue i
  /// from stream i): written at half size. Any operation that changes parts[1] drops it.
  std::optional<random::Seed> seed;

  std::size_t level() const { return parts[0].size() - 1; }
  std::size_t degree() const { return parts.size() - 1; }
  Ciphertext copy() const;
};

/// An encryption of zero at `level` under the secret: (-a s + e, a), a from a fresh system seed.
Ciphertext<ring::Eval> encryptZero(const SecretKey& secret, std::size_t level);
/// The same with a (and so the seed's expansion) in coefficient form.
Ciphertext<ring::Coeff> encryptZeroCoeff(const SecretKey& secret, std::size_t level);
/// An encryption of zero under the public key: (b u + e_0, a u + e_1), u ternary.
Ciphertext<ring::Eval> encryptZero(const PublicKey& key, std::size_t level);
/// The same in coefficient form, where the e_i need no transform.
Ciphertext<ring::Coeff> encryptZeroCoeff(const PublicKey& key, std::size_t level);
/// An encryption of a message at its level: encryptZero() + (message, 0).
Ciphertext<ring::Eval> encrypt(const PublicKey& key, const ring::Poly<ring::Eval>& message);

/// sum c_i s^i, message plus noise, over q_0..q_level or the first `residues` of them. The caller
/// wipes it.
ring::Poly<ring::Coeff> phase(const Ciphertext<ring::Eval>& c, const SecretKey& secret,
                              std::size_t residues = std::numeric_limits<std::size_t>::max());
ring::Poly<ring::Coeff> phase(const Ciphertext<ring::Coeff>& c, const SecretKey& secret);

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_CIPHERTEXT_H_
