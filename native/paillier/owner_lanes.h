#ifndef VEILSUM_PAILLIER_OWNER_LANES_H_
#define VEILSUM_PAILLIER_OWNER_LANES_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "paillier/randomness.h"

namespace veilsum::paillier {

/// One prime of a key, as the lanes use it.
struct PrimeHalf {
  const OddModulus* p;
  const OddModulus* p2;
  const Limbs* exponent;  // p - 1
  Limbs otherInverse;     // 1 / q mod p
  Limbs other;            // q mod p
};

/// What the owner of a key computes modulo p^2 and q^2, in eight lanes. Wiped; safe to use from
/// many threads. The halves outlive it.
class OwnerLanes {
 public:
  OwnerLanes(PrimeHalf p, PrimeHalf q);

  /// As many ciphertexts as have their halves in the lanes at once.
  static constexpr std::size_t kCiphertexts = kLanes / 2;

  /// m modulo a prime, and what shows it: c^(p-1) = 1 - vp modulo p^2, where v = m q modulo p.
  struct Logarithm {
    Limbs message, v;
  };
  /// The logarithms modulo p and q of up to kCiphertexts ciphertexts below N^2; empty for one that
  /// is no unit. c is multiplied by a fresh p-th power of a unit, which changes c^(p-1) mod p^2 in
  /// nothing. Every product is checked, and c^(p-1) must be 1 modulo p: a wrong digit of the
  /// exponent shows there, a wrong product in its checksum. A fault is Code::kInternal.
  std::vector<std::optional<std::pair<Logarithm, Logarithm>>> logarithms(
      std::span<const Limbs* const> ciphertexts) const;
  /// Whether the message has both logarithms.
  bool explains(const Limbs& message, const Logarithm& p, const Logarithm& q) const;

  /// Encryptions of up to Randomness::kAtOnce plaintexts, modulo p^2 and q^2: Exponents::kFull with
  /// x modulo p - 1 and q - 1, so the same h^x sooner; the first Randomness::kTableAfter are
  /// kTextbook.
  std::vector<std::pair<Limbs, Limbs>> encrypt(std::span<const Limbs* const> plaintexts) const;
  /// As Randomness has them.
  void prepare(std::size_t count) const;
  std::size_t prepared() const { return ready_.size(); }
  void forget() const { ready_.clear(); }

 private:
  friend struct TestKeys;
  // The tables modulo p^2 and q^2.
  struct Tables {
    FixedBase p, q;
  };

  SquareLanes::Element nextBlinding() const;
  const Tables& tables() const;
  // Uniform p-th and q-th powers modulo p^2 and q^2, in turn.
  SquareLanes::Element randomPowers(SquareLanes& lanes) const;
  // For `groups` times eight encryptions, a number modulo p^2 and then one modulo q^2: of uniform
  // powers, or h^x for fresh x.
  std::vector<LaneWords> fresh(std::size_t groups, bool many) const;
  std::vector<LaneWords> textbook(std::size_t groups) const;

  PrimeHalf p_, q_;
  OddModulus n_;
  SquareModuli both_;  // p, q, p, q ..
  SquareModuli allP_, allQ_;
  Windows exponents_;
  LaneWords otherInverses_;  // times R
  static constexpr int kBlindingUses = 32;
  mutable std::mutex blindingMutex_;
  mutable std::optional<SquareLanes::Element> blinding_;
  mutable int blindingUses_ = 0;
  mutable std::once_flag tablesMade_;
  mutable std::unique_ptr<Tables> tables_;
  mutable std::atomic<std::size_t> asked_ = 0;
  mutable Pool ready_;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_OWNER_LANES_H_
