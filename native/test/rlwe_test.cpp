#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numbers>
#include <random>

#include "arith/crt.h"
#include "arith/primes.h"
#include "base/buffer.h"
#include "random/samplers.h"
#include "ring/base_convert.h"
#include "rlwe/ciphertext.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"
#include "rlwe/small_poly.h"

namespace {

// What this executable's aligned memory (all buffers) holds at the moment it is freed: whether a
// block starts with one of these words, and whether the block at an address is all zero.
struct FreedMemory {
  const void* watched = nullptr;
  std::size_t watched_bytes = 0;
  int watched_freed = 0, watched_not_zero = 0;
  std::vector<std::array<std::uint64_t, 4>> secrets;
  int secrets_found = 0, blocks = 0;
  bool active = false;

  void inspect(const void* block) {
    if (!active || block == nullptr) return;
    ++blocks;
    if (block == watched) {
      ++watched_freed;
      const auto* bytes = static_cast<const unsigned char*>(block);
      for (std::size_t i = 0; i < watched_bytes; ++i) watched_not_zero |= bytes[i] != 0;
    }
    for (const auto& secret : secrets) {
      secrets_found += std::memcmp(block, secret.data(), sizeof(secret)) == 0;
    }
  }
} freed;

}  // namespace

void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  const auto a = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(a, (size + a - 1) / a * a);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* data = operator new(size, alignment, std::nothrow)) return data;
  throw std::bad_alloc();
}
void operator delete(void* data, std::align_val_t) noexcept {
  freed.inspect(data);
  std::free(data);
}
void operator delete(void* data, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(data, alignment);
}

namespace veilsum::rlwe {
namespace {

using ring::Coeff;
using ring::Eval;
using ring::Poly;
using Words = std::vector<std::uint64_t>;
using Rng = std::mt19937_64;

// A chain of primes of these sizes, special primes of these sizes, all distinct.
ContextPtr contextOf(std::size_t n, const std::vector<int>& q, const std::vector<int>& p,
                     std::size_t digit_primes) {
  std::vector<int> bits = q;
  bits.insert(bits.end(), p.begin(), p.end());
  Words primes;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const auto earlier = std::count(bits.begin(), bits.begin() + i, bits[i]);
    primes.push_back(arith::largestPrimes(bits[i], 2 * n, earlier + 1).back());
  }
  return Context::create({n,
                          {primes.begin(), primes.begin() + q.size()},
                          {primes.begin() + q.size(), primes.end()},
                          digit_primes});
}

template <class Form>
bool equal(const Poly<Form>& a, const Poly<Form>& b) {
  return a.basis() == b.basis() && std::ranges::equal(a.words(), b.words());
}

template <class Call>
void expectCode(Code code, Call call) {
  try {
    call();
    ADD_FAILURE() << "no error where " << codeName(code) << " belongs";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
  }
}

random::Seed seedOf(int number) {
  random::Seed seed{};
  seed[0] = static_cast<std::uint8_t>(number);
  seed[1] = static_cast<std::uint8_t>(number >> 8);
  return seed;
}

Poly<Coeff> randomCoeff(const ring::BasisPtr& basis, Rng& rng) {
  Poly<Coeff> result(basis);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    std::uniform_int_distribution<std::uint64_t> word(0, basis->modulus(i).value() - 1);
    for (std::size_t k = 0; k < basis->n(); ++k) result.residue(i)[k] = word(rng);
  }
  return result;
}

// The centred coefficients.
std::vector<double> centred(const Poly<Coeff>& x) {
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < x.size(); ++i) moduli.push_back(x.basis().modulus(i));
  const arith::Crt crt(moduli);
  std::vector<double> result(x.n());
  Words residues(x.size()), value(crt.words());
  for (std::size_t k = 0; k < x.n(); ++k) {
    for (std::size_t i = 0; i < x.size(); ++i) residues[i] = x.residue(i)[k];
    crt.compose(residues, value);
    result[k] = crt.toCentredDouble(value);
  }
  return result;
}

double normOf(const Poly<Coeff>& x) { return canonicalNorm(centred(x)); }

double largestCoefficient(const Poly<Coeff>& x) {
  double largest = 0;
  for (const double value : centred(x)) largest = std::max(largest, std::abs(value));
  return largest;
}

// The secret over q_0..q_level: the first residues of the key's.
Poly<Eval> secretAt(const SecretKey& secret, std::size_t level) {
  return secret.secretPoly().prefix(level + 1);
}

// A bound that holds and is within 4 bits of what is measured.
void expectTight(double measured, double bound, const std::string& what) {
  EXPECT_LE(measured, bound) << what;
  EXPECT_LE(bound, 16 * measured) << what;
}

TEST(Context, LevelsDigitsAndBases) {
  const ContextPtr context = contextOf(1024, {50, 46, 46, 46, 46}, {47, 47}, 2);
  EXPECT_EQ(context->maxLevel(), 4u);
  EXPECT_EQ(context->digits(0), 1u);
  EXPECT_EQ(context->digits(1), 1u);
  EXPECT_EQ(context->digits(2), 2u);
  EXPECT_EQ(context->digits(4), 3u);
  EXPECT_EQ(context->basisQ(2)->size(), 3u);
  EXPECT_EQ(context->basisQP(2)->size(), 5u);
  EXPECT_EQ(context->basisQP(2)->primes()[3], context->parameters().p[0]);
  EXPECT_TRUE(context->canKeySwitch());
  EXPECT_FALSE(contextOf(1024, {30}, {}, 1)->canKeySwitch());
  expectCode(Code::kOutOfRange, [&] { context->basisQ(5); });
}

TEST(Context, BadParametersAreRefused) {
  const Words q = arith::largestPrimes(46, 2048, 3), p = arith::largestPrimes(47, 2048, 1);
  const ParameterSet good{1024, q, p, 1};
  EXPECT_NO_THROW(Context::create(good));
  const auto refused = [&](auto change) {
    ParameterSet bad = good;
    change(bad);
    expectCode(Code::kParameterMismatch, [&] { Context::create(bad); });
  };
  refused([](ParameterSet& set) { set.n = 0; });
  refused([](ParameterSet& set) { set.n = 1000; });
  refused([](ParameterSet& set) { set.n = 512; });
  refused([](ParameterSet& set) { set.n = 262144; });
  refused([](ParameterSet& set) { set.q.clear(); });
  refused([](ParameterSet& set) { set.q[1] = set.q[0]; });
  refused([](ParameterSet& set) { set.p[0] = set.q[0]; });
  refused([](ParameterSet& set) { set.q[0] = 0; });
  refused([](ParameterSet& set) { set.q[0] += 2048; });           // composite or used
  refused([](ParameterSet& set) { set.q[0] = 70368744177643; });  // a prime, not 1 modulo 2n
  refused([](ParameterSet& set) { set.q[0] = 12289; });           // 14 bits
  refused([](ParameterSet& set) { set.q[0] = arith::largestPrimes(61, 2048, 1)[0]; });
  refused([](ParameterSet& set) { set.digit_primes = 0; });
  refused([](ParameterSet& set) { set.digit_primes = 4; });
  refused([](ParameterSet& set) { set.p.assign(300, set.p[0]); });
}

TEST(SecretKey, SeedsAndCoefficients) {
  const ContextPtr context = contextOf(2048, {46, 30}, {60}, 1);
  const SecretKey a = SecretKey::generate(context, seedOf(1));
  const SecretKey b = SecretKey::generate(context, seedOf(1));
  const SecretKey c = SecretKey::generate(context, seedOf(2));
  EXPECT_TRUE(equal(a.secretPoly(), b.secretPoly()));
  EXPECT_FALSE(equal(a.secretPoly(), c.secretPoly()));

  // Ternary, the same over every prime, and about a third of each value.
  const Poly<Coeff> s = toCoeff(a.secretPoly().copy());
  std::vector<std::int8_t> values(context->n());
  int count[3] = {};
  for (std::size_t k = 0; k < context->n(); ++k) {
    const std::uint64_t first = s.residue(0)[k], q = s.basis().modulus(0).value();
    values[k] = static_cast<std::int8_t>(first == q - 1 ? -1 : static_cast<int>(first));
    ASSERT_TRUE(first <= 1 || first == q - 1);
    for (std::size_t i = 1; i < s.size(); ++i) {
      ASSERT_EQ(s.residue(i)[k], s.basis().modulus(i).fromSigned(values[k]));
    }
    ++count[values[k] + 1];
  }
  for (const int seen : count) EXPECT_NEAR(seen, 2048 / 3.0, 150);  // 7 standard deviations

  EXPECT_TRUE(equal(SecretKey::fromCoefficients(context, values).secretPoly(), a.secretPoly()));
  for (const int bad : {2, -2, 3, 4, 127, -128, -127}) {
    auto wrong = values;
    wrong[77] = static_cast<std::int8_t>(bad);
    expectCode(Code::kCorrupt, [&] { SecretKey::fromCoefficients(context, wrong); });
  }
  expectCode(Code::kCorrupt, [&] {
    SecretKey::fromCoefficients(context, std::vector<std::int8_t>(context->n(), 0));
  });
  values.pop_back();
  expectCode(Code::kCorrupt, [&] { SecretKey::fromCoefficients(context, values); });
}

TEST(SecretKey, IsWipedAndLeavesNoCopies) {
  freed = {};
  const ContextPtr context = contextOf(1024, {46, 46}, {47}, 1);
  const auto start = [](const auto& poly) {
    std::array<std::uint64_t, 4> words;
    std::copy_n(poly.words().data(), words.size(), words.begin());
    return words;
  };
  {
    const SecretKey known = SecretKey::generate(context, seedOf(3));
    const Poly<Eval>& s = known.secretPoly();
    freed.secrets = {start(s), start(toCoeff(s.copy())), start(mul(s, s)),
                     start(automorphism(s, 3))};
    std::array<std::int8_t, 32> small{};  // the sampler's own bytes
    Buffer<std::int8_t> values(context->n());
    random::Stream stream(seedOf(3));
    random::sampleTernary(stream, values);
    std::copy_n(values.data(), small.size(), small.begin());
    freed.secrets.push_back(std::bit_cast<std::array<std::uint64_t, 4>>(small));
  }
  freed.active = true;
  {
    // A copy that nobody wipes is seen, so the check can fail.
    const SecretKey secret = SecretKey::generate(context, seedOf(3));
    { const Poly<Eval> forgotten = secret.secretPoly().copy(); }
    EXPECT_EQ(freed.secrets_found, 1);
    freed.secrets_found = 0;
  }
  {
    SecretKey first = SecretKey::generate(context, seedOf(3));
    freed.watched = first.secretPoly().words().data();
    freed.watched_bytes = first.secretPoly().words().size_bytes();
    SecretKey secret = std::move(first);
    const PublicKey key = PublicKey::generate(secret);
    const KeySwitchKey relin = relinearizationKey(secret), galois = galoisKey(secret, 3);
    const auto c = encryptZero(secret, 1);
    const auto d = encryptZeroCoeff(secret, 1);
    phase(c, secret);
    phase(d, secret);
    secret = SecretKey::generate(context, seedOf(4));  // replaces, and so drops, the first
  }
  freed.active = false;
  EXPECT_EQ(freed.watched_freed, 1);
  EXPECT_EQ(freed.watched_not_zero, 0);
  EXPECT_EQ(freed.secrets_found, 0);
  EXPECT_GT(freed.blocks, 20);
}

TEST(Keys, EquationsAndSeededForms) {
  for (const std::size_t digit_primes : {1, 2, 3}) {
    const ContextPtr context = contextOf(1024, {60, 46, 30}, {47, 50}, digit_primes);
    const SecretKey secret = SecretKey::generate(context, seedOf(5));
    const Poly<Eval>& s = secret.secretPoly();

    const PublicKey key = PublicKey::generate(secret);
    auto error = mul(key.a, s.prefix(3));
    addInto(error, key.b);
    EXPECT_LE(largestCoefficient(toCoeff(std::move(error))), 21);
    const PublicKey loaded = PublicKey::load(context, key.seed, key.b.words());
    EXPECT_TRUE(equal(loaded.a, key.a) && equal(loaded.b, key.b));
    EXPECT_NE(PublicKey::generate(secret).seed, key.seed);

    const KeySwitchKey relin = relinearizationKey(secret);
    ASSERT_EQ(relin.b.size(), context->digits(2));
    const auto square = mul(s, s);
    Words all_b;
    for (std::size_t d = 0; d < relin.b.size(); ++d) {
      // b_d + a_d s - P g_d s^2
      auto rest = mul(relin.a[d], s);
      addInto(rest, relin.b[d]);
      Words gadget(s.size(), 0);
      for (std::size_t i = d * digit_primes; i < std::min((d + 1) * digit_primes, std::size_t{3});
           ++i) {
        const arith::Modulus& q = s.basis().modulus(i);
        gadget[i] =
            q.mul(q.reduce(context->parameters().p[0]), q.reduce(context->parameters().p[1]));
      }
      auto message = square.copy();
      scale(message, gadget);
      subInto(rest, message);
      const double largest = largestCoefficient(toCoeff(std::move(rest)));
      EXPECT_LE(largest, 21);
      EXPECT_GE(largest, 6);
      all_b.insert(all_b.end(), relin.b[d].words().begin(), relin.b[d].words().end());
    }
    ASSERT_EQ(all_b.size(), KeySwitchKey::wordsOfB(*context));
    const KeySwitchKey again = KeySwitchKey::load(context, relin.seed, all_b);
    for (std::size_t d = 0; d < relin.b.size(); ++d) {
      EXPECT_TRUE(equal(again.a[d], relin.a[d]) && equal(again.b[d], relin.b[d]));
    }

    expectCode(Code::kCorrupt,
               [&] { KeySwitchKey::load(context, relin.seed, std::span(all_b).subspan(1)); });
    all_b[1024] = s.basis().modulus(1).value();
    expectCode(Code::kCorrupt, [&] { KeySwitchKey::load(context, relin.seed, all_b); });
    Words b(key.b.words().begin(), key.b.words().end());
    b.back() = ~std::uint64_t{0};
    expectCode(Code::kCorrupt, [&] { PublicKey::load(context, key.seed, b); });
    b.pop_back();
    expectCode(Code::kCorrupt, [&] { PublicKey::load(context, key.seed, b); });
  }
  const SecretKey bare = SecretKey::generate(contextOf(1024, {30, 30}, {}, 1), seedOf(5));
  expectCode(Code::kUnsupported, [&] { relinearizationKey(bare); });
  expectCode(Code::kUnsupported, [&] { keySwitchNoise(*bare.context(), 0); });
}

TEST(Galois, ElementsAndMissingKeys) {
  const std::size_t n = 1024;
  EXPECT_EQ(galoisElement(n, 0), 1u);
  EXPECT_EQ(galoisElement(n, 1), 3u);
  EXPECT_EQ(galoisElement(n, 3), 27u);
  EXPECT_EQ(galoisElement(n, 512), 1u);
  EXPECT_EQ(galoisElement(n, 513), 3u);
  EXPECT_EQ(galoisElementOfConjugation(n), 2047u);
  for (const std::int64_t steps : {1, 2, 77, 511, -1, -300, -1000}) {
    EXPECT_EQ(galoisElement(n, steps) * galoisElement(n, -steps) % 2048, 1u);
    EXPECT_EQ(galoisElement(n, steps), galoisElement(n, steps + 512));
  }

  const SecretKey secret = SecretKey::generate(contextOf(n, {46, 46}, {47}, 1), seedOf(6));
  EvaluationKeys keys;
  expectCode(Code::kMissingKey, [&] { keys.relin(); });
  expectCode(Code::kMissingKey, [&] { keys.galoisFor(3); });
  keys.galois.emplace(3, galoisKey(secret, 3));
  EXPECT_EQ(&keys.galoisFor(3), &keys.galois.at(3));
  const auto message = [&](std::uint64_t g) {
    try {
      keys.galoisFor(g);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message(galoisElement(n, 5)).find("rotation by 5 steps"), std::string::npos);
  EXPECT_NE(message(2047).find("conjugation"), std::string::npos);
  expectCode(Code::kOutOfRange, [&] { galoisKey(secret, 4); });
}

TEST(Ciphertext, EncryptionsOfZero) {
  const ContextPtr context = contextOf(1024, {60, 46, 30}, {}, 1);
  const SecretKey secret = SecretKey::generate(context, seedOf(7));
  const PublicKey key = PublicKey::generate(secret);
  for (std::size_t level = 0; level < 3; ++level) {
    const auto c = encryptZero(secret, level);
    EXPECT_EQ(c.level(), level);
    EXPECT_EQ(c.degree(), 1u);
    EXPECT_LE(largestCoefficient(phase(c, secret)), 21);
    const auto d = encryptZeroCoeff(secret, level);
    EXPECT_LE(largestCoefficient(phase(d, secret)), 21);
    const auto copy = d.copy();
    EXPECT_TRUE(equal(copy.parts[0], d.parts[0]) && copy.seed == d.seed);
    // The seed stands for parts[1] in the ciphertext's own form.
    for (std::size_t i = 0; i <= level; ++i) {
      Words row(1024);
      random::expandUniform(*c.seed, i, context->basisQ(level)->modulus(i), row);
      EXPECT_TRUE(std::equal(row.begin(), row.end(), c.parts[1].residue(i)));
      random::expandUniform(*d.seed, i, context->basisQ(level)->modulus(i), row);
      EXPECT_TRUE(std::equal(row.begin(), row.end(), d.parts[1].residue(i)));
    }
    const auto e = encryptZero(key, level);
    EXPECT_FALSE(e.seed.has_value());
    EXPECT_LE(largestCoefficient(phase(e, secret)), freshPublicNoise(*context));
    const auto f = encryptZeroCoeff(key, level);
    EXPECT_FALSE(f.seed.has_value());
    EXPECT_LE(largestCoefficient(phase(f, secret)), freshPublicNoise(*context));
    const auto message = expandPoly<ring::Eval>(context->basisQ(level), seedOf(8));
    auto g = encrypt(key, message);
    ring::subInto(g.parts[0], message);
    EXPECT_LE(largestCoefficient(phase(g, secret)), freshPublicNoise(*context));
    EXPECT_NE(encryptZero(secret, level).seed, c.seed);
  }
  expectCode(Code::kOutOfRange, [&] { encryptZero(secret, 3); });
  expectCode(Code::kOutOfRange, [&] { encryptZero(key, 3); });
  const SecretKey other = SecretKey::generate(contextOf(1024, {60, 46}, {}, 1), seedOf(7));
  expectCode(Code::kKeyMismatch, [&] { phase(encryptZero(secret, 1), other); });
}

// c_0 + c_1 s + c_2 s^2 + c_3 s^3 in both forms, against the sum of products.
TEST(Ciphertext, PhaseOfHigherDegrees) {
  const ContextPtr context = contextOf(1024, {60, 46}, {}, 1);
  const SecretKey secret = SecretKey::generate(context, seedOf(8));
  Rng rng(8);
  const Poly<Eval> s = secretAt(secret, 1);
  Ciphertext<Eval> c{context, {}, std::nullopt};
  Ciphertext<Coeff> d{context, {}, std::nullopt};
  Poly<Eval> expected(context->basisQ(1));
  for (int i = 0; i < 4; ++i) {
    auto part = randomCoeff(context->basisQ(1), rng);
    d.parts.push_back(part.copy());
    c.parts.push_back(toEval(std::move(part)));
    auto term = c.parts.back().copy();
    for (int k = 0; k < i; ++k) mulInto(term, s);
    addInto(expected, term);
    const auto wanted = toCoeff(expected.copy());
    EXPECT_TRUE(equal(phase(c, secret), wanted)) << i;
    EXPECT_TRUE(equal(phase(d, secret), wanted)) << i;
  }
}

struct Shape {
  std::size_t n;
  std::vector<int> q, p;
  std::size_t digit_primes;
};

const Shape kShapes[] = {
    {1024, {30, 30}, {30}, 1},
    {1024, {60, 60, 60}, {60}, 1},  // SEAL's way
    {1024, {50, 46, 46, 46, 46}, {47, 47}, 2},
    {1024, {46, 46, 46, 46}, {46, 46, 46}, 2},
    {1024, {46, 46, 46, 46, 46}, {60, 60}, 3},  // P below a digit: noisy, and right
    {1024, {46, 46, 46, 46, 46, 46}, {47, 47, 47, 47}, 4},
    {1024, {60, 30, 40, 50, 60}, {60, 60, 60, 60}, 4},
    {1024, {36, 36, 36}, {37, 37, 37}, 3},
    {2048, {46, 40, 40}, {46, 46}, 2},
    {4096, {60, 40, 40, 40}, {60}, 1},
    {16384, {46, 46, 46}, {46, 46}, 2},
};

std::string nameOf(const Shape& shape) {
  return "n " + std::to_string(shape.n) + ", " + std::to_string(shape.q.size()) + " primes, " +
         std::to_string(shape.p.size()) + " special, digits of " +
         std::to_string(shape.digit_primes);
}

// k_0 + k_1 s - c s'
double keySwitchError(const std::pair<Poly<Eval>, Poly<Eval>>& k, const Poly<Eval>& c,
                      const Poly<Eval>& from, const Poly<Eval>& s) {
  auto error = mul(k.second, s);
  addInto(error, k.first);
  subInto(error, mul(c, from));
  return normOf(toCoeff(std::move(error)));
}

TEST(KeySwitch, IsRightAtEveryLevelWithinItsBound) {
  Rng rng(9);
  for (const Shape& shape : kShapes) {
    const ContextPtr context = contextOf(shape.n, shape.q, shape.p, shape.digit_primes);
    const SecretKey secret = SecretKey::generate(context, seedOf(10));
    const KeySwitchKey relin = relinearizationKey(secret);
    for (std::size_t level = 0; level <= context->maxLevel(); ++level) {
      const double bound = keySwitchNoise(*context, level);
      const Poly<Eval> s = secretAt(secret, level), square = mul(s, s);
      double measured = 0;
      for (int i = 0; i < (shape.n > 4096 ? 1 : 4); ++i) {
        const auto c = randomCoeff(context->basisQ(level), rng);
        const auto c_eval = toEval(c.copy());
        const auto k = keySwitch(*context, c_eval, relin);
        const double error = keySwitchError(k, c_eval, square, s);
        EXPECT_LE(error, bound) << nameOf(shape) << ", level " << level;
        measured = std::max(measured, error);
        // Coefficients give the same, and so do stored digits and a division of coefficients.
        const auto from_coeff = keySwitch(*context, c, relin);
        auto [sum0, sum1] = innerProduct(decompose(*context, c), relin);
        const auto divided0 = divideAndRound(toCoeff(std::move(sum0)), shape.p.size());
        const auto divided1 = divideAndRound(toCoeff(std::move(sum1)), shape.p.size());
        EXPECT_TRUE(equal(from_coeff.first, divided0) && equal(from_coeff.second, divided1));
        EXPECT_TRUE(equal(k.first, toEval(from_coeff.first.copy())));
        EXPECT_TRUE(equal(k.second, toEval(from_coeff.second.copy())));
      }
      expectTight(measured, bound, nameOf(shape) + ", level " + std::to_string(level));
    }
  }
}

TEST(KeySwitch, HoistedAutomorphismsEqualPlainOnes) {
  Rng rng(11);
  for (const Shape& shape : kShapes) {
    const ContextPtr context = contextOf(shape.n, shape.q, shape.p, shape.digit_primes);
    const SecretKey secret = SecretKey::generate(context, seedOf(12));
    const std::size_t level = context->maxLevel() - (shape.n == 2048 ? 1 : 0);
    const auto c = randomCoeff(context->basisQ(level), rng);
    const Decomposition digits = decompose(*context, c);
    ASSERT_EQ(digits.digits.size(), context->digits(level));
    const Poly<Eval> s = secretAt(secret, level);
    for (const std::uint64_t g : {galoisElement(shape.n, 1), galoisElement(shape.n, -7),
                                  galoisElementOfConjugation(shape.n)}) {
      const auto rotated = automorphism(c, g);
      const Decomposition plain = decompose(*context, rotated), hoisted = automorphism(digits, g);
      for (std::size_t d = 0; d < plain.digits.size(); ++d) {
        ASSERT_TRUE(equal(plain.digits[d], hoisted.digits[d])) << nameOf(shape) << ", " << g;
      }
      if (shape.n > 4096 && g != 3) continue;
      const KeySwitchKey key = galoisKey(secret, g);
      auto [k0, k1] = innerProduct(hoisted, key);
      auto down = modDown(*context, std::move(k0));
      const PolyPair<Eval> switched{std::move(down), modDown(*context, std::move(k1))};
      const auto expected = keySwitch(*context, toEval(rotated.copy()), key);
      EXPECT_TRUE(equal(switched.first, expected.first));
      EXPECT_TRUE(equal(switched.second, expected.second));
      // With another part, in both forms, from the ciphertext and from its digits.
      const auto c0 = randomCoeff(context->basisQ(level), rng);
      auto first = automorphism(toEval(c0.copy()), g);
      addInto(first, expected.first);
      const auto c0_eval = toEval(c0.copy()), c1_eval = toEval(c.copy());
      for (const auto& k : {switchGalois(*context, c0_eval, c1_eval, g, key),
                            switchGalois(c0_eval, digits, g, key)}) {
        EXPECT_TRUE(equal(k.first, first) && equal(k.second, expected.second)) << nameOf(shape);
      }
      for (const auto& k :
           {switchGalois(*context, c0, c, g, key), switchGalois(c0, digits, g, key)}) {
        EXPECT_TRUE(equal(toEval(k.first.copy()), first)) << nameOf(shape);
        EXPECT_TRUE(equal(toEval(k.second.copy()), expected.second)) << nameOf(shape);
      }
      EXPECT_LE(keySwitchError(switched, toEval(rotated.copy()), automorphism(s, g), s),
                keySwitchNoise(*context, level))
          << nameOf(shape);
    }
  }
}

// The other parts of a ciphertext are added, before the division or after it: the same bits.
TEST(KeySwitch, RelinearizesWithTheOtherParts) {
  Rng rng(12);
  for (const Shape& shape : kShapes) {
    if (shape.n > 4096) continue;
    const ContextPtr context = contextOf(shape.n, shape.q, shape.p, shape.digit_primes);
    const KeySwitchKey relin = relinearizationKey(SecretKey::generate(context, seedOf(13)));
    const std::size_t level = context->maxLevel(), dropped = 1;
    std::vector<Poly<Coeff>> c;
    std::vector<Poly<Eval>> e;
    for (int i = 0; i < 3; ++i) {
      c.push_back(randomCoeff(context->basisQ(level), rng));
      e.push_back(toEval(c[i].copy()));
    }
    auto expected = keySwitch(*context, e[2], relin);
    addInto(expected.first, e[0]);
    addInto(expected.second, e[1]);
    const auto k = relinearize(*context, e[0], e[1], e[2], relin);
    EXPECT_TRUE(equal(k.first, expected.first) && equal(k.second, expected.second));
    const auto k_coeff = relinearize(*context, c[0], c[1], c[2], relin);
    EXPECT_TRUE(equal(toEval(k_coeff.first.copy()), k.first)) << nameOf(shape);
    EXPECT_TRUE(equal(toEval(k_coeff.second.copy()), k.second)) << nameOf(shape);

    // P c_i plus the inner products, divided by P and the last primes as one polynomial.
    auto [sum0, sum1] = innerProduct(decompose(*context, e[2]), relin);
    for (std::size_t i = 0; i <= level; ++i) {
      const arith::Modulus& q = context->basisQ(level)->modulus(i);
      std::uint64_t p = 1;
      for (const std::uint64_t prime : context->parameters().p) p = q.mul(p, q.reduce(prime));
      for (std::size_t j = 0; j < shape.n; ++j) {
        std::uint64_t& x = sum0.residue(i)[j];
        std::uint64_t& y = sum1.residue(i)[j];
        x = q.add(x, q.mul(p, e[0].residue(i)[j]));
        y = q.add(y, q.mul(p, e[1].residue(i)[j]));
      }
    }
    const auto r = relinearizeDivided(*context, e[0], e[1], e[2], relin, dropped);
    const std::size_t primes = shape.p.size() + dropped;
    EXPECT_TRUE(equal(toCoeff(r.first.copy()), divideAndRound(toCoeff(std::move(sum0)), primes)));
    EXPECT_TRUE(equal(toCoeff(r.second.copy()), divideAndRound(toCoeff(std::move(sum1)), primes)));
  }
}

// Division by P q_l at once: the rescaled key switch, within both bounds.
TEST(KeySwitch, FusesWithARescale) {
  Rng rng(13);
  const ContextPtr context = contextOf(2048, {46, 40, 40, 40}, {46, 46}, 2);
  const SecretKey secret = SecretKey::generate(context, seedOf(14));
  const KeySwitchKey relin = relinearizationKey(secret);
  const std::size_t level = 3, dropped = 1;
  const auto c = randomCoeff(context->basisQ(level), rng);
  auto [k0, k1] = innerProduct(decompose(*context, c), relin);
  const auto r0 = divideAndRound(std::move(k0), 2 + dropped);
  const auto r1 = divideAndRound(std::move(k1), 2 + dropped);
  // Against c s^2 / q_3, computed over q_0..q_3 and divided alone: its rounding adds at most n / 2.
  const Poly<Eval> s = secretAt(secret, level);
  const auto exact = divideAndRound(mul(toEval(c.copy()), mul(s, s)), dropped);
  auto error = mul(r1, secretAt(secret, level - dropped));
  addInto(error, r0);
  subInto(error, exact);
  EXPECT_LE(normOf(toCoeff(std::move(error))),
            keySwitchNoise(*context, level) / 1e12 + roundingNoise(*context) + 1024);
}

TEST(KeySwitch, MismatchesAreRefused) {
  const ContextPtr context = contextOf(1024, {46, 46, 46}, {47}, 1);
  const ContextPtr other = contextOf(1024, {46, 46, 46}, {50}, 1);
  const ContextPtr bare = contextOf(1024, {46, 46, 46}, {}, 1);
  const KeySwitchKey key = relinearizationKey(SecretKey::generate(other, seedOf(15)));
  const Poly<Coeff> c(context->basisQ(2));
  expectCode(Code::kParameterMismatch, [&] { keySwitch(*context, c, key); });
  expectCode(Code::kParameterMismatch, [&] { innerProduct(decompose(*context, c), key); });
  expectCode(Code::kParameterMismatch,
             [&] { decompose(*context, Poly<Coeff>(context->basisQP(2))); });
  expectCode(Code::kParameterMismatch, [&] { modDown(*context, Poly<Eval>(context->basisQ(2))); });
  expectCode(Code::kUnsupported, [&] { decompose(*bare, c); });
  expectCode(Code::kUsage, [&] { decompose(*context, Poly<Coeff>()); });
}

TEST(Noise, CanonicalNormMatchesItsDefinition) {
  Rng rng(16);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {2, 4, 16, 256, 1024}) {
    std::vector<double> m(n);
    for (double& value : m) value = normal(rng) * 1e3;
    double expected = 0;
    for (std::size_t j = 1; j < 2 * n; j += 2) {
      std::complex<long double> sum = 0;
      for (std::size_t k = 0; k < n; ++k) {
        const long double angle = std::numbers::pi_v<long double> * (j * k % (2 * n)) / n;
        sum += std::complex<long double>(std::cos(angle), std::sin(angle)) *
               static_cast<long double>(m[k]);
      }
      expected = std::max(expected, static_cast<double>(std::abs(sum)));
    }
    EXPECT_GE(canonicalNorm(m), expected);
    EXPECT_LE(canonicalNorm(m), expected * (1 + 1e-11));
  }
  std::vector<double> zero(1024, 0.0), monomial(1024, 0.0);
  monomial[77] = -5;
  EXPECT_EQ(canonicalNorm(zero), 0);
  EXPECT_NEAR(canonicalNorm(monomial), 5, 1e-9);
  expectCode(Code::kUsage, [&] { canonicalNorm(std::vector<double>(100)); });
}

TEST(Noise, BoundsHoldAndAreTight) {
  Rng rng(17);
  for (const std::size_t n : {1024, 2048, 4096, 16384}) {
    const ContextPtr context = contextOf(n, {60, 46, 46}, {60}, 1);
    const ring::BasisPtr& basis = context->basisQ(2);
    const int seeds = n <= 2048 ? 12 : n <= 4096 ? 6 : 2;
    for (int seed = 0; seed < seeds; ++seed) {
      const std::string at = "n " + std::to_string(n) + ", seed " + std::to_string(seed);
      const SecretKey secret = SecretKey::generate(context, seedOf(1000 + seed));
      const PublicKey key = PublicKey::generate(secret);
      const Poly<Eval> s = secretAt(secret, 2);
      expectTight(normOf(toCoeff(s.copy())), secretNorm(*context), "secret, " + at);
      // Each measured norm keeps the bound; the largest of a few is within 4 bits of it.
      const double with_secret = freshSecretNoise(*context);
      const double with_public = freshPublicNoise(*context), rounding = roundingNoise(*context);
      double most_secret = 0, most_public = 0, most_rounding = 0;
      const auto measure = [&](double norm, double bound, double& most) {
        EXPECT_LE(norm, bound) << at;
        most = std::max(most, norm);
      };
      for (int i = 0; i < 4; ++i) {
        measure(normOf(phase(encryptZero(secret, 0), secret)), with_secret, most_secret);
        measure(normOf(phase(encryptZero(key, 0), secret)), with_public, most_public);
        // A uniform ciphertext of a known phase, divided by its last prime: D (y_0 + y_1 s) is its
        // phase plus D (r_0 + r_1 s). The phase is a multiple of D: 0.
        const auto c1 = toEval(randomCoeff(basis, rng));
        auto c0 = negated(mul(c1, s));
        auto error = mul(divideAndRound(c1.copy(), 1), s.prefix(2));
        addInto(error, divideAndRound(std::move(c0), 1));
        measure(normOf(toCoeff(std::move(error))), rounding, most_rounding);
      }
      expectTight(most_secret, with_secret, "secret key, " + at);
      expectTight(most_public, with_public, "public key, " + at);
      expectTight(most_rounding, rounding, "rounding, " + at);
    }
  }
}

}  // namespace
}  // namespace veilsum::rlwe
