#ifndef VEILSUM_TEST_BGV_CASES_H_
#define VEILSUM_TEST_BGV_CASES_H_

// Parameter sets of the BGV tests: chains made for it, as PrimeChain.forBgv does in Java, and
// chains of BFV, whose kappa is anything.

#include <algorithm>

#include "bfv_cases.h"
#include "bgv/encryption.h"
#include "bgv/evaluator.h"
#include "bgv/levels.h"

namespace veilsum::bgv::testing {

using bfv::testing::Case;
using bfv::testing::Clear;

inline std::uint64_t productModulo(const std::vector<std::uint64_t>& primes,
                                   const arith::Modulus& m) {
  std::uint64_t product = 1 % m.value();
  for (std::uint64_t q : primes) product = m.mul(product, m.reduce(q));
  return product;
}

/// The prime q of these bits with q_0 .. q_(l-1) q = -1 / kappa modulo the prime t, kappa least.
inline std::uint64_t primeOfSmallKappa(std::size_t n, int bits, const arith::Modulus& t,
                                       const std::vector<std::uint64_t>& below,
                                       const std::vector<std::uint64_t>& taken) {
  const std::uint64_t two_n = 2 * n, step = two_n * t.value();
  const std::uint64_t per_t = t.inverse(t.reduce(two_n));
  for (std::int64_t magnitude = 1;; ++magnitude) {
    for (const std::int64_t kappa : {magnitude, -magnitude}) {
      const std::uint64_t q = t.inverse(t.mul(t.fromSigned(-kappa), productModulo(below, t)));
      const std::uint64_t first = 1 + two_n * t.mul(t.sub(q, 1), per_t);
      const std::uint64_t most = (std::uint64_t{1} << bits) - 1;
      for (std::uint64_t x = first + (most - first) / step * step;
           x > std::uint64_t{1} << (bits - 1); x -= step) {
        const bool is_taken = std::find(taken.begin(), taken.end(), x) != taken.end();
        if (!is_taken && arith::isPrime(x)) return x;
      }
    }
  }
}

/// The context of a case whose chain is made for BGV; t prime.
inline bfv::ContextPtr contextForBgv(const Case& c) {
  const arith::Modulus t(bfv::testing::plainModulus(c));
  rlwe::ParameterSet set{c.n, {}, {}, c.digit_primes};
  std::vector<std::uint64_t> taken;
  const auto largest = [&](int bits) {
    for (std::uint64_t p : arith::largestPrimes(bits, 2 * c.n, taken.size() + 1)) {
      if (std::find(taken.begin(), taken.end(), p) != taken.end()) continue;
      taken.push_back(p);
      break;
    }
    return taken.back();
  };
  for (int bits : c.p_bits) set.p.push_back(largest(bits));
  set.q.push_back(largest(c.q_bits[0]));
  for (std::size_t l = 1; l < c.q_bits.size(); ++l) {
    taken.push_back(primeOfSmallKappa(c.n, c.q_bits[l], t, set.q, taken));
    set.q.push_back(taken.back());
  }
  return bfv::Context::create(rlwe::Context::create(set), t.value());
}

/// The presets of Java: bgv-8192 and bgv-16384.
inline Case layoutA() { return {"bgv8192", 8192, {46, 37, 34, 34, 39}, {24}, 1, 0, 65537}; }
inline Case layoutB() {
  return {"bgv16384", 16384, {46, 44, 42, 42, 42, 42, 42, 46}, {43, 43}, 2, 0, 3735553};
}

/// Keys of a context, over the cleartext twin of BFV's tests.
struct Setting : bfv::testing::Setting {
  explicit Setting(bfv::ContextPtr c, const std::vector<std::uint64_t>& galois = {})
      : bfv::testing::Setting(std::move(c), galois) {}

  Ciphertext encrypted(const Clear& m) const {
    return bgv::encrypt(plain(m), public_key, context->maxLevel());
  }
  std::vector<std::uint64_t> decrypted(const Ciphertext& c) const {
    std::vector<std::uint64_t> out(context->n());
    encoder.decode(decrypt(c, secret), out);
    return out;
  }
};

}  // namespace veilsum::bgv::testing

#endif  // VEILSUM_TEST_BGV_CASES_H_
