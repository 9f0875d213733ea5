#ifndef VEILSUM_RLWE_KEYS_H_
#define VEILSUM_RLWE_KEYS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "random/stream.h"
#include "rlwe/context.h"

namespace veilsum::rlwe {

/// A ternary secret, in Eval form over all of Q and P. Move-only, wiped when it goes.
class SecretKey {
 public:
  /// The uniform ternary secret of a seed; the same seed gives the same key. Secrets above
  /// secretNorm() (noise.h) are drawn again.
  static SecretKey generate(ContextPtr context, const random::Seed& seed);
  /// From ternary coefficients (n words in {-1, 0, 1}); Code::kCorrupt otherwise,
  /// Code::kUnsupported above secretNorm().
  static SecretKey fromCoefficients(ContextPtr context, std::span<const std::int8_t> s);

  SecretKey(SecretKey&&) noexcept = default;
  SecretKey& operator=(SecretKey&&) noexcept = default;
  ~SecretKey();

  const ContextPtr& context() const { return context_; }
  /// s over q_0..q_maxLevel, p. Named so that every use of the secret can be found.
  const ring::Poly<ring::Eval>& secretPoly() const { return s_; }

 private:
  SecretKey(ContextPtr context, ring::Poly<ring::Eval> s);
  ContextPtr context_;
  ring::Poly<ring::Eval> s_;
};

/// (b, a) with b = -a s + e over Q. a is expanded from `seed` (residue i from stream i).
struct PublicKey {
  ContextPtr context;
  random::Seed seed;
  ring::Poly<ring::Eval> b, a;

  static PublicKey generate(const SecretKey& secret);
  /// From its seeded form: b's words (n * |Q|).
  static PublicKey load(ContextPtr context, const random::Seed& seed,
                        std::span<const std::uint64_t> b);
};

/// A hybrid key-switching key from s' to s: for each digit d, (b_d, a_d) over QP with
/// b_d = -a_d s + e_d + P g_d s', g_d = 1 modulo the primes of digit d and 0 modulo the other q.
/// a_d's residue i is expanded from `seed`, stream d * |QP| + i.
struct KeySwitchKey {
  ContextPtr context;
  random::Seed seed;
  std::vector<ring::Poly<ring::Eval>> b, a;  // one for each digit

  static KeySwitchKey generate(const SecretKey& secret, const ring::Poly<ring::Eval>& from);
  /// From its seeded form: the b_d's words, digit after digit (digits * n * |QP|).
  static KeySwitchKey load(ContextPtr context, const random::Seed& seed,
                           std::span<const std::uint64_t> b);
  static std::size_t wordsOfB(const Context& context);
};

/// The Galois element of a rotation by `steps` slots to the left (3^steps mod 2n), and of the
/// conjugation or row swap (2n - 1).
std::uint64_t galoisElement(std::size_t n, std::int64_t steps);
std::uint64_t galoisElementOfConjugation(std::size_t n);

KeySwitchKey relinearizationKey(const SecretKey& secret);
/// Switches s(X^g) to s.
KeySwitchKey galoisKey(const SecretKey& secret, std::uint64_t g);

/// The public key material that an evaluator holds. Lookups throw Code::kMissingKey and name the
/// rotation that lacks its key.
struct EvaluationKeys {
  std::optional<KeySwitchKey> relinearization;
  std::map<std::uint64_t, KeySwitchKey> galois;

  const KeySwitchKey& relin() const;
  const KeySwitchKey& galoisFor(std::uint64_t g) const;
};

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_KEYS_H_
