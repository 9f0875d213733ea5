#include "wire/ciphertext_bytes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "random/samplers.h"
#include "wire/cursor.h"
#include "wire/packed.h"

namespace veilsum::wire {

namespace {

using Bytes = std::span<const std::uint8_t>;

enum class Kind : std::uint8_t { kCkks = 1, kBfv = 2, kPublicKey = 3, kKeySwitchKey = 4 };

constexpr std::uint8_t kSeeded = 1;
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kSeedSize = sizeof(random::Seed);

struct Header {
  Kind kind;
  bool seeded;
  std::size_t level, parts;
};

std::size_t fieldsOf(Kind kind) { return kind == Kind::kCkks ? 3 : kind == Kind::kBfv ? 1 : 0; }

// The basis of the rows that stand in an object.
const ring::Basis& basisOf(const rlwe::Context& context, const Header& header) {
  return header.kind == Kind::kKeySwitchKey ? *context.basisQP(header.level)
                                            : *context.basisQ(header.level);
}

// Polynomials that are written: a seeded ciphertext's c_1 is not.
std::size_t writtenParts(const Header& header) {
  const bool ciphertext = header.kind == Kind::kCkks || header.kind == Kind::kBfv;
  return header.parts - (ciphertext && header.seeded ? 1 : 0);
}

std::size_t sizeOf(const rlwe::Context& context, const Header& header) {
  return kHeaderSize + 8 * fieldsOf(header.kind) + (header.seeded ? kSeedSize : 0) +
         writtenParts(header) * packedSize(basisOf(context, header));
}

void writeHeader(ByteWriter& out, const Header& header) {
  out.put(header.kind);
  out.put(header.seeded ? kSeeded : std::uint8_t{0});
  out.put(static_cast<std::uint16_t>(header.level));
  out.put(static_cast<std::uint16_t>(header.parts));
  out.put(std::uint16_t{0});
}

[[noreturn]] void corrupt(const std::string& what) { throw Error(Code::kCorrupt, what); }

// The header, checked against the context, and the size that follows from it against what is there.
Header readHeader(const rlwe::Context& context, Kind kind, Bytes in, ByteReader& reader) {
  const auto found = reader.get<std::uint8_t>();
  if (found != static_cast<std::uint8_t>(kind)) {
    corrupt("an object of kind " + std::to_string(found) + " where kind " +
            std::to_string(static_cast<int>(kind)) + " belongs");
  }
  const auto flags = reader.get<std::uint8_t>();
  if ((flags & ~kSeeded) != 0) corrupt("unknown flags " + std::to_string(flags));
  Header header{kind, (flags & kSeeded) != 0, reader.get<std::uint16_t>(),
                reader.get<std::uint16_t>()};
  if (reader.get<std::uint16_t>() != 0) corrupt("a reserved field is not zero");

  const bool key = kind == Kind::kPublicKey || kind == Kind::kKeySwitchKey;
  if (header.level > context.maxLevel() || (key && header.level != context.maxLevel())) {
    corrupt("level " + std::to_string(header.level) + " where the highest is " +
            std::to_string(context.maxLevel()));
  }
  if (kind == Kind::kKeySwitchKey && !context.canKeySwitch()) {
    corrupt("a key-switching key for parameters that have no special prime");
  }
  const std::size_t least = kind == Kind::kPublicKey      ? 1
                            : kind == Kind::kKeySwitchKey ? context.digits(header.level)
                                                          : 2;
  const std::size_t most = key || header.seeded ? least : 3;
  if (header.parts < least || header.parts > most || (key && !header.seeded)) {
    corrupt("an object of " + std::to_string(header.parts) + " parts, " +
            (header.seeded ? "seeded" : "not seeded"));
  }
  if (in.size() != sizeOf(context, header)) {
    corrupt("an object of " + std::to_string(in.size()) + " bytes where " +
            std::to_string(sizeOf(context, header)) + " belong");
  }
  return header;
}

template <class Form>
Header headerOf(Kind kind, const rlwe::Ciphertext<Form>& body) {
  return {kind, body.seed.has_value(), body.level(), body.parts.size()};
}

Header headerOf(const rlwe::PublicKey& key) {
  return {Kind::kPublicKey, true, key.context->maxLevel(), 1};
}

Header headerOf(const rlwe::KeySwitchKey& key) {
  return {Kind::kKeySwitchKey, true, key.context->maxLevel(), key.b.size()};
}

void requireSize(std::size_t found, std::size_t needed) {
  if (found == needed) return;
  throw Error(Code::kUsage, "the object takes " + std::to_string(needed) +
                                " bytes, and there is room for " + std::to_string(found));
}

template <class Form>
void writePoly(ByteWriter& out, const ring::Poly<Form>& poly) {
  pack(poly.words(), poly.basis(), out.take(packedSize(poly.basis())));
}

template <class Form>
void writeBody(std::span<std::uint8_t> bytes, Kind kind, const rlwe::Ciphertext<Form>& body,
               std::initializer_list<double> fields) {
  const Header header = headerOf(kind, body);
  requireSize(bytes.size(), sizeOf(*body.context, header));
  const auto c1 = body.parts[1].words();
  require(std::any_of(c1.begin(), c1.end(), [](std::uint64_t x) { return x != 0; }), Code::kUsage,
          "a transparent ciphertext (c_1 = 0, a ciphertext minus itself) is not written: it hides "
          "nothing");
  ByteWriter out(bytes);
  writeHeader(out, header);
  for (const double field : fields) out.put(field);
  if (body.seed) out.put(*body.seed);
  for (std::size_t i = 0; i < body.parts.size(); ++i) {
    if (!(i == 1 && body.seed)) writePoly(out, body.parts[i]);
  }
  require(out.full(), Code::kInternal, "an object is smaller than its predicted size");
}

// The parts that follow the fields, c_1 from its seed where there is one.
template <class Form>
rlwe::Ciphertext<Form> readBody(const rlwe::ContextPtr& context, const Header& header,
                                ByteReader& reader) {
  rlwe::Ciphertext<Form> body{context, {}, {}};
  if (header.seeded) body.seed = reader.get<random::Seed>();
  const ring::BasisPtr& basis = context->basisQ(header.level);
  for (std::size_t i = 0; i < header.parts; ++i) {
    ring::Poly<Form>& part = body.parts.emplace_back(basis, unset);
    if (i == 1 && header.seeded) {
      for (std::size_t j = 0; j < basis->size(); ++j) {
        random::expandUniform(*body.seed, j, basis->modulus(j), {part.residue(j), basis->n()});
      }
    } else {
      unpack(reader.take(packedSize(*basis)), *basis, part.words());
    }
  }
  return body;
}

// Whether a key's first residues are those of its seed, so that load() will restore it.
void requireSeeded(const random::Seed& seed, const ring::Poly<ring::Eval>& a) {
  Buffer<std::uint64_t> row(a.n(), unset);
  random::expandUniform(seed, 0, a.basis().modulus(0), row);
  require(std::equal(row.begin(), row.end(), a.residue(0)), Code::kUnsupported,
          "the key is not its seed's expansion (it came from elsewhere); write it in the format "
          "that it came in");
}

}  // namespace

std::size_t ciphertextSize(const rlwe::Context& context, Scheme scheme, std::size_t level,
                           std::size_t parts, bool seeded) {
  return sizeOf(context,
                {scheme == Scheme::kCkks ? Kind::kCkks : Kind::kBfv, seeded, level, parts});
}

std::size_t publicKeySize(const rlwe::Context& context) {
  return sizeOf(context, {Kind::kPublicKey, true, context.maxLevel(), 1});
}

std::size_t keySwitchKeySize(const rlwe::Context& context) {
  require(context.canKeySwitch(), Code::kUnsupported,
          "these parameters have no special prime, so there are no key-switching keys");
  const std::size_t level = context.maxLevel();
  return sizeOf(context, {Kind::kKeySwitchKey, true, level, context.digits(level)});
}

std::size_t packedSize(const ckks::Ciphertext& c) {
  return sizeOf(*c.body.context, headerOf(Kind::kCkks, c.body));
}

std::size_t packedSize(const bfv::Ciphertext& c) {
  return sizeOf(*c.body.context, headerOf(Kind::kBfv, c.body));
}

std::size_t packedSize(const rlwe::PublicKey& key) { return sizeOf(*key.context, headerOf(key)); }

std::size_t packedSize(const rlwe::KeySwitchKey& key) {
  return sizeOf(*key.context, headerOf(key));
}

void write(const ckks::Ciphertext& c, std::span<std::uint8_t> out) {
  writeBody(out, Kind::kCkks, c.body, {c.scale, c.noise, c.message});
}

void write(const bfv::Ciphertext& c, std::span<std::uint8_t> out) {
  writeBody(out, Kind::kBfv, c.body, {c.log2_noise});
}

void write(const rlwe::PublicKey& key, std::span<std::uint8_t> bytes) {
  requireSize(bytes.size(), packedSize(key));
  requireSeeded(key.seed, key.a);
  ByteWriter out(bytes);
  writeHeader(out, headerOf(key));
  out.put(key.seed);
  writePoly(out, key.b);
}

void write(const rlwe::KeySwitchKey& key, std::span<std::uint8_t> bytes) {
  requireSize(bytes.size(), packedSize(key));
  requireSeeded(key.seed, key.a[0]);
  ByteWriter out(bytes);
  writeHeader(out, headerOf(key));
  out.put(key.seed);
  for (const auto& b : key.b) writePoly(out, b);
}

ckks::Ciphertext readCkksCiphertext(const rlwe::ContextPtr& context, Bytes in) {
  ByteReader reader(in);
  const Header header = readHeader(*context, Kind::kCkks, in, reader);
  const auto scale = reader.get<double>(), noise = reader.get<double>();
  const auto message = reader.get<double>();
  return ckks::adopt(readBody<ring::Eval>(context, header, reader), scale, noise, message);
}

bfv::Ciphertext readBfvCiphertext(const bfv::ContextPtr& context, Bytes in) {
  ByteReader reader(in);
  const Header header = readHeader(*context->rlwe(), Kind::kBfv, in, reader);
  const auto log2_noise = reader.get<double>();
  return bfv::adopt(context, readBody<ring::Coeff>(context->rlwe(), header, reader), log2_noise);
}

rlwe::PublicKey readPublicKey(const rlwe::ContextPtr& context, Bytes in) {
  ByteReader reader(in);
  const Header header = readHeader(*context, Kind::kPublicKey, in, reader);
  const auto seed = reader.get<random::Seed>();
  const ring::Basis& basis = basisOf(*context, header);
  Buffer<std::uint64_t> b(basis.n() * basis.size(), unset);
  unpack(reader.take(packedSize(basis)), basis, b);
  return rlwe::PublicKey::load(context, seed, b);
}

rlwe::KeySwitchKey readKeySwitchKey(const rlwe::ContextPtr& context, Bytes in) {
  ByteReader reader(in);
  const Header header = readHeader(*context, Kind::kKeySwitchKey, in, reader);
  const auto seed = reader.get<random::Seed>();
  const ring::Basis& basis = basisOf(*context, header);
  const std::size_t words = basis.n() * basis.size();
  Buffer<std::uint64_t> b(header.parts * words, unset);
  for (std::size_t d = 0; d < header.parts; ++d) {
    unpack(reader.take(packedSize(basis)), basis, {b.data() + d * words, words});
  }
  return rlwe::KeySwitchKey::load(context, seed, b);
}

}  // namespace veilsum::wire
