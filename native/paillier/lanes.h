#ifndef VEILSUM_PAILLIER_LANES_H_
#define VEILSUM_PAILLIER_LANES_H_

#include <array>
#include <cstdint>
#include <span>

#include "paillier/limbs.h"
#include "paillier/pairs_ifma.h"

namespace veilsum::paillier {

inline constexpr std::size_t kLanes = ifma::kLanes;

/// Whether eight numbers are computed at once (AVX-512 IFMA, pairs_ifma.h); GMP works otherwise.
bool lanesAvailable();

/// Words of vectors; wiped.
using LaneWords = Buffer<ifma::Word, true>;

/// A number for each lane; the pointers stay valid while it is used.
using LaneNumbers = std::array<const Limbs*, kLanes>;
LaneNumbers allLanes(const Limbs& a);

/// Number `lane` of k limbs of vectors, to and from limbs of 64 bits.
void scatter(const Limbs& a, std::size_t lane, std::size_t k, ifma::Word* vectors);
Limbs gather(const ifma::Word* vectors, std::size_t lane, std::size_t k, std::size_t limbs);

/// Exponents in windows of `bits`, the highest first: a digit for each lane.
struct Windows {
  Windows(const LaneNumbers& exponents, std::size_t exponentBits, std::size_t bits);
  std::size_t count;
  std::size_t bits;
  LaneWords digits;
};

/// An odd modulus M with its square.
struct SquaredModulus {
  const OddModulus* modulus;
  const OddModulus* square;
};

/// The constants of arithmetic modulo the squares of eight moduli of one length. Immutable.
class SquareModuli {
 public:
  explicit SquareModuli(const std::array<SquaredModulus, kLanes>& moduli);

  std::size_t k() const { return k_; }
  std::size_t elementWords() const { return ifma::elementWords(k_); }
  ifma::Moduli view() const;
  /// R^power modulo M^2 as an element, 1 <= power <= kPowers.
  const ifma::Word* radixPower(std::size_t power) const;
  const OddModulus& modulus(std::size_t lane) const { return *moduli_[lane].modulus; }

  static constexpr std::size_t kPowers = 5;

 private:
  std::array<SquaredModulus, kLanes> moduli_;
  std::size_t k_;
  LaneWords constants_;  // M, -1/M, the checksum of M
  LaneWords powers_;
};

/// A computation modulo M_l^2 in eight lanes, on one thread. Elements are x R modulo M^2
/// (pairs_ifma.h). Every product is checked; finish() tells of a fault. Time and addresses depend
/// on lengths alone.
class SquareLanes {
 public:
  using Element = LaneWords;

  explicit SquareLanes(const SquareModuli& moduli);

  Element one() const;
  /// The elements of integers of up to four times k limbs.
  Element enter(const LaneNumbers& numbers);
  void multiply(const Element& x, const Element& y, Element& out);
  void square(const Element& x, Element& out);
  /// x times a factor of k limbs (times R) with its checksum, both as in an element.
  void multiplyFactor(const Element& x, const ifma::Word* factor, const ifma::Word* checksum,
                      Element& out);
  /// x (1 - wM) for w of k limbs with its checksum, w below 2^12 M: sums (ifma::accumulate) of up
  /// to 2^11 numbers below 2M, which are carried here.
  void shift(Element& x, ifma::Word* w, ifma::Word* checksum);
  /// a b / R modulo M, below 2M, for k limbs below 2M.
  void product(const ifma::Word* a, const ifma::Word* b, ifma::Word* out);
  /// base^exponent in fixed windows, all of the table read for each (a few bits a window).
  Element power(const Element& base, const Windows& exponents);
  /// The pair (u, v) of the number itself times (1, w): x (1 - wM) modulo M^2, with v below M and u
  /// at most M, which it is only where M divides x. w is below M in each lane; nullptr: zero.
  void leave(const Element& x, const LaneNumbers* w, Element& out);
  /// a b modulo M for limbs a below 2M (k of each lane) and b the limbs of b R modulo M.
  Element multiplyModulo(const ifma::Word* a, const ifma::Word* b);

  /// Code::kInternal where a product in a lane of the mask was wrong.
  void finish(unsigned lanes = 0xff) const;

 private:
  const SquareModuli& moduli_;
  LaneWords scratch_;
  unsigned wrong_ = 0;
};

}  // namespace veilsum::paillier

#endif  // VEILSUM_PAILLIER_LANES_H_
