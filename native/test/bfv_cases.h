#ifndef VEILSUM_TEST_BFV_CASES_H_
#define VEILSUM_TEST_BFV_CASES_H_

// Parameter sets, keys and the cleartext twin of the BFV tests.

#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "arith/primes.h"
#include "bfv/decryptor.h"
#include "bfv/encoder.h"
#include "bfv/encryptor.h"
#include "bfv/evaluator.h"

namespace veilsum::bfv::testing {

/// A parameter set by sizes: the primes are the largest of each size.
struct Case {
  const char* name;
  std::size_t n;
  std::vector<int> q_bits, p_bits;
  std::size_t digit_primes;
  int t_bits;  ///< > 0: the largest batching prime of that size; otherwise t itself is given
  std::uint64_t t = 0;
};

inline std::uint64_t plainModulus(const Case& c) {
  return c.t_bits > 0 ? arith::largestPrimes(c.t_bits, 2 * c.n, 1)[0] : c.t;
}

inline ContextPtr contextOf(const Case& c) {
  rlwe::ParameterSet set{c.n, {}, {}, c.digit_primes};
  std::map<int, std::vector<std::uint64_t>> pool;
  const auto take = [&](int bits) {
    // The plaintext modulus is no chain prime.
    auto& primes = pool.try_emplace(bits, arith::largestPrimes(bits, 2 * c.n, 24)).first->second;
    if (primes.front() == plainModulus(c)) primes.erase(primes.begin());
    const std::uint64_t prime = primes.front();
    primes.erase(primes.begin());
    return prime;
  };
  for (int bits : c.p_bits) set.p.push_back(take(bits));
  for (int bits : c.q_bits) set.q.push_back(take(bits));
  return Context::create(rlwe::Context::create(set), plainModulus(c));
}

/// A cleartext element of R_t, with the operations that ciphertexts have.
struct Clear {
  arith::Modulus t;
  std::vector<std::uint64_t> m;

  Clear operator+(const Clear& b) const {
    Clear r = *this;
    for (std::size_t i = 0; i < m.size(); ++i) r.m[i] = (m[i] + b.m[i]) % t.value();
    return r;
  }
  Clear operator-() const {
    Clear r = *this;
    for (auto& x : r.m) x = (t.value() - x) % t.value();
    return r;
  }
  Clear operator-(const Clear& b) const { return *this + -b; }
  Clear operator*(const Clear& b) const {  // schoolbook, modulo X^n + 1
    const std::size_t n = m.size();
    std::vector<std::uint64_t> product(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      if (m[i] == 0) continue;
      const arith::ShoupFactor factor = t.shoup(m[i]);
      for (std::size_t j = 0; j < n; ++j) {
        product[i + j] = t.add(product[i + j], t.mul(b.m[j], factor));
      }
    }
    Clear r = *this;
    for (std::size_t i = 0; i < n; ++i) r.m[i] = t.sub(product[i], product[n + i]);
    return r;
  }
  Clear times(std::int64_t k) const {
    Clear r = *this;
    for (auto& x : r.m) x = t.mul(x, t.fromSigned(k));
    return r;
  }
  Clear plus(std::int64_t k) const {
    Clear r = *this;
    r.m[0] = t.add(m[0], t.fromSigned(k));
    return r;
  }
  Clear galois(std::uint64_t g) const {
    const std::size_t n = m.size();
    Clear r = *this;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t e = i * g % (2 * n);
      r.m[e % n] = e < n ? m[i] : t.neg(m[i]);
    }
    return r;
  }
};

/// Keys of a case; every test of a case shares them.
struct Setting {
  ContextPtr context;
  rlwe::SecretKey secret;
  rlwe::PublicKey public_key;
  rlwe::EvaluationKeys keys;
  CoefficientEncoder encoder;
  std::mt19937_64 random{7};

  explicit Setting(const Case& c, const std::vector<std::uint64_t>& galois = {})
      : Setting(contextOf(c), galois) {}
  explicit Setting(ContextPtr c, const std::vector<std::uint64_t>& galois = {})
      : context(std::move(c)),
        secret(rlwe::SecretKey::generate(context->rlwe(), random::Seed{1, 2, 3})),
        public_key(rlwe::PublicKey::generate(secret)),
        encoder(context) {
    keys.relinearization = rlwe::relinearizationKey(secret);
    for (std::uint64_t g : galois) keys.galois.emplace(g, rlwe::galoisKey(secret, g));
  }

  Clear randomClear() {
    Clear r{context->plainModulus(), std::vector<std::uint64_t>(context->n())};
    for (auto& x : r.m) x = random() % context->t();
    return r;
  }
  /// Every coefficient at an edge of the range.
  Clear edgeClear() {
    Clear r = randomClear();
    const std::uint64_t t = context->t();
    const std::uint64_t edges[] = {0, t - 1, t / 2, (t - 1) / 2, 1 % t};
    for (std::size_t i = 0; i < r.m.size(); ++i) r.m[i] = edges[random() % 5];
    return r;
  }
  Plaintext plain(const Clear& m) const { return encoder.encode(m.m); }
  Ciphertext encrypted(const Clear& m) const {
    return encrypt(plain(m), public_key, context->maxLevel());
  }
  std::vector<std::uint64_t> decrypted(const Ciphertext& c) const {
    std::vector<std::uint64_t> out(context->n());
    encoder.decode(decrypt(c, secret), out);
    return out;
  }
};

inline const std::vector<Case>& cases() {
  static const std::vector<Case> table = {
      {"t2", 2048, {46, 46, 46}, {46}, 1, 0, 2},
      {"t3", 2048, {40, 40, 40}, {41}, 1, 0, 3},
      {"t65537", 4096, {36, 36, 37, 37}, {38}, 1, 0, 65537},
      {"t20Seal60", 2048, {60, 60, 60}, {60}, 1, 20},
      {"t20Bits30", 2048, {30, 30, 30, 30, 30, 30, 30}, {30}, 1, 20},
      {"t40Hybrid2", 2048, {46, 46, 46, 46, 46, 46}, {46, 46}, 2, 40},
      {"t46Hybrid3", 2048, {46, 46, 46, 46, 46, 46, 46}, {46, 46, 46}, 3, 46},
      {"t60", 2048, {46, 46, 46, 46, 46, 46, 46}, {46, 46}, 2, 60},
      {"t60Seal30", 1024, {30, 60, 30, 60, 30, 60, 45}, {60}, 1, 60},
      {"t2pow16", 2048, {46, 46, 46, 46}, {46}, 1, 0, std::uint64_t{1} << 16},
      {"t2pow32", 2048, {46, 46, 46, 46, 46}, {46, 46}, 2, 0, std::uint64_t{1} << 32},
      {"tComposite", 2048, {46, 46, 46, 46}, {46, 46}, 2, 0, 1000000},
  };
  return table;
}

}  // namespace veilsum::bfv::testing

#endif  // VEILSUM_TEST_BFV_CASES_H_
