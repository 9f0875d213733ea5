#include "wire/rlwe.h"

#include <algorithm>

#include "rlwe/small_poly.h"
#include "wire/packed.h"

namespace veilsum::wire {

namespace {

void writeSeed(Writer& out, const random::Seed& seed) { out.put(std::span(seed)); }

random::Seed readSeed(Reader& in) {
  random::Seed seed;
  std::ranges::copy(in.next(seed.size()), seed.begin());
  return seed;
}

template <class Form>
void writePoly(Writer& out, const ring::Poly<Form>& a) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const arith::Modulus& q = a.basis().modulus(i);
    pack({a.residue(i), a.n()}, q, out.next(packedBytes(a.n(), q)));
  }
}

// Into words of n residues a prime, as Poly holds them.
void readWords(Reader& in, const ring::Basis& basis, std::uint64_t* words) {
  for (std::size_t i = 0; i < basis.size(); ++i, words += basis.n()) {
    const arith::Modulus& q = basis.modulus(i);
    unpack(in.next(packedBytes(basis.n(), q)), q, {words, basis.n()});
  }
}

template <class Form>
ring::Poly<Form> readPoly(Reader& in, const ring::BasisPtr& basis) {
  ring::Poly<Form> a(basis);
  readWords(in, *basis, a.words().data());
  return a;
}

constexpr std::uint8_t kSeeded = 1;

}  // namespace

std::size_t publicKeyBytes(const rlwe::Context& context) {
  return sizeof(random::Seed) + packedBytes(*context.basisQ(context.maxLevel()));
}

void write(Writer& out, const rlwe::PublicKey& key) {
  writeSeed(out, key.seed);
  writePoly(out, key.b);
}

rlwe::PublicKey readPublicKey(Reader& in, const rlwe::ContextPtr& context) {
  const random::Seed seed = readSeed(in);
  const ring::Basis& basis = *context->basisQ(context->maxLevel());
  Buffer<std::uint64_t> b(basis.n() * basis.size());
  readWords(in, basis, b.data());
  return rlwe::PublicKey::load(context, seed, b);
}

std::size_t switchKeyBytes(const rlwe::Context& context) {
  require(context.canKeySwitch(), Code::kUnsupported,
          "these parameters have no special primes, so no key-switching keys");
  return sizeof(random::Seed) +
         context.digits(context.maxLevel()) * packedBytes(*context.basisQP(context.maxLevel()));
}

void write(Writer& out, const rlwe::KeySwitchKey& key) {
  writeSeed(out, key.seed);
  for (const auto& b : key.b) writePoly(out, b);
}

rlwe::KeySwitchKey readSwitchKey(Reader& in, const rlwe::ContextPtr& context) {
  require(context->canKeySwitch(), Code::kUnsupported,
          "these parameters have no special primes, so no key-switching keys");
  const random::Seed seed = readSeed(in);
  const ring::Basis& basis = *context->basisQP(context->maxLevel());
  const std::size_t words = basis.n() * basis.size();
  Buffer<std::uint64_t> b(rlwe::KeySwitchKey::wordsOfB(*context));
  for (std::size_t at = 0; at < b.size(); at += words) readWords(in, basis, b.data() + at);
  return rlwe::KeySwitchKey::load(context, seed, b);
}

template <class Form>
std::size_t bodyBytes(const rlwe::Ciphertext<Form>& c) {
  const std::size_t poly = packedBytes(c.parts[0].basis());
  return 4 + (c.seed ? poly + sizeof(random::Seed) : poly * c.parts.size());
}

template <class Form>
void write(Writer& out, const rlwe::Ciphertext<Form>& c) {
  out.put(static_cast<std::uint8_t>(c.degree()));
  out.put(static_cast<std::uint8_t>(c.seed ? kSeeded : 0));
  out.put(static_cast<std::uint16_t>(c.level()));
  writePoly(out, c.parts[0]);
  if (c.seed) {
    writeSeed(out, *c.seed);
  } else {
    for (std::size_t i = 1; i < c.parts.size(); ++i) writePoly(out, c.parts[i]);
  }
}

template <class Form>
rlwe::Ciphertext<Form> readBody(Reader& in, const rlwe::ContextPtr& context) {
  const auto degree = in.get<std::uint8_t>();
  const auto flags = in.get<std::uint8_t>();
  const auto level = in.get<std::uint16_t>();
  require(degree == 1 || degree == 2, Code::kCorrupt, "a ciphertext has degree 1 or 2");
  require(flags == 0 || (flags == kSeeded && degree == 1), Code::kCorrupt,
          "a ciphertext has unknown flags");
  require(level <= context->maxLevel(), Code::kCorrupt,
          "a ciphertext states a level that its parameters lack");
  const ring::BasisPtr& basis = context->basisQ(level);
  rlwe::Ciphertext<Form> c{context, {}, std::nullopt};
  c.parts.push_back(readPoly<Form>(in, basis));
  if (flags == kSeeded) {
    c.seed = readSeed(in);
    c.parts.push_back(rlwe::expandPoly<Form>(basis, *c.seed));
  } else {
    for (std::size_t i = 1; i <= degree; ++i) c.parts.push_back(readPoly<Form>(in, basis));
  }
  return c;
}

template std::size_t bodyBytes(const rlwe::Ciphertext<ring::Eval>& c);
template std::size_t bodyBytes(const rlwe::Ciphertext<ring::Coeff>& c);
template void write(Writer& out, const rlwe::Ciphertext<ring::Eval>& c);
template void write(Writer& out, const rlwe::Ciphertext<ring::Coeff>& c);
template rlwe::Ciphertext<ring::Eval> readBody(Reader& in, const rlwe::ContextPtr& context);
template rlwe::Ciphertext<ring::Coeff> readBody(Reader& in, const rlwe::ContextPtr& context);

}  // namespace veilsum::wire
