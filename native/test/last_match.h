#ifndef VEILSUM_TEST_LAST_MATCH_H_
#define VEILSUM_TEST_LAST_MATCH_H_

// The last match in sorted slot columns, the circuit of engine's dev.veilsum.circuit.SortedMatch,
// written once over BFV and BGV: the deepest circuit that tables have.

#include <vector>

#include "bgv_cases.h"

namespace veilsum::bgv::testing {

struct BfvScheme {
  using Ciphertext = bfv::Ciphertext;
  static constexpr const char* kName = "BFV";
  static Ciphertext encrypt(const bfv::Plaintext& m, const rlwe::SecretKey& secret,
                            std::size_t level) {
    return bfv::encrypt(m, secret, level);
  }
  static Ciphertext encrypt(const bfv::Plaintext& m, const rlwe::PublicKey& key,
                            std::size_t level) {
    return bfv::encrypt(m, key, level);
  }
  static bfv::Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret) {
    return bfv::decrypt(c, secret);
  }
  static Ciphertext multiply(const Ciphertext& a, const Ciphertext& b,
                             const rlwe::EvaluationKeys& keys) {
    return bfv::multiplyRelinearize(a, b, keys);
  }
  static Ciphertext dot(bfv::CiphertextRefs a, bfv::CiphertextRefs b,
                        const rlwe::EvaluationKeys& keys) {
    return bfv::relinearize(bfv::innerProduct(a, b), keys);
  }
};

struct BgvScheme {
  using Ciphertext = bgv::Ciphertext;
  static constexpr const char* kName = "BGV";
  static Ciphertext encrypt(const bfv::Plaintext& m, const rlwe::SecretKey& secret,
                            std::size_t level) {
    return bgv::encrypt(m, secret, level);
  }
  static Ciphertext encrypt(const bfv::Plaintext& m, const rlwe::PublicKey& key,
                            std::size_t level) {
    return bgv::encrypt(m, key, level);
  }
  static bfv::Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret) {
    return bgv::decrypt(c, secret);
  }
  static Ciphertext multiply(const Ciphertext& a, const Ciphertext& b,
                             const rlwe::EvaluationKeys& keys) {
    return bgv::multiplyRelinearize(a, b, keys);
  }
  static Ciphertext dot(CiphertextRefs a, CiphertextRefs b, const rlwe::EvaluationKeys& keys) {
    return bgv::relinearize(bgv::innerProduct(a, b), keys);
  }
};

template <class C>
std::vector<const C*> refs(const std::vector<C>& all) {
  std::vector<const C*> result;
  for (const C& c : all) result.push_back(&c);
  return result;
}

/// q_g = q_g q_(g+1) ... q_(n-1), log2 n deep (Sklansky, 1960).
template <class Scheme>
void suffixScan(std::vector<typename Scheme::Ciphertext>& q, const rlwe::EvaluationKeys& keys) {
  for (std::size_t h = 1; h < q.size(); h *= 2) {
    for (std::size_t b = 0; b + h < q.size(); b += 2 * h) {
      for (std::size_t g = b; g < b + h; ++g) q[g] = Scheme::multiply(q[g], q[b + h], keys);
    }
  }
}

/// The digits of the last v_g with m_g = 1, or 0, in every slot: v_(n-1) + sum q_g (v_(g-1) - v_g).
/// Layers are scanned in groups of `group`; a second scan joins them.
template <class Scheme, class C = typename Scheme::Ciphertext>
std::vector<C> lastMatch(const std::vector<C>& masks, const std::vector<std::vector<C>>& digits,
                         std::size_t group, const rlwe::EvaluationKeys& keys) {
  const std::size_t groups = masks.size() / group;
  std::vector<std::vector<C>> selected(digits.size());  // for each digit, those of the groups
  std::vector<C> none;                                  // of group 1 and on
  for (std::size_t a = 0; a < groups; ++a) {
    std::vector<C> q;
    for (std::size_t g = 0; g < group; ++g) {
      q.push_back(bfv::addScalar(bfv::negate(masks[a * group + g]), 1));
    }
    suffixScan<Scheme>(q, keys);
    std::vector<C> selectors;  // switched down once for all digits
    std::size_t level = digits[0][0].level();
    for (const C& c : q) level = std::min(level, c.level());
    for (const C& c : q) selectors.push_back(bfv::modSwitchTo(c, level));
    for (std::size_t d = 0; d < digits.size(); ++d) {
      const C* v = &digits[d][a * group];
      std::vector<C> steps;
      steps.push_back(bfv::negate(v[0]));
      for (std::size_t g = 1; g < group; ++g) steps.push_back(bfv::sub(v[g - 1], v[g]));
      selected[d].push_back(
          bfv::add(Scheme::dot(refs(selectors), refs(steps), keys), v[group - 1]));
    }
    if (a > 0) none.push_back(std::move(q[0]));
  }
  std::vector<C> results;
  if (!none.empty()) suffixScan<Scheme>(none, keys);
  for (std::vector<C>& y : selected) {
    C last = std::move(y.back());
    y.pop_back();
    results.push_back(none.empty() ? std::move(last)
                                   : bfv::add(Scheme::dot(refs(y), refs(none), keys), last));
  }
  return results;
}

/// A random sorted column in the clear, its masks and digits, and the answer.
struct Column {
  std::size_t n, layers, digits;
  std::uint64_t base;
  std::vector<std::vector<std::uint64_t>> mask;                ///< for each layer
  std::vector<std::vector<std::vector<std::uint64_t>>> digit;  ///< for each digit and layer
  std::vector<std::uint64_t> answer;                           ///< v + 1, or 0

  Column(std::size_t slots, std::size_t layer_count, std::size_t digit_count, int base_bits,
         std::mt19937_64& random)
      : n(slots),
        layers(layer_count),
        digits(digit_count),
        base(std::uint64_t{1} << base_bits),
        mask(layers, std::vector<std::uint64_t>(n)),
        digit(digits, mask),
        answer(n) {
    for (std::size_t s = 0; s < n; ++s) {
      std::vector<std::uint64_t> v(layers);
      for (auto& x : v) x = random() >> (64 - 41);
      std::sort(v.begin(), v.end());
      const std::uint64_t rarity = 1 + random() % 8;  // slots with many, few or no matches
      for (std::size_t g = 0; g < layers; ++g) {
        mask[g][s] = rarity < 8 && random() % rarity == 0;
        if (mask[g][s]) answer[s] = v[g] + 1;
        std::uint64_t rest = v[g] + 1;
        for (std::size_t d = 0; d < digits; ++d, rest /= base) digit[d][g][s] = rest % base;
      }
    }
  }

  /// Slots whose digits are not the answer.
  std::size_t wrong(const std::vector<std::vector<std::uint64_t>>& decrypted) const {
    std::size_t count = 0;
    for (std::size_t s = 0; s < n; ++s) {
      std::uint64_t value = 0;
      for (std::size_t d = digits; d-- > 0;) value = value * base + decrypted[d][s];
      count += value != answer[s];
    }
    return count;
  }
};

}  // namespace veilsum::bgv::testing

#endif  // VEILSUM_TEST_LAST_MATCH_H_
