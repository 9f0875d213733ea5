#ifndef VEILSUM_TEST_CKKS_INSTANCE_H_
#define VEILSUM_TEST_CKKS_INSTANCE_H_

#include <cmath>
#include <complex>
#include <map>
#include <memory>
#include <numbers>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "arith/crt.h"
#include "arith/primes.h"
#include "ckks/decryptor.h"
#include "ckks/encoder.h"
#include "ckks/encryptor.h"
#include "ckks/evaluator.h"
#include "rlwe/noise.h"

namespace veilsum::ckks::test {

using Slots = std::vector<std::complex<double>>;

/// A parameter set by the bits of its primes. Not all of them are secure: they are for tests.
struct Shape {
  const char* name;
  std::size_t n;
  std::vector<int> q, p;
  std::size_t digit_primes;
  int scale_bits;
};
inline std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.name; }

inline const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {"n2048_q30", 2048, {50, 30, 30, 30}, {50}, 1, 30},
      {"n4096_q40", 4096, {46, 40, 40, 40}, {46}, 1, 40},
      {"n4096_seal", 4096, {36, 36}, {37}, 1, 30},
      {"n8192_q50_digits2", 8192, {60, 50, 50, 50}, {60, 60}, 2, 50},
      {"n8192_q60_seal", 8192, {60, 60, 60}, {60}, 1, 52},
      {"n16384_q45_digits3", 16384, {50, 45, 45, 45, 45, 45, 45}, {47, 47, 47}, 3, 45},
  };
  return all;
}

/// Context, keys and values of one shape; built once and shared by the tests of a file.
struct Instance {
  explicit Instance(const Shape& s,
                    const std::vector<std::int64_t>& rotations = {1, 2, 4, 8, -1, -4, 5, 100})
      : shape(s),
        context(rlwe::Context::create(parametersOf(s))),
        encoder(context),
        secret(rlwe::SecretKey::generate(context, random::Seed{7, 1, 2})),
        public_key(rlwe::PublicKey::generate(secret)) {
    keys.relinearization.emplace(rlwe::relinearizationKey(secret));
    for (const std::int64_t steps : rotations) addRotation(steps);
    const std::uint64_t conjugation = rlwe::galoisElementOfConjugation(s.n);
    keys.galois.emplace(conjugation, rlwe::galoisKey(secret, conjugation));
  }

  static rlwe::ParameterSet parametersOf(const Shape& s) {
    std::map<int, std::size_t> count;
    for (const auto* bits : {&s.q, &s.p}) {
      for (const int b : *bits) ++count[b];
    }
    std::map<int, std::vector<std::uint64_t>> primes;
    for (const auto& [bits, c] : count) primes[bits] = arith::largestPrimes(bits, 2 * s.n, c);
    rlwe::ParameterSet set{s.n, {}, {}, s.digit_primes};
    for (const int b : s.p) set.p.push_back(primes[b].front()), primes[b].erase(primes[b].begin());
    for (const int b : s.q) set.q.push_back(primes[b].front()), primes[b].erase(primes[b].begin());
    return set;
  }

  static const Instance& of(const Shape& shape) {
    static std::map<std::string, std::unique_ptr<const Instance>> built;
    auto& place = built[shape.name];
    if (!place) place = std::make_unique<const Instance>(shape);
    return *place;
  }

  void addRotation(std::int64_t steps) {
    const std::uint64_t g = rlwe::galoisElement(shape.n, steps);
    keys.galois.emplace(g, rlwe::galoisKey(secret, g));
  }

  std::size_t slots() const { return shape.n / 2; }
  std::size_t top() const { return context->maxLevel(); }
  double scale() const { return std::ldexp(1.0, shape.scale_bits); }

  Plaintext encode(const Slots& values) const { return encode(values, top(), scale()); }
  Plaintext encode(const Slots& values, std::size_t level, double scale) const {
    return encoder.encode(values, {.level = level, .scale = scale, .slots = values.size()});
  }
  Ciphertext encrypt(const Slots& values) const {
    return ckks::encrypt(encode(values), public_key);
  }
  Slots decrypt(const Ciphertext& c) const {
    Slots out(slots());
    ckks::decrypt(c, secret, out);
    return out;
  }

  Shape shape;
  rlwe::ContextPtr context;
  Encoder encoder;
  rlwe::SecretKey secret;
  rlwe::PublicKey public_key;
  rlwe::EvaluationKeys keys;
};

/// Complex numbers on the circle of radius `bound`: every slot is as large as declared.
inline Slots circle(std::size_t count, double bound, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> angle(0, 2 * std::numbers::pi);
  Slots result(count);
  for (auto& value : result) value = std::polar(bound, angle(random));
  return result;
}

inline Slots reals(std::size_t count, double bound, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(-bound, bound);
  Slots result(count);
  for (auto& value : result) value = uniform(random);
  return result;
}

/// The twin in the clear: f of each slot.
template <class F, class... More>
Slots map(F f, const Slots& a, const More&... more) {
  Slots result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = f(a[i], more[i % more.size()]...);
  return result;
}

inline Slots rotated(const Slots& a, std::int64_t steps) {
  const auto size = static_cast<std::int64_t>(a.size());
  Slots result(a.size());
  for (std::int64_t i = 0; i < size; ++i) result[i] = a[(((i + steps) % size) + size) % size];
  return result;
}

inline double largestDifference(const Slots& a, const Slots& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i % b.size()]));
  }
  return largest;
}

inline bool sameWords(const Ciphertext& a, const Ciphertext& b) {
  if (a.body.parts.size() != b.body.parts.size()) return false;
  for (std::size_t i = 0; i < a.body.parts.size(); ++i) {
    const auto x = a.body.parts[i].words(), y = b.body.parts[i].words();
    if (!std::equal(x.begin(), x.end(), y.begin(), y.end())) return false;
  }
  return true;
}

/// The canonical norm of phase - (the polynomial of these slots, as exact as doubles encode it).
inline double measuredNoise(const Instance& on, const Ciphertext& c, const Slots& expected) {
  const Plaintext message = on.encode(expected, c.level(), c.scale);
  ring::Poly<ring::Coeff> error = rlwe::phase(c.body, on.secret);
  ring::subInto(error, ring::toCoeff(message.poly->copy()));
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < error.size(); ++i) moduli.push_back(error.basis().modulus(i));
  const arith::Crt crt(moduli);
  std::vector<double> coefficients(error.n());
  std::vector<std::uint64_t> residues(error.size()), value(crt.words());
  for (std::size_t k = 0; k < error.n(); ++k) {
    for (std::size_t i = 0; i < error.size(); ++i) residues[i] = error.residue(i)[k];
    crt.compose(residues, value);
    coefficients[k] = crt.toCentredDouble(value);
  }
  return rlwe::canonicalNorm(coefficients);
}

}  // namespace veilsum::ckks::test

#endif  // VEILSUM_TEST_CKKS_INSTANCE_H_
