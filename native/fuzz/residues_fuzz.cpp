// Residues in whole words, as they stand in SEAL's objects. Input: a byte for what is read, a byte
// for the seed's generator (0: no seed), 64 bytes of seed, then the words.

#include <cstring>

#include "bindings/exchange.h"
#include "fuzz/instance.h"
#include "wire/residues.h"

namespace veilsum::fuzz {

namespace {

constexpr std::size_t kFront = 2 + sizeof(random::SealSeed::words);

enum Kind : std::uint8_t { kEval, kCoeff, kEval3, kPoly, kSecret, kPublic, kDigit, kKinds };

ByteVector front(Kind kind, std::size_t level, int generator) {
  ByteVector bytes(kFront, 7);
  bytes[0] = static_cast<std::uint8_t>(kind + kKinds * level);
  bytes[1] = static_cast<std::uint8_t>(generator);
  return bytes;
}

template <class Form>
void append(ByteVector& bytes, const ring::Poly<Form>& poly) {
  const std::size_t at = bytes.size();
  bytes.resize(at + poly.words().size_bytes());
  wire::writePoly(poly, std::span(bytes).subspan(at));
}

template <class Form>
void requireSame(const rlwe::Ciphertext<Form>& c, Bytes words, bool seeded) {
  ByteVector again(c.parts.size() * c.parts[0].words().size_bytes());
  wire::writeResidues(c, again);
  const std::size_t whole =
      seeded ? again.size() / c.parts.size() * (c.parts.size() - 1) : again.size();
  require(std::ranges::equal(Bytes(again).first(whole), words), Code::kInternal,
          "residues are not written as they were read");
}

}  // namespace

std::vector<ByteVector> seeds() {
  std::vector<ByteVector> all;
  const auto add = [&all](Kind kind, std::size_t level, int generator, std::size_t polys,
                          const ring::BasisPtr& basis) {
    ByteVector bytes = front(kind, level, generator);
    for (std::size_t i = 0; i < polys; ++i) append(bytes, anyPoly<ring::Eval>(basis));
    all.push_back(bytes);
  };
  const ring::BasisPtr& every = context()->basisQP(context()->maxLevel());
  for (const std::size_t level : {0, 1}) {
    const ring::BasisPtr& basis = context()->basisQ(level);
    add(kEval, level, 0, 2, basis);
    add(kEval, level, 1, 1, basis);
    add(kCoeff, level, 2, 1, basis);
    add(kEval3, level, 0, 3, basis);
    add(kPoly, level, 0, 1, basis);
  }
  add(kPublic, 0, 0, 2, every);
  add(kPublic, 0, 1, 1, every);
  add(kDigit, 0, 0, 2, every);
  add(kDigit, 0, 2, 1, every);
  ByteVector secret = front(kSecret, 0, 0);
  append(secret, rlwe::SecretKey::generate(context(), random::Seed{4, 5, 6}).secretPoly());
  all.push_back(secret);
  return all;
}

void read(Bytes input) {
  if (input.size() < kFront) return;
  const auto kind = static_cast<Kind>(input[0] % kKinds);
  const std::size_t level = input[0] / kKinds % 3;  // the last one is too high
  signed char seed_bytes[sizeof(random::SealSeed::words)];
  std::memcpy(seed_bytes, input.data() + 2, sizeof(seed_bytes));
  const auto seed = bindings::sealSeed(input[1] % 4, seed_bytes);
  const Bytes words = input.subspan(kFront);
  switch (kind) {
    case kEval:
    case kEval3: {
      const std::size_t parts = kind == kEval ? 2 : 3;
      requireSame(wire::readResidues<ring::Eval>(context(), level, parts, words, seed), words,
                  seed.has_value());
      return;
    }
    case kCoeff:
      requireSame(wire::readResidues<ring::Coeff>(context(), level, 2, words, seed), words,
                  seed.has_value());
      return;
    case kPoly:
      wire::readPoly<ring::Eval>(context()->basisQ(level), words);
      return;
    case kSecret: {
      const auto key = wire::readSecretResidues(context(), words);
      ByteVector again(words.size());
      wire::writeSecretResidues(key, again);
      require(std::ranges::equal(again, words), Code::kInternal,
              "a secret key is not written as it was read");
      return;
    }
    case kPublic:
      wire::readPublicResidues(context(), words, seed);
      return;
    default: {
      rlwe::KeySwitchKey key{context(), {}, {}, {}};
      for (std::size_t digit = 0; digit < context()->digits(context()->maxLevel()); ++digit) {
        wire::readDigitResidues(key, words, seed);
      }
    }
  }
}

}  // namespace veilsum::fuzz
