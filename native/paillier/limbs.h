#ifndef VEILSUM_PAILLIER_LIMBS_H_
#define VEILSUM_PAILLIER_LIMBS_H_

#include <gmp.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.h"

namespace veilsum::paillier {

/// A non-negative integer of fixed length: limbs of 64 bits, the least significant first. Wiped
/// before it is freed, whatever it holds.
///
/// Every computation on a secret goes through GMP's mpn_sec_* functions, whose time and memory
/// accesses depend on the lengths alone and whose scratch space is a Limbs of ours, wiped as well.
/// So GMP never allocates memory for a secret, and its process-wide allocator (which other users
/// of libgmp in the same JVM rely on) stays as it is. mpz_* functions are used on public numbers
/// only.
using Limbs = Buffer<mp_limb_t, true>;

/// The number in `bytes`, big-endian, as `limbs` limbs; the bytes beyond them must be zero.
Limbs fromBytes(std::span<const std::uint8_t> bytes, std::size_t limbs);
/// The number big-endian in all of `out`; what does not fit is dropped.
void toBytes(const Limbs& a, std::span<std::uint8_t> out);

Limbs fromWord(std::uint64_t word, std::size_t limbs);
/// `a` with zeros above it or its high limbs dropped.
Limbs resized(const Limbs& a, std::size_t limbs);

/// All ones where a == b (a < b), else zero; equal lengths; constant time.
mp_limb_t equalMask(const Limbs& a, const Limbs& b);
mp_limb_t lessMask(const Limbs& a, const Limbs& b);
bool isZero(const Limbs& a);

/// a where `mask` is all ones, b where it is zero; constant time.
Limbs select(mp_limb_t mask, const Limbs& a, const Limbs& b);

/// a * b, all of it.
Limbs product(const Limbs& a, const Limbs& b);

/// a mod m for m > 0, with m's length; constant time.
Limbs remainder(const Limbs& a, const Limbs& m);

/// The length in bits; for public numbers and for the fixed sizes of secret ones.
std::size_t bitLength(const Limbs& a);

/// Uniform in [1, bound), from the operating system's generator. Rejection sampling: the values
/// passed over are independent of the one returned.
Limbs systemUniform(const Limbs& bound);

/// A read-only GMP view of a public number, valid as long as `a`.
class PublicView {
 public:
  explicit PublicView(const Limbs& a) {
    mpz_roinit_n(view_, a.data(), static_cast<mp_size_t>(a.size()));
  }
  operator mpz_srcptr() const { return view_; }

 private:
  mpz_t view_;
};

/// An odd modulus > 1 with constant-time arithmetic in the values, not in the lengths. Immutable.
class OddModulus {
 public:
  /// The modulus may have zero limbs on top; its bit length is public.
  explicit OddModulus(const Limbs& value);

  const Limbs& value() const { return value_; }
  std::size_t limbs() const { return value_.size(); }
  std::size_t bits() const { return bits_; }

  /// a mod m, for any length of a.
  Limbs reduce(const Limbs& a) const;
  /// a * b mod m, for any lengths.
  Limbs multiply(const Limbs& a, const Limbs& b) const;
  /// a + b and a - b mod m, for residues.
  Limbs add(const Limbs& a, const Limbs& b) const;
  Limbs subtract(const Limbs& a, const Limbs& b) const;
  /// base^exponent mod m for a residue base > 0 and 0 <= exponent < 2^exponentBits: fixed windows,
  /// masked table reads. The time depends on exponentBits.
  Limbs power(const Limbs& base, const Limbs& exponent, std::size_t exponentBits) const;
  /// 1 / a mod m; Code::kInternal where there is none.
  Limbs inverse(const Limbs& a) const;

  /// a * b mod m for public residues: faster, and its time depends on the values.
  Limbs multiplyPublic(const Limbs& a, const Limbs& b) const;
  /// a mod m for a public a of at least m's length.
  Limbs reducePublic(const Limbs& a) const;
  /// Whether gcd(a, m) = 1, for a public a of any length.
  bool isUnitPublic(const Limbs& a) const;

 private:
  Limbs value_;
  std::size_t bits_;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_LIMBS_H_
