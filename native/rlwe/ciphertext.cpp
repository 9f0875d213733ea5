#include "rlwe/ciphertext.h"

#include <algorithm>
#include <array>
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
  random::Stream stream(FreshSeed().value);
  Poly<Coeff> a = expandPoly<Coeff>(basis, seed);
  const SmallPoly noise = sampleNoise(basis->n(), stream);
  Poly<Coeff> c0(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    std::uint64_t* const row = c0.residue(i);
    const arith::Ntt& ntt = basis->ntt(i);
    ntt.forward(a.residue(i), row);
    rows::mul(ntt.modulus(), basis->n(), row, secret.secretPoly().residue(i), row);
    ntt.inverse(row, row, ntt.modulus().shoup(ntt.modulus().value() - 1));
    rows::addSigned(ntt.modulus(), basis->n(), noise.data(), row);
  }
  Ciphertext<Coeff> result{secret.context(), {}, seed};
  result.parts.push_back(std::move(c0));
  result.parts.push_back(std::move(a));
  return result;
}

namespace {

// What an encryption under a public key samples, in the order of the stream.
struct Sampled {
  Sampled(std::size_t n, random::Stream&& stream)
      : u(sampleTernary(n, stream)), noise{sampleNoise(n, stream), sampleNoise(n, stream)} {}
  SmallPoly u;
  std::array<SmallPoly, 2> noise;  // e_0, e_1
};

// (b u + e_0, a u + e_1), one prime after the other: `make_row(ntt, part, i, u, key, e, out)` makes
// residue i of a part of the lazy u, the key's residue and e.
template <class Form, class MakeRow>
Ciphertext<Form> encrypted(const PublicKey& key, std::size_t level, const MakeRow& make_row) {
  const ring::BasisPtr& basis = key.context->basisQ(level);
  const std::size_t n = basis->n();
  const Sampled sampled(n, random::Stream(FreshSeed().value));
  Ciphertext<Form> result{key.context, {}, std::nullopt};
  result.parts.emplace_back(basis, unset);
  result.parts.emplace_back(basis, unset);
  Buffer<std::uint64_t, true> u(n, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    const arith::Ntt& ntt = basis->ntt(i);
    ntt.forwardSmallLazy(sampled.u.data(), u.data());
    for (std::size_t part = 0; part < 2; ++part) {
      make_row(ntt, part, i, u.data(), (part == 0 ? key.b : key.a).residue(i),
               sampled.noise[part].data(), result.parts[part].residue(i));
    }
  }
  return result;
}

// The same, and m added to the first part; no m: zero.
Ciphertext<Eval> encryptedWith(const PublicKey& key, std::size_t level, const Poly<Eval>* message) {
  return encrypted<Eval>(
      key, level,
      [message](const arith::Ntt& ntt, std::size_t part, std::size_t i, rows::ConstRow u,
                rows::ConstRow of_key, const std::int8_t* noise, rows::Row row) {
        ntt.forwardSmallLazy(noise, row);
        rows::lazyMulAdd(ntt.modulus(), ntt.n(), u, of_key,
                         part == 0 && message != nullptr ? message->residue(i) : nullptr, row);
      });
}

}  // namespace

Ciphertext<Eval> encryptZero(const PublicKey& key, std::size_t level) {
  return encryptedWith(key, level, nullptr);
}

Ciphertext<Eval> encrypt(const PublicKey& key, const Poly<Eval>& message) {
  const std::size_t level = message.size() - 1;
  require(message.basis() == *key.context->basisQ(level), Code::kParameterMismatch,
          "a message over other moduli than the public key's");
  return encryptedWith(key, level, &message);
}

Ciphertext<Coeff> encryptZeroCoeff(const PublicKey& key, std::size_t level) {
  return encrypted<Coeff>(key, level,
                          [](const arith::Ntt& ntt, std::size_t, std::size_t, rows::ConstRow u,
                             rows::ConstRow of_key, const std::int8_t* noise, rows::Row row) {
                            rows::lazyMul(ntt.modulus(), ntt.n(), u, of_key, row);
                            ntt.inverse(row, row);
                            rows::addSigned(ntt.modulus(), ntt.n(), noise, row);
                          });
}

// Both by Horner's rule, from the highest power of s down.
Poly<Coeff> phase(const Ciphertext<Eval>& c, const SecretKey& secret, std::size_t residues) {
  requireKeyOf(c, secret);
  for (const Poly<Eval>& part : c.parts) {
    require(part.basis() == c.parts[0].basis(), Code::kParameterMismatch,
            "a ciphertext of polynomials over different moduli");
  }
  residues = std::min(residues, c.parts[0].size());
  const std::size_t n = c.parts[0].n();
  Poly<Coeff> sum(c.context->basisQ(residues - 1), unset);
  for (std::size_t i = 0; i < residues; ++i) {
    const arith::Ntt& ntt = sum.basis().ntt(i);
    std::uint64_t* const row = sum.residue(i);
    const std::uint64_t* highest = c.parts.back().residue(i);
    for (std::size_t part = c.parts.size() - 1; part-- > 0; highest = row) {
      rows::mul(ntt.modulus(), n, highest, secret.secretPoly().residue(i), row);
      rows::add(ntt.modulus(), n, row, c.parts[part].residue(i), row);
    }
    ntt.inverse(highest, row);
  }
  return sum;
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
