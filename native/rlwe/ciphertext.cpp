#include "rlwe/ciphertext.h"

#include <string>

#include "ring/rows.h"
#include "rlwe/small_poly.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// a *= s over a's basis, a prefix of the secret's.
void multiplyBySecret(Poly<Eval>& a, const SecretKey& secret) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows::mul(a.basis().modulus(i), a.n(), a.residue(i), secret.secretPoly().residue(i),
              a.residue(i));
  }
}

template <class Form>
void requireKeyOf(const Ciphertext<Form>& c, const SecretKey& secret) {
  require(!c.parts.empty() && c.context != nullptr, Code::kUsage, "an empty ciphertext");
  if (c.context == secret.context() || c.context->parameters() == secret.context()->parameters()) {
    return;
  }
  throw Error(Code::kKeyMismatch,
              "a ciphertext of other parameters than the secret key's; use the key that it was "
              "made for");
}

}  // namespace

template <class Form>
Ciphertext<Form> Ciphertext<Form>::copy() const {
  Ciphertext result{context, {}, seed};
  result.parts.reserve(parts.size());
  for (const Poly<Form>& part : parts) result.parts.push_back(part.copy());
  return result;
}

template struct Ciphertext<Coeff>;
template struct Ciphertext<Eval>;

Ciphertext<Eval> encryptZero(const SecretKey& secret, std::size_t level) {
  const ring::BasisPtr& basis = secret.context()->basisQ(level);
  const random::Seed seed = random::systemSeed();
  random::Stream noise(FreshSeed().value);
  Poly<Eval> a = expandPoly<Eval>(basis, seed);
  Poly<Eval> c0 = toEval(samplePolyNoise(basis, noise));
  for (std::size_t i = 0; i < c0.size(); ++i) {
    rows::mulSub(basis->modulus(i), c0.n(), a.residue(i), secret.secretPoly().residue(i),
                 c0.residue(i));
  }
  Ciphertext<Eval> result{secret.context(), {}, seed};
  result.parts.push_back(std::move(c0));
  result.parts.push_back(std::move(a));
  return result;
}

Ciphertext<Coeff> encryptZeroCoeff(const SecretKey& secret, std::size_t level) {
  const ring::BasisPtr& basis = secret.context()->basisQ(level);
  const random::Seed seed = random::systemSeed();
  random::Stream noise(FreshSeed().value);
  Poly<Coeff> a = expandPoly<Coeff>(basis, seed);
  Poly<Eval> product = toEval(a.copy());
  const WipeAtEnd wiped_product(product);
  multiplyBySecret(product, secret);
  Poly<Coeff> as = toCoeff(std::move(product));
  const WipeAtEnd wiped(as);
  Poly<Coeff> c0 = samplePolyNoise(basis, noise);
  subInto(c0, as);
  Ciphertext<Coeff> result{secret.context(), {}, seed};
  result.parts.push_back(std::move(c0));
  result.parts.push_back(std::move(a));
  return result;
}

Ciphertext<Eval> encryptZero(const PublicKey& key, std::size_t level) {
  const ring::BasisPtr& basis = key.context->basisQ(level);
  random::Stream stream(FreshSeed().value);
  Poly<Eval> u = toEval(samplePolyTernary(basis, stream));
  const WipeAtEnd wiped(u);
  Ciphertext<Eval> result{key.context, {}, std::nullopt};
  for (const Poly<Eval>* part : {&key.b, &key.a}) {
    Poly<Eval> c = toEval(samplePolyNoise(basis, stream));
    for (std::size_t i = 0; i < c.size(); ++i) {
      rows::mulAdd(basis->modulus(i), c.n(), part->residue(i), u.residue(i), c.residue(i));
    }
    result.parts.push_back(std::move(c));
  }
  return result;
}

// Both by Horner's rule, from the highest power of s down.
Poly<Coeff> phase(const Ciphertext<Eval>& c, const SecretKey& secret) {
  requireKeyOf(c, secret);
  Poly<Eval> sum = c.parts.back().copy();
  const WipeAtEnd wiped(sum);
  for (std::size_t i = c.parts.size() - 1; i-- > 0;) {
    multiplyBySecret(sum, secret);
    addInto(sum, c.parts[i]);
  }
  return toCoeff(std::move(sum));
}

Poly<Coeff> phase(const Ciphertext<Coeff>& c, const SecretKey& secret) {
  requireKeyOf(c, secret);
  if (c.parts.size() == 1) return c.parts[0].copy();
  Poly<Eval> sum = toEval(c.parts.back().copy());
  const WipeAtEnd wiped(sum);
  for (std::size_t i = c.parts.size() - 1; i-- > 1;) {
    multiplyBySecret(sum, secret);
    addInto(sum, toEval(c.parts[i].copy()));
  }
  multiplyBySecret(sum, secret);
  Poly<Coeff> result = toCoeff(std::move(sum));
  addInto(result, c.parts[0]);
  return result;
}

}  // namespace veilsum::rlwe
