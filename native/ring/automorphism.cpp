#include <bit>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "ring/poly.h"

namespace veilsum::ring {

namespace {

using Permutation = std::shared_ptr<const std::vector<std::uint32_t>>;

std::uint32_t reverseBits(std::uint32_t x, int bits) {
  std::uint32_t result = 0;
  for (int i = 0; i < bits; ++i) result |= ((x >> i) & 1u) << (bits - 1 - i);
  return result;
}

// Position i holds a(psi^(2 rev(i) + 1)), so a(X^g) at i is a at the position whose exponent is
// g (2 rev(i) + 1) mod 2n.
Permutation evaluationPermutation(std::size_t n, std::uint64_t g) {
  const int bits = std::countr_zero(n);
  const std::uint64_t mask = 2 * n - 1;
  auto result = std::make_shared<std::vector<std::uint32_t>>(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint64_t exponent = (g * (2 * std::uint64_t{reverseBits(i, bits)} + 1)) & mask;
    (*result)[i] = reverseBits(static_cast<std::uint32_t>(exponent >> 1), bits);
  }
  return result;
}

// The permutations last used, up to 2^24 indices (64 MiB) in all.
class PermutationCache {
 public:
  Permutation get(std::size_t n, std::uint64_t g) {
    const Key key{n, g};
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = index_.find(key); found != index_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->second;
      }
    }
    Permutation permutation = evaluationPermutation(n, g);
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) return found->second->second;
    entries_.emplace_front(key, permutation);
    index_[key] = entries_.begin();
    for (held_ += n; held_ > kLimit && entries_.size() > 1; entries_.pop_back()) {
      held_ -= entries_.back().first.first;
      index_.erase(entries_.back().first);
    }
    return permutation;
  }

 private:
  using Key = std::pair<std::size_t, std::uint64_t>;
  using Entries = std::list<std::pair<Key, Permutation>>;
  static constexpr std::size_t kLimit = std::size_t{1} << 24;
  std::mutex mutex_;
  Entries entries_;  // the last used first
  std::map<Key, Entries::iterator> index_;
  std::size_t held_ = 0;
};

PermutationCache& permutationCache() {
  static PermutationCache cache;
  return cache;
}

void requireGaloisElement(std::size_t n, std::uint64_t g) {
  if (g % 2 == 1 && g < 2 * n) return;
  throw Error(Code::kOutOfRange, "the Galois element " + std::to_string(g) +
                                     " is not an odd number below " + std::to_string(2 * n));
}

}  // namespace

template <>
Poly<Coeff> automorphism(const Poly<Coeff>& a, std::uint64_t g) {
  const std::size_t n = a.n();
  requireGaloisElement(n, g);
  Poly<Coeff> result(a.basisPtr());
  for (std::size_t r = 0; r < a.size(); ++r) {
    const arith::Modulus& q = a.basis().modulus(r);
    const std::uint64_t* from = a.residue(r);
    std::uint64_t* to = result.residue(r);
    // X^i goes to X^(i g), and X^n = -1. The exponents are public.
    for (std::size_t i = 0, power = 0; i < n; ++i, power = (power + g) & (2 * n - 1)) {
      to[power & (n - 1)] = power < n ? from[i] : q.neg(from[i]);
    }
  }
  return result;
}

template <>
Poly<Eval> automorphism(const Poly<Eval>& a, std::uint64_t g) {
  requireGaloisElement(a.n(), g);
  const Permutation permutation = permutationCache().get(a.n(), g);
  const std::uint32_t* position = permutation->data();
  Poly<Eval> result(a.basisPtr());
  for (std::size_t r = 0; r < a.size(); ++r) {
    const std::uint64_t* from = a.residue(r);
    std::uint64_t* to = result.residue(r);
    for (std::size_t i = 0; i < a.n(); ++i) to[i] = from[position[i]];
  }
  return result;
}

}  // namespace veilsum::ring
