#include "gradient/threshold.h"

#include <algorithm>
#include <string>

#include "base/secrecy.h"
#include "gradient/sum.h"
#include "kernel/table.h"
#include "random/samplers.h"
#include "ring/rows.h"
#include "rlwe/small_poly.h"
#include "wire/packed.h"

namespace veilsum::gradient {

using arith::Modulus;
using arith::u128;
using ring::Coeff;
using ring::Eval;
using ring::Poly;

std::uint64_t mostSecretSquares(std::size_t n) { return 3 * n / 4; }
std::uint64_t mostErrorSquares(std::size_t n) { return 12 * n; }

namespace {

constexpr int kMostFloodingBits = 120;

using Sampler = void (*)(random::Stream&, std::span<std::int8_t>);

// Secret uniform residues, in constant time: 128 bits modulo q, little-endian. No residue is more
// likely than another by more than q / 2^128 < 2^-67 of its probability.
void sampleResidues(random::Stream& stream, const Modulus& q, std::span<std::uint64_t> out) {
  constexpr std::size_t kBatch = 256;
  Buffer<u128, true> words(kBatch);
  for (std::size_t begin = 0; begin < out.size(); begin += kBatch) {
    const std::size_t count = std::min(kBatch, out.size() - begin);
    stream.fill({reinterpret_cast<std::uint8_t*>(words.data()), count * sizeof(u128)});
    for (std::size_t k = 0; k < count; ++k) out[begin + k] = q.reduce(words[k]);
  }
}

// Small coefficients whose squares add up to at most `most`. That others were drawn before is
// public: they say nothing of these.
Buffer<std::int8_t, true> sampleWithin(Sampler sample, random::Stream& stream, std::size_t n,
                                       std::uint64_t most) {
  Buffer<std::int8_t, true> values(n);
  std::uint64_t squares;
  do {
    sample(stream, values);
    squares = 0;
    for (const std::int8_t value : values) squares += static_cast<std::uint64_t>(value * value);
  } while (declassified(squares > most));
  return values;
}

void check(bool condition, Code code, const std::string& message) {
  if (!condition) throw Error(code, message);
}

void requireParties(int threshold, int parties) {
  check(threshold >= 1 && threshold <= parties && parties <= kMostParties, Code::kOutOfRange,
        "a threshold of " + std::to_string(threshold) + " of " + std::to_string(parties) +
            " parties; 1 to their number is possible, of " + std::to_string(kMostParties) +
            " at most");
}

// lambda_i modulo q: the value at 0 of the polynomial that is 1 at i and 0 at the others.
std::uint64_t lagrangeAtZero(const Modulus& q, const Opening& opening) {
  std::uint64_t above = 1, below = 1;
  for (const int j : opening.participants) {
    if (j == opening.party) continue;
    above = q.mul(above, q.fromSigned(j));
    below = q.mul(below, q.fromSigned(j - opening.party));
  }
  return q.mul(above, q.inverse(below));
}

void validate(const Opening& opening, std::size_t masks) {
  const auto& all = opening.participants;
  const bool ascending =
      std::adjacent_find(all.begin(), all.end(), [](int a, int b) { return a >= b; }) == all.end();
  require(!all.empty() && ascending && all.front() >= 1 && all.back() <= kMostParties,
          Code::kBadInput, "the participants are not ascending numbers of parties");
  check(std::find(all.begin(), all.end(), opening.party) != all.end(), Code::kBadInput,
        "party " + std::to_string(opening.party) + " is not a participant of this opening");
  require(masks == all.size() - 1, Code::kUsage, "not one mask for each other participant");
  check(opening.flooding_bits >= 1 && opening.flooding_bits <= kMostFloodingBits, Code::kOutOfRange,
        "flooding of " + std::to_string(opening.flooding_bits) + " bits");
}

u128 floodingMiddle(int bits) { return 3 * ((u128{1} << bits) - 1) / 2; }

// x += t e.
void flood(const Codec& codec, int bits, Poly<Coeff>& x) {
  const rlwe::FreshSeed seed;
  random::Stream stream(seed.value);
  Buffer<u128, true> error(codec.n());
  floodingError(stream, bits, error);
  Buffer<std::uint64_t, true> row(codec.n());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Modulus& q = x.basis().modulus(i);
    const std::uint64_t middle = q.reduce(floodingMiddle(bits));
    for (std::size_t k = 0; k < codec.n(); ++k) row[k] = q.sub(q.reduce(error[k]), middle);
    ring::rows::scaleAdd(q, codec.n(), row.data(), codec.errorFactor(i), x.residue(i));
  }
}

// x += or -= the mask of another participant.
void mask(const Codec& codec, const random::Seed& seed, bool adds, std::uint64_t chunk,
          Poly<Coeff>& x) {
  Buffer<std::uint64_t, true> pad(codec.n());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Modulus& q = x.basis().modulus(i);
    random::Stream stream(seed, chunk * x.size() + i);
    sampleResidues(stream, q, pad);
    if (adds) {
      ring::rows::add(q, codec.n(), x.residue(i), pad.data(), x.residue(i));
    } else {
      ring::rows::sub(q, codec.n(), x.residue(i), pad.data(), x.residue(i));
    }
  }
}

}  // namespace

void floodingError(random::Stream& stream, int bits, std::span<u128> out) {
  require(bits >= 1 && bits <= kMostFloodingBits, Code::kOutOfRange, "flooding of no bits");
  const u128 mask = (u128{1} << bits) - 1;
  constexpr std::size_t kBatch = 256, kParts = 3;
  Buffer<u128, true> parts(kParts * kBatch);
  for (std::size_t begin = 0; begin < out.size(); begin += kBatch) {
    const std::size_t count = std::min(kBatch, out.size() - begin);
    stream.fill({reinterpret_cast<std::uint8_t*>(parts.data()), kParts * count * sizeof(u128)});
    for (std::size_t k = 0; k < count; ++k) {
      out[begin + k] =
          (parts[3 * k] & mask) + (parts[3 * k + 1] & mask) + (parts[3 * k + 2] & mask);
    }
  }
}

void deal(const Codec& codec, const random::Seed& common, const random::Seed& secret, int threshold,
          int parties, std::span<std::uint8_t> b, std::span<std::uint8_t> shares) {
  requireParties(threshold, parties);
  const std::size_t n = codec.n();
  const std::size_t polynomial = codec.polynomialBytes();
  require(b.size() == polynomial && shares.size() == static_cast<std::size_t>(parties) * polynomial,
          Code::kUsage, "the output of a dealing has another size");
  const ring::Basis& basis = *codec.basis();
  random::Stream secret_stream(secret, 0), error_stream(secret, 1);
  const auto s = sampleWithin(random::sampleTernary, secret_stream, n, mostSecretSquares(n));
  const auto e = sampleWithin(random::sampleNoise, error_stream, n, mostErrorSquares(n));

  Buffer<std::uint64_t, true> a(n), value(n), row(n);
  std::vector<Buffer<std::uint64_t, true>> coefficients;  // of f, from the first power on
  for (int k = 1; k < threshold; ++k) coefficients.emplace_back(n);
  std::size_t at = 0;  // of this row in a packed polynomial
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const Modulus& q = basis.modulus(i);
    const std::size_t bytes = wire::packedRowSize(n, q);
    kernel::table().liftSigned(s.data(), n, q.value(), value.data());
    basis.ntt(i).forward(value.data());

    random::expandUniform(common, i, q, a);
    kernel::table().liftSigned(e.data(), n, q.value(), row.data());
    basis.ntt(i).forward(row.data());
    ring::rows::mulSub(q, n, a.data(), value.data(), row.data());
    wire::packRow(row, q, b.subspan(at, bytes));

    for (std::size_t k = 0; k < coefficients.size(); ++k) {
      random::Stream stream(secret, 2 + k * basis.size() + i);  // 0 and 1 are taken
      sampleResidues(stream, q, coefficients[k]);
    }
    for (int point = 1; point <= parties; ++point) {
      std::fill(row.begin(), row.end(), 0);
      for (std::size_t k = coefficients.size(); k-- > 0;) {  // Horner
        ring::rows::add(q, n, row.data(), coefficients[k].data(), row.data());
        ring::rows::scale(q, n, row.data(), static_cast<std::uint64_t>(point), row.data());
      }
      ring::rows::add(q, n, row.data(), value.data(), row.data());
      wire::packRow(row, q,
                    shares.subspan(static_cast<std::size_t>(point - 1) * polynomial + at, bytes));
    }
    at += bytes;
  }
}

void openPart(const Codec& codec, const Opening& opening, std::span<const std::uint8_t> share,
              std::span<const random::Seed> masks, std::uint64_t chunk,
              std::span<const std::uint8_t> c1, std::span<std::uint8_t> out) {
  validate(opening, masks.size());
  const ring::BasisPtr& basis = codec.basis();
  Poly<Eval> product(basis), own(basis);
  const rlwe::WipeAtEnd wiped(product), wiped_own(own);
  unpackInto(codec, c1, product);
  unpackInto(codec, share, own);
  mulInto(product, own);
  std::vector<std::uint64_t> factors;
  for (std::size_t i = 0; i < basis->size(); ++i) {
    factors.push_back(lagrangeAtZero(basis->modulus(i), opening));
  }
  scale(product, factors);
  Poly<Coeff> x = toCoeff(std::move(product));
  const rlwe::WipeAtEnd wiped_x(x);
  flood(codec, opening.flooding_bits, x);
  auto seed = masks.begin();
  for (const int other : opening.participants) {
    if (other != opening.party) mask(codec, *seed++, opening.party < other, chunk, x);
  }
  wire::pack(x.words(), *basis, out);
}

void combine(const Codec& codec, std::span<const std::uint8_t> c0,
             std::span<const std::uint8_t* const> parts, std::uint64_t most,
             std::span<std::uint64_t> sums) {
  Poly<Coeff> x(codec.basis()), part(codec.basis());
  const rlwe::WipeAtEnd wiped(x);
  unpackInto(codec, c0, x);
  for (const std::uint8_t* packed : parts) {
    unpackInto(codec, std::span(packed, codec.polynomialBytes()), part);
    addInto(x, part);
  }
  codec.decode(x, sums);
  std::uint64_t beyond = 0;
  for (const std::uint64_t sum : sums) beyond |= most - sum;
  // Whether they are refused is public.
  require(declassified(beyond >> 63 == 0), Code::kBadInput,
          "a sum is larger than any that these clients could have made: these shares do not open "
          "this aggregate");
}

}  // namespace veilsum::gradient
