#ifndef VEILSUM_PAILLIER_RANDOMNESS_H_
#define VEILSUM_PAILLIER_RANDOMNESS_H_

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "paillier/fixed_base.h"

namespace veilsum::paillier {

/// Which N-th residues hide a plaintext.
///
/// kTextbook: r^N for r uniform modulo N, as Paillier's paper has it.
///
/// The others: h^x for a fixed h = -(r^N)^2, r uniform, drawn once for each key object, and x
/// uniform in [0, N) (kFull), of half the bits of N (kHalf), or of 448 bits, 512 above 2048-bit
/// keys (kShort). This is the scheme of Damgard, Jurik and Nielsen ("A generalization of Paillier's
/// public-key system with applications to electronic voting", 2010), whose exponents are kHalf's.
///
/// kFull needs no more than the decisional composite residuosity assumption (DCR): x modulo the
/// order of h, which divides phi(N), is within N / phi(N) - 1, about 2^(1 - bits(N) / 2), of
/// uniform; so longer exponents, of 2 bits(N) + 128 bits, would give the same ciphertexts but for
/// such a distance. Put -z^2 in the place of h for a uniform unit z modulo N^2, which DCR hides: it
/// has a part (1 + N)^a, a a unit modulo N, and with those exponents x modulo N is uniform and
/// independent of the rest, so that (1 + N)^(m + a x) hides m perfectly, in any number of
/// ciphertexts. kHalf and kShort assume besides that h^x cannot be told from kFull's.
enum class Exponents { kTextbook, kFull, kHalf, kShort };
inline constexpr std::size_t kExponentKinds = 4;
/// Bits of x.
std::size_t exponentBits(Exponents kind, std::size_t keyBits);
/// An exponent of that kind.
Limbs randomExponent(Exponents kind, const OddModulus& n);

/// Numbers computed ahead, each used once: bounded, wiped when they are used or forgotten. What is
/// computed eight at a time and not needed at once waits here as well. Safe to use from many
/// threads.
class Pool {
 public:
  static constexpr std::size_t kCapacity = 65536;
  /// Code::kOutOfRange above the capacity.
  static void checkCapacity(std::size_t count);

  /// Up to `count` of them.
  std::vector<LaneWords> take(std::size_t count);
  /// Adds; what passes the capacity is wiped.
  void add(std::vector<LaneWords> numbers);
  std::size_t size() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<LaneWords> numbers_;
};

/// One lane's words of an element, and back.
LaneWords extractLane(const SquareLanes::Element& element, std::size_t lane);
void insertLane(std::span<const ifma::Word> words, std::size_t lane, SquareLanes::Element& element);

/// Exponents for groups of eight lanes.
class LaneExponents {
 public:
  LaneExponents(std::size_t groups, auto exponent) {
    values_.reserve(groups * kLanes);
    for (std::size_t i = 0; i < groups * kLanes; ++i) values_.push_back(exponent(i));
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (i % kLanes == 0) numbers_.emplace_back();
      numbers_.back()[i % kLanes] = &values_[i];
    }
  }
  std::span<const LaneNumbers> numbers() const { return numbers_; }

 private:
  std::vector<Limbs> values_;
  std::vector<LaneNumbers> numbers_;
};

/// Random N-th residues modulo N^2, eight at a time. Safe to use from many threads.
class Randomness {
 public:
  Randomness(const OddModulus& n, const OddModulus& n2);

  const SquareModuli& moduli() const { return moduli_; }
  /// `count` <= kAtOnce fresh residues, eight in each element; what fills the last is not for use.
  /// The first kTableAfter of a kind are textbook ones: a table is made for who encrypts more.
  std::vector<SquareLanes::Element> take(SquareLanes& lanes, Exponents kind, std::size_t count);
  /// Computes until `count` are ready; Code::kOutOfRange above Pool::kCapacity.
  void prepare(Exponents kind, std::size_t count);
  std::size_t prepared(Exponents kind) const { return source(kind).ready.size(); }
  void forget(Exponents kind) { source(kind).ready.clear(); }

  static constexpr std::size_t kTableAfter = 16;
  static constexpr std::size_t kAtOnce = 64;

 private:
  struct Source {
    mutable std::mutex mutex;
    std::size_t asked = 0;
    std::unique_ptr<FixedBase> table;
    Pool ready;
  };
  const Source& source(Exponents kind) const { return sources_[static_cast<std::size_t>(kind)]; }
  Source& source(Exponents kind) { return sources_[static_cast<std::size_t>(kind)]; }
  std::vector<SquareLanes::Element> fresh(SquareLanes& lanes, Exponents kind, std::size_t groups,
                                          bool mayMakeTable);
  // The table, made now where `make` and there is none; nullptr without one.
  const FixedBase* table(Exponents kind, bool make);
  SquareLanes::Element textbook(SquareLanes& lanes) const;
  SquareLanes::Element base(SquareLanes& lanes);

  const OddModulus& n_;
  const OddModulus& n2_;
  SquareModuli moduli_;
  std::array<Source, kExponentKinds> sources_;
  std::mutex baseMutex_;
  std::optional<SquareLanes::Element> base_;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_RANDOMNESS_H_
