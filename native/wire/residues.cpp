#include "wire/residues.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "arith/ntt.h"
#include "ring/rows.h"
#include "rlwe/small_poly.h"

namespace veilsum::wire {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

namespace {

using Bytes = std::span<const std::uint8_t>;
using Seed = std::optional<random::SealSeed>;

// Words that are copied and checked in one go: 4 KiB stay in the first cache.
constexpr std::size_t kBlock = 512;

void requireBytes(std::size_t found, std::size_t words) {
  if (found == 8 * words) return;
  throw Error(Code::kCorrupt, std::to_string(found) + " bytes of residues where " +
                                  std::to_string(8 * words) + " belong");
}

// The polynomial at the start of `bytes`, which moves past it.
template <class Form>
Poly<Form> takePoly(const ring::BasisPtr& basis, std::size_t part, Bytes& bytes) {
  Poly<Form> poly(basis, unset);
  const std::size_t n = basis->n();
  for (std::size_t i = 0; i < basis->size(); ++i) {
    std::uint64_t* row = poly.residue(i);
    const std::uint64_t q = basis->modulus(i).value();
    // Leaves early where a word is no residue; of what is valid, secret or not, every comparison
    // comes out the same.
    bool residues = true;
    for (std::size_t begin = 0; begin < n; begin += kBlock) {
      const std::size_t end = std::min(n, begin + kBlock);
      std::memcpy(row + begin, bytes.data() + 8 * begin, 8 * (end - begin));
      residues = residues &&
                 std::all_of(row + begin, row + end, [q](std::uint64_t word) { return word < q; });
    }
    bytes = bytes.subspan(8 * n);
    if (!residues) {
      throw Error(Code::kCorrupt, "polynomial " + std::to_string(part) +
                                      " holds a residue that is not below its prime " +
                                      std::to_string(q) + " (number " + std::to_string(i) + ")");
    }
  }
  return poly;
}

template <class Form>
Poly<Form> expandPoly(const ring::BasisPtr& basis, const random::SealSeed& seed) {
  Poly<Form> poly(basis, unset);
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < basis->size(); ++i) moduli.push_back(basis->modulus(i));
  random::expandSealUniform(seed, moduli, poly.words());
  return poly;
}

// `parts` polynomials, the last from its seed where there is one.
template <class Form>
std::vector<Poly<Form>> readPolys(const ring::BasisPtr& basis, std::size_t parts, Bytes bytes,
                                  const Seed& seed) {
  const std::size_t written = parts - (seed ? 1 : 0);
  requireBytes(bytes.size(), written * basis->n() * basis->size());
  std::vector<Poly<Form>> polys;
  for (std::size_t i = 0; i < written; ++i) polys.push_back(takePoly<Form>(basis, i, bytes));
  if (seed) polys.push_back(expandPoly<Form>(basis, *seed));
  return polys;
}

template <class Form>
void putPoly(const Poly<Form>& poly, std::span<std::uint8_t>& out) {
  std::memcpy(out.data(), poly.words().data(), poly.words().size_bytes());
  out = out.subspan(poly.words().size_bytes());
}

const ring::BasisPtr& allPrimes(const rlwe::Context& context) {
  return context.basisQP(context.maxLevel());
}

// -a s + e over a basis that begins the secret's, a the expansion of the seed.
Poly<Eval> zeroOver(const ring::BasisPtr& basis, const rlwe::SecretKey& secret,
                    const random::SealSeed& seed) {
  const Poly<Eval> a = expandPoly<Eval>(basis, seed);
  random::Stream noise(rlwe::FreshSeed().value);
  Poly<Eval> b = toEval(rlwe::samplePolyNoise(basis, noise));
  const Poly<Eval>& s = secret.secretPoly();
  for (std::size_t i = 0; i < b.size(); ++i) {
    ring::rows::mulSub(basis->modulus(i), b.n(), a.residue(i), s.residue(i), b.residue(i));
  }
  return b;
}

void requireNotZero(const Poly<Eval>& a) {
  std::uint64_t any = 0;
  for (const std::uint64_t word : a.words()) any |= word;
  require(any != 0, Code::kCorrupt, "a public or switching key whose second polynomial is zero");
}

}  // namespace

template <class Form>
Poly<Form> readPoly(const ring::BasisPtr& basis, Bytes words) {
  requireBytes(words.size(), basis->n() * basis->size());
  return takePoly<Form>(basis, 0, words);
}
template Poly<Eval> readPoly(const ring::BasisPtr&, Bytes);

template <class Form>
void writePoly(const Poly<Form>& poly, std::span<std::uint8_t> out) {
  requireBytes(out.size(), poly.words().size());
  putPoly(poly, out);
}
template void writePoly(const Poly<Coeff>&, std::span<std::uint8_t>);
template void writePoly(const Poly<Eval>&, std::span<std::uint8_t>);

template <class Form>
rlwe::Ciphertext<Form> readResidues(const rlwe::ContextPtr& context, std::size_t level,
                                    std::size_t parts, Bytes words, const Seed& seed) {
  context->requireLevel(level);
  require(parts == 2 || (parts == 3 && !seed), Code::kUnsupported,
          "a ciphertext of other than two or three polynomials; relinearize it first");
  return {context, readPolys<Form>(context->basisQ(level), parts, words, seed), std::nullopt};
}
template rlwe::Ciphertext<Coeff> readResidues(const rlwe::ContextPtr&, std::size_t, std::size_t,
                                              Bytes, const Seed&);
template rlwe::Ciphertext<Eval> readResidues(const rlwe::ContextPtr&, std::size_t, std::size_t,
                                             Bytes, const Seed&);

template <class Form>
void writeResidues(const rlwe::Ciphertext<Form>& c, std::span<std::uint8_t> out) {
  requireBytes(out.size(), c.parts.size() * c.parts[0].words().size());
  for (const auto& part : c.parts) putPoly(part, out);
}
template void writeResidues(const rlwe::Ciphertext<Coeff>&, std::span<std::uint8_t>);
template void writeResidues(const rlwe::Ciphertext<Eval>&, std::span<std::uint8_t>);

rlwe::SecretKey readSecretResidues(const rlwe::ContextPtr& context, Bytes words) {
  const ring::BasisPtr& basis = allPrimes(*context);
  requireBytes(words.size(), basis->n() * basis->size());
  Poly<Eval> s = takePoly<Eval>(basis, 0, words);
  const rlwe::WipeAtEnd wiped(s);
  Poly<Coeff> first = toCoeff(s.prefix(1));
  const rlwe::WipeAtEnd wiped_first(first);
  // 0, 1 and q - 1 become 0, 1 and -1; anything else is counted, without a branch.
  const std::uint64_t q = basis->modulus(0).value();
  Buffer<std::int8_t, true> ternary(basis->n());
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < ternary.size(); ++i) {
    const std::uint64_t x = first.residue(0)[i];
    const auto one = static_cast<int>(x == 1), minus_one = static_cast<int>(x == q - 1);
    wrong |= static_cast<std::uint64_t>(x != 0) ^ static_cast<std::uint64_t>(one | minus_one);
    ternary[i] = static_cast<std::int8_t>(one - minus_one);
  }
  require(wrong == 0, Code::kCorrupt, "a secret key with a coefficient outside {-1, 0, 1}");
  rlwe::SecretKey key = rlwe::SecretKey::fromCoefficients(context, ternary);
  const auto restored = key.secretPoly().words();
  for (std::size_t i = 0; i < restored.size(); ++i) wrong |= restored[i] ^ s.words()[i];
  require(wrong == 0, Code::kCorrupt, "a secret key whose residues are not of one polynomial");
  return key;
}

void writeSecretResidues(const rlwe::SecretKey& key, std::span<std::uint8_t> out) {
  requireBytes(out.size(), key.secretPoly().words().size());
  putPoly(key.secretPoly(), out);
}

rlwe::PublicKey readPublicResidues(const rlwe::ContextPtr& context, Bytes words, const Seed& seed) {
  auto polys = readPolys<Eval>(allPrimes(*context), 2, words, seed);
  requireNotZero(polys[1]);
  const std::size_t chain = context->maxLevel() + 1;
  return {context, {}, polys[0].prefix(chain), polys[1].prefix(chain)};
}

void writePublicResidues(const rlwe::SecretKey& secret, const random::SealSeed& seed,
                         std::span<std::uint8_t> out) {
  writePoly(zeroOver(allPrimes(*secret.context()), secret, seed), out);
}

template <>
Poly<Eval> encryptZero(const rlwe::SecretKey& secret, std::size_t level,
                       const random::SealSeed& seed) {
  secret.context()->requireLevel(level);
  return zeroOver(secret.context()->basisQ(level), secret, seed);
}

template <>
Poly<Coeff> encryptZero(const rlwe::SecretKey& secret, std::size_t level,
                        const random::SealSeed& seed) {
  secret.context()->requireLevel(level);
  const ring::BasisPtr& basis = secret.context()->basisQ(level);
  Poly<Eval> product = toEval(expandPoly<Coeff>(basis, seed));
  const rlwe::WipeAtEnd wiped_product(product);
  const Poly<Eval>& s = secret.secretPoly();
  for (std::size_t i = 0; i < basis->size(); ++i) {
    ring::rows::mul(basis->modulus(i), basis->n(), product.residue(i), s.residue(i),
                    product.residue(i));
  }
  Poly<Coeff> as = toCoeff(std::move(product));
  const rlwe::WipeAtEnd wiped(as);
  random::Stream noise(rlwe::FreshSeed().value);
  Poly<Coeff> c0 = rlwe::samplePolyNoise(basis, noise);
  subInto(c0, as);
  return c0;
}

void readDigitResidues(rlwe::KeySwitchKey& key, Bytes words, const Seed& seed) {
  const rlwe::Context& context = *key.context;
  require(context.canKeySwitch(), Code::kCorrupt,
          "a key-switching key for parameters that have no special prime");
  require(key.b.size() < context.digits(context.maxLevel()), Code::kCorrupt,
          "a key-switching key has more digits than its parameters");
  auto polys = readPolys<Eval>(allPrimes(context), 2, words, seed);
  requireNotZero(polys[1]);
  key.b.push_back(std::move(polys[0]));
  key.a.push_back(std::move(polys[1]));
}

void writeDigitResidues(const rlwe::KeySwitchKey& key, std::size_t digit,
                        std::span<std::uint8_t> out) {
  require(digit < key.b.size(), Code::kUsage, "a key-switching key has fewer digits");
  requireBytes(out.size(), 2 * key.b[digit].words().size());
  putPoly(key.b[digit], out);
  putPoly(key.a[digit], out);
}

}  // namespace veilsum::wire
