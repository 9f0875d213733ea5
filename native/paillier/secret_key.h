#ifndef VEILSUM_PAILLIER_SECRET_KEY_H_
#define VEILSUM_PAILLIER_SECRET_KEY_H_

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "paillier/owner_lanes.h"
#include "paillier/public_key.h"
#include "random/stream.h"

namespace veilsum::paillier {

/// The factors p and q of N, and what the owner of the key does with them. Every operation takes
/// time that depends on the key's size alone. Wiped; safe to use from many threads.
class SecretKey {
 public:
  /// The key of a seed: p and q are the first two primes (primes.h) among the candidates of the
  /// seed's stream number `bits`, q passing over candidates that the checks below refuse. The same
  /// seed and size give the same key on every machine; this definition never changes.
  /// Sizes other than 2048, 3072, 4096: Code::kInsecureParameters.
  static SecretKey generate(const random::Seed& seed, std::size_t bits = kDefaultKeyBits);

  const PublicKey& publicKey() const { return publicKey_; }

  /// PublicKey::encrypt, sooner. Without AVX-512 IFMA: p-th powers modulo p^2 and q-th powers
  /// modulo q^2 of uniform units, which are together a uniform N-th power modulo N^2. With it:
  /// Exponents::kFull modulo p^2 and q^2.
  Ciphertext encrypt(const Plaintext& plaintext) const;
  std::vector<Ciphertext> encryptAll(std::span<const Plaintext> plaintexts) const;
  /// As PublicKey has them.
  void prepare(std::size_t count) const;
  std::size_t prepared() const { return lanes_ == nullptr ? 0 : lanes_->prepared(); }
  void forget() const;

  /// Validates, blinds, decrypts by halves modulo p^2 and q^2 (Paillier 1999, section 7), and
  /// checks that the result explains both halves before it leaves: a computation fault (which could
  /// reveal p or q) is Code::kInternal.
  Plaintext decrypt(const Ciphertext& ciphertext) const;
  /// With AVX-512 IFMA, four at a time in the time of one.
  std::vector<Plaintext> decryptAll(std::span<const Ciphertext> ciphertexts) const;

 private:
  friend struct TestKeys;

  // The half of the key modulo one prime.
  struct Half {
    Half(const Limbs& prime, const Limbs& other, const Limbs& n);
    // A uniform p-th power modulo p^2, that is, a uniform N-th power.
    Limbs randomPower() const;
    // m mod p from u = c^(p-1) mod p^2.
    Limbs message(const Limbs& u) const;
    // Whether u is (1 + N)^(m (p-1)) mod p^2.
    bool explains(const Limbs& message, const Limbs& u) const;

    OddModulus p;
    OddModulus p2;
    Limbs exponent;         // p - 1
    Limbs minusQInverse;    // 1 / -q mod p, the logarithm's factor
    Limbs generatorFactor;  // (p - 1) N mod p^2
  };

  // p-th powers that hide the base of an exponentiation: squared after each use, drawn anew after
  // kBlindingUses, as is usual for RSA (Kocher 1996, section 10).
  struct Blinding {
    Limbs p, q;
    int usesLeft = 0;
  };

  SecretKey(const Limbs& p, const Limbs& q);
  static void checkPrimes(const Limbs& p, const Limbs& q);
  static bool farApart(const Limbs& p, const Limbs& q);
  Blinding nextBlinding() const;
  PrimeHalf half(const Half& of, const Half& other) const;

  Half p_;
  Half q_;
  Limbs qInverse_;   // 1 / q mod p
  Limbs q2Inverse_;  // 1 / q^2 mod p^2
  PublicKey publicKey_;
  mutable std::mutex mutex_;
  mutable Blinding blinding_;
  std::unique_ptr<OwnerLanes> lanes_;  // none without AVX-512 IFMA
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_SECRET_KEY_H_
