#ifndef VEILSUM_RLWE_CONTEXT_H_
#define VEILSUM_RLWE_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ring/poly.h"

namespace veilsum::rlwe {

/// The numbers that define an RLWE instance with hybrid key switching
/// (Han and Ki, ePrint 2019/688, section 3).
struct ParameterSet {
  std::size_t n;                 ///< ring degree, a power of two, 1024 to 131072
  std::vector<std::uint64_t> q;  ///< the modulus chain, dropped from its end
  std::vector<std::uint64_t> p;  ///< special primes; none: no key switching
  std::size_t digit_primes = 1;  ///< chain primes in one key-switching digit
  friend bool operator==(const ParameterSet&, const ParameterSet&) = default;
};

/// Everything that is derived once from a ParameterSet. Immutable, shared between threads.
/// Level l means the residues q_0 .. q_l; a fresh ciphertext is at maxLevel().
class Context {
 public:
  /// Validates (degree, distinct NTT primes of 20 to 60 bits, digits): Code::kParameterMismatch.
  static std::shared_ptr<const Context> create(ParameterSet set);
  ~Context();

  const ParameterSet& parameters() const;
  std::size_t n() const;
  std::size_t maxLevel() const;
  const ring::BasisPtr& basisQ(std::size_t level) const;
  const ring::BasisPtr& basisP() const;                    ///< empty pointer where p is empty
  const ring::BasisPtr& basisQP(std::size_t level) const;  ///< q_0..q_level, then p
  bool canKeySwitch() const;
  /// P mod q_i, P the product of the special primes.
  std::uint64_t pModQ(std::size_t i) const;
  /// Key-switching digits alive at a level: ceil((level + 1) / digit_primes).
  std::size_t digits(std::size_t level) const;
  /// Throws Code::kOutOfRange above maxLevel().
  void requireLevel(std::size_t level) const;
  /// Throws Code::kParameterMismatch unless the other stands for the same parameters.
  void requireSame(const Context& other) const;

  struct Tables;  // base converters, gadget factors: rlwe only
  const Tables& tables() const;

 private:
  explicit Context(ParameterSet set);
  std::unique_ptr<const Tables> tables_;
};

using ContextPtr = std::shared_ptr<const Context>;

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_CONTEXT_H_
