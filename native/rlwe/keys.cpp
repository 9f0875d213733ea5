#include "rlwe/keys.h"

#include <algorithm>
#include <string>

#include "base/secrecy.h"
#include "ring/rows.h"
#include "rlwe/noise.h"
#include "rlwe/small_poly.h"
#include "rlwe/tables.h"

namespace veilsum::rlwe {

using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// b -= a s over b's basis, a prefix of the secret's.
void subtractProductWithSecret(Poly<Eval>& b, const Poly<Eval>& a, const Poly<Eval>& s) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    rows::mulSub(b.basis().modulus(i), b.n(), a.residue(i), s.residue(i), b.residue(i));
  }
}

// A stored polynomial, every word checked against its modulus.
Poly<Eval> loadPoly(const ring::BasisPtr& basis, std::span<const std::uint64_t> words) {
  Poly<Eval> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    const std::uint64_t q = basis->modulus(i).value();
    const auto row = words.subspan(i * basis->n(), basis->n());
    if (std::any_of(row.begin(), row.end(), [q](std::uint64_t word) { return word >= q; })) {
      throw Error(Code::kCorrupt, "a key holds a residue that is not below its modulus " +
                                      std::to_string(q) + "; the key is damaged");
    }
    std::copy(row.begin(), row.end(), result.residue(i));
  }
  return result;
}

void requireWords(std::size_t found, std::size_t needed) {
  if (found == needed) return;
  throw Error(Code::kCorrupt, "a key of " + std::to_string(found) + " words where " +
                                  std::to_string(needed) + " belong; the key is damaged");
}

// Whether |s(zeta^j)| keeps to secretNorm(), on which the noise bounds rely. Of the uniform ternary
// secrets all but e^-12 do, so that drawing again where one does not costs no security to speak of.
// The answer is public: it shows in the time, and says e^-12 nats of a secret that is kept.
bool keepsSecretNorm(const Context& context, std::span<const std::int8_t> s) {
  Buffer<double, true> coefficients(s.size());
  std::copy(s.begin(), s.end(), coefficients.begin());
  return declassified(canonicalNorm(coefficients) <= secretNorm(context));
}

void requireKeySwitching(const Context& context) {
  require(context.canKeySwitch(), Code::kUnsupported,
          "these parameters have no special prime, so there is no key switching; add one to p");
}

}  // namespace

SecretKey::SecretKey(ContextPtr context, Poly<Eval> s)
    : context_(std::move(context)), s_(std::move(s)) {}

SecretKey::~SecretKey() { wipe(s_.words().data(), s_.words().size_bytes()); }

SecretKey SecretKey::generate(ContextPtr context, const random::Seed& seed) {
  random::Stream stream(seed);
  Buffer<std::int8_t, true> values(context->n());
  do {
    random::sampleTernary(stream, values);
  } while (!keepsSecretNorm(*context, values));
  Poly<Eval> s = toEval(liftSmall(context->basisQP(context->maxLevel()), values));
  return SecretKey(std::move(context), std::move(s));
}

SecretKey SecretKey::fromCoefficients(ContextPtr context, std::span<const std::int8_t> s) {
  requireWords(s.size(), context->n());
  unsigned out_of_range = 0, not_zero = 0;
  for (const std::int8_t value : s) {
    out_of_range |= static_cast<unsigned>(value + 1) & ~3u;  // below -1 or above 2
    out_of_range |= static_cast<unsigned>(value + 1) & (static_cast<unsigned>(value + 1) >> 1) & 1;
    not_zero |= static_cast<unsigned>(value);
  }
  // Whether it is refused is public.
  require(declassified(out_of_range == 0), Code::kCorrupt,
          "a secret key with a coefficient outside {-1, 0, 1}");
  require(declassified(not_zero != 0), Code::kCorrupt, "a secret key that is zero");
  require(keepsSecretNorm(*context, s), Code::kUnsupported,
          "a secret key whose canonical norm is above what the noise bounds assume (one uniform "
          "ternary secret in 160000 is so); make another key");
  Poly<Eval> poly = toEval(liftSmall(context->basisQP(context->maxLevel()), s));
  return SecretKey(std::move(context), std::move(poly));
}

PublicKey PublicKey::generate(const SecretKey& secret) {
  const ContextPtr& context = secret.context();
  const ring::BasisPtr& basis = context->basisQ(context->maxLevel());
  const random::Seed seed = random::systemSeed();
  random::Stream noise(FreshSeed().value);
  Poly<Eval> a = expandPoly<Eval>(basis, seed);
  Poly<Eval> b = toEval(samplePolyNoise(basis, noise));
  subtractProductWithSecret(b, a, secret.secretPoly());
  return {context, seed, std::move(b), std::move(a)};
}

PublicKey PublicKey::load(ContextPtr context, const random::Seed& seed,
                          std::span<const std::uint64_t> b) {
  const ring::BasisPtr& basis = context->basisQ(context->maxLevel());
  requireWords(b.size(), basis->n() * basis->size());
  Poly<Eval> a = expandPoly<Eval>(basis, seed);
  Poly<Eval> loaded = loadPoly(basis, b);
  return {std::move(context), seed, std::move(loaded), std::move(a)};
}

KeySwitchKey KeySwitchKey::generate(const SecretKey& secret, const Poly<Eval>& from) {
  const ContextPtr& context = secret.context();
  requireKeySwitching(*context);
  const Context::Tables& tables = context->tables();
  const ring::BasisPtr& basis = context->basisQP(context->maxLevel());
  require(!from.empty() && from.basis() == *basis, Code::kParameterMismatch,
          "a key-switching key is made from a secret over all of Q and P");
  random::Stream noise(FreshSeed().value);
  KeySwitchKey key{context, random::systemSeed(), {}, {}};
  for (const Digit& digit : tables.digits[context->maxLevel()]) {
    Poly<Eval> a = expandPoly<Eval>(basis, key.seed, key.a.size() * basis->size());
    Poly<Eval> b = toEval(samplePolyNoise(basis, noise));
    subtractProductWithSecret(b, a, secret.secretPoly());
    // P g_d is P modulo the primes of the digit, and 0 modulo all others.
    for (std::size_t i = digit.begin; i < digit.end; ++i) {
      rows::scaleAdd(basis->modulus(i), basis->n(), from.residue(i), tables.p_mod_q[i],
                     b.residue(i));
    }
    key.a.push_back(std::move(a));
    key.b.push_back(std::move(b));
  }
  return key;
}

std::size_t KeySwitchKey::wordsOfB(const Context& context) {
  requireKeySwitching(context);
  return context.digits(context.maxLevel()) * context.n() *
         context.basisQP(context.maxLevel())->size();
}

KeySwitchKey KeySwitchKey::load(ContextPtr context, const random::Seed& seed,
                                std::span<const std::uint64_t> b) {
  requireWords(b.size(), wordsOfB(*context));
  const ring::BasisPtr& basis = context->basisQP(context->maxLevel());
  const std::size_t words = basis->n() * basis->size();
  KeySwitchKey key{context, seed, {}, {}};
  for (std::size_t d = 0; d < context->digits(context->maxLevel()); ++d) {
    key.b.push_back(loadPoly(basis, b.subspan(d * words, words)));
    key.a.push_back(expandPoly<Eval>(basis, seed, d * basis->size()));
  }
  return key;
}

KeySwitchKey relinearizationKey(const SecretKey& secret) {
  Poly<Eval> square = mul(secret.secretPoly(), secret.secretPoly());
  const WipeAtEnd wiped(square);
  return KeySwitchKey::generate(secret, square);
}

KeySwitchKey galoisKey(const SecretKey& secret, std::uint64_t g) {
  Poly<Eval> rotated = automorphism(secret.secretPoly(), g);
  const WipeAtEnd wiped(rotated);
  return KeySwitchKey::generate(secret, rotated);
}

}  // namespace veilsum::rlwe
