#ifndef VEILSUM_PAILLIER_PUBLIC_KEY_H_
#define VEILSUM_PAILLIER_PUBLIC_KEY_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "paillier/products.h"
#include "paillier/randomness.h"

namespace veilsum::paillier {

/// Key sizes: the bits of N.
inline constexpr std::size_t kDefaultKeyBits = 3072;
bool isKeySize(std::size_t bits);

/// A residue modulo N that stands for the integer of least magnitude in its class. Secret; wiped.
class Plaintext {
 public:
  explicit Plaintext(Limbs residue) : residue_(std::move(residue)) {}
  const Limbs& residue() const { return residue_; }

 private:
  Limbs residue_;
};

/// A unit modulo N^2 that has been validated against its key, never 1 modulo N. Public.
class Ciphertext {
 public:
  explicit Ciphertext(Limbs value) : value_(std::move(value)) {}
  const Limbs& value() const { return value_; }
  Limbs take() { return std::move(value_); }

 private:
  Limbs value_;
};

/// A public factor of a ciphertext: its magnitude, whether it is negative, and the public bound
/// magnitude < 2^bits that sets the time.
struct Scalar {
  Limbs magnitude;
  mp_limb_t negativeMask;
  std::size_t bits;
};

/// N, and everything that can be done without its factors: Paillier, "Public-key cryptosystems
/// based on composite degree residuosity classes", EUROCRYPT 1999, section 4 (scheme 1) and
/// section 8 (its homomorphisms), with g = 1 + N. Immutable; safe to use from many threads.
///
/// The operations on ciphertexts are deterministic. One result is not handed out as it is: a
/// ciphertext that is 1 modulo N hides nothing (it appears for c - c, and for c * 0); it is
/// multiplied by a fresh encryption of zero.
///
/// With AVX-512 IFMA, numbers are computed eight at a time; the functions ..All are the ones to use
/// for many.
class PublicKey {
 public:
  /// A foreign N, big-endian: 2048, 3072 or 4096 bits, odd, without a factor below 2^20, neither
  /// prime nor a perfect power, its factors not within Fermat's reach. That gcd(N, phi(N)) = 1
  /// cannot be seen without the factors: a protocol with an untrusted key owner needs a proof.
  /// Code::kInsecureParameters names what is wrong.
  static PublicKey fromModulus(std::span<const std::uint8_t> modulus);

  std::size_t bits() const { return n_.bits(); }
  /// Bytes of N and of an encoded plaintext.
  std::size_t modulusBytes() const { return (bits() + 7) / 8; }
  std::size_t ciphertextBytes() const { return 2 * modulusBytes(); }
  const OddModulus& modulus() const { return n_; }
  const OddModulus& modulusSquared() const { return n2_; }

  /// A signed integer m, |m| <= (N - 1) / 2, in two's complement, big-endian, modulusBytes() long;
  /// Code::kOutOfRange beyond. Constant time.
  Plaintext encode(std::span<const std::uint8_t> twosComplement) const;
  Plaintext encode(std::int64_t value) const;
  void decode(const Plaintext& plaintext, std::span<std::uint8_t> twosComplement) const;
  /// A factor in the same encoding; `bits` bounds its magnitude (rounded up to whole limbs), 0:
  /// what its own magnitude needs. Sign and value below the bound do not show in the time.
  Scalar scalar(std::span<const std::uint8_t> twosComplement, std::size_t bits = 0) const;

  /// c = (1 + mN) s mod N^2 with a random N-th residue s of that kind, from the operating system's
  /// randomness. Without AVX-512 IFMA, kFull is kTextbook.
  Ciphertext encrypt(const Plaintext& plaintext, Exponents kind = Exponents::kFull) const;
  std::vector<Ciphertext> encryptAll(std::span<const Plaintext> plaintexts,
                                     Exponents kind = Exponents::kFull) const;
  /// r^N mod N^2 with r uniform among the units modulo N: a fresh encryption of zero.
  Ciphertext encryptZero() const;
  /// Computes what `count` encryptions of that kind need besides their plaintexts, up to
  /// Pool::kCapacity, or wipes it; nothing without AVX-512 IFMA.
  void prepare(std::size_t count, Exponents kind) const;
  std::size_t prepared(Exponents kind) const;
  void forget(Exponents kind) const;

  Ciphertext add(const Ciphertext& a, const Ciphertext& b) const;
  /// Sums of `count` pairs of written ciphertexts (trustedCiphertext), one after the other in
  /// arrays; `out` may be a or b.
  void addAll(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
              std::size_t count) const;
  /// The sum of count >= 1 of them.
  Ciphertext sum(const std::uint8_t* terms, std::size_t count) const;
  Ciphertext subtract(const Ciphertext& a, const Ciphertext& b) const;
  Ciphertext negate(const Ciphertext& a) const;
  Ciphertext addPlain(const Ciphertext& a, const Plaintext& b) const;
  Ciphertext multiplyScalar(const Ciphertext& a, const Scalar& b) const;
  /// The same plaintext under new randomness, uniform among its encryptions (kTextbook).
  Ciphertext rerandomize(const Ciphertext& a) const;
  std::vector<Ciphertext> rerandomizeAll(std::span<const Ciphertext> a) const;

  /// Ciphertexts from outside, big-endian, ciphertextBytes() long: 0 < c < N^2, gcd(c, N) = 1,
  /// c != 1 mod N; Code::kCorrupt otherwise.
  Ciphertext ciphertext(std::span<const std::uint8_t> bytes) const;
  /// Bytes that this key's operations have written: length and c < N^2 are checked alone.
  Ciphertext trustedCiphertext(std::span<const std::uint8_t> bytes) const;
  void write(const Ciphertext& ciphertext, std::span<std::uint8_t> out) const;
  /// The checks of ciphertext() on a value already read.
  void validate(const Ciphertext& ciphertext) const;
  /// The checks of ciphertext() on `count` of them, one after the other; with one gcd for all.
  void validateAll(const std::uint8_t* ciphertexts, std::size_t count) const;

  /// 1 + mN, the encryption of m without randomness: never handed out.
  Limbs generatorPower(const Plaintext& plaintext) const;

  PublicKey copy() const { return PublicKey(n_.value()); }

 private:
  friend class SecretKey;
  friend struct TestKeys;
  explicit PublicKey(const Limbs& modulus);
  Ciphertext blinded(Limbs value) const;
  bool isOneModuloN(const Limbs& value) const;
  void checkForm(const Ciphertext& ciphertext) const;
  // -(r^N)^2, drawn at first use.
  const Limbs& fixedBase() const;
  Limbs randomResidue(Exponents kind) const;
  // Appends x (1 + mN) for `count` lanes, where w[l] is -m modulo N; nullptr: zeros.
  void leave(SquareLanes& lanes, const SquareLanes::Element& x, const LaneNumbers* w,
             std::size_t count, std::vector<Ciphertext>& result) const;
  // nullptr without AVX-512 IFMA, and for the small keys of tests.
  Randomness* randomness() const;
  const Products* products() const;

  OddModulus n_;
  OddModulus n2_;
  Limbs half_;  // (N - 1) / 2
  mutable std::once_flag baseDrawn_, randomnessMade_, productsMade_;
  mutable Limbs base_;
  mutable std::unique_ptr<Randomness> randomness_;
  mutable std::unique_ptr<Products> products_;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_PUBLIC_KEY_H_
