#include "bindings/gradient.h"

#include <algorithm>
#include <vector>

#include "bindings/held.h"
#include "gradient/public_update.h"
#include "gradient/sum.h"
#include "gradient/update.h"

namespace veilsum::bindings {

using CodecPtr = std::shared_ptr<const gradient::Codec>;

template <>
std::uint64_t memoryBytes(const CodecPtr&) {
  return 0;  // tables of a few words a prime
}

template <>
std::uint64_t memoryBytes(const gradient::Update&) {
  return 0;
}

namespace gradient_face {

namespace {

template <class T>
std::span<T> at(std::int64_t address, std::int64_t count) {
  require(count >= 0, Code::kUsage, "a negative number of elements");
  return {reinterpret_cast<T*>(address), static_cast<std::size_t>(count)};
}

gradient::Numbers numbersAt(int kind, std::int64_t address, std::int64_t count) {
  switch (kind) {
    case 0:
      return at<const float>(address, count);
    case 1:
      return at<const double>(address, count);
    case 2:
      return at<const std::uint64_t>(address, count);
    default:
      throw Error(Code::kUsage, "no kind of numbers is " + std::to_string(kind));
  }
}

std::size_t words(const gradient::Codec& codec) { return codec.n() * codec.basis()->size(); }

}  // namespace

Handle codec(Handle context, int bits, int digit_bits, int per_coefficient) {
  return give(gradient::Codec::create(held<rlwe::ContextPtr>(context),
                                      {bits, digit_bits, per_coefficient}));
}

Handle update(Handle codec) { return give(gradient::Update(held<CodecPtr>(codec))); }

void updateSeed(Handle update, std::int64_t out) {
  const random::Seed& seed = held<gradient::Update>(update).seed();
  std::copy(seed.begin(), seed.end(), bytesAt(out, 32).begin());
}

void encrypt(Handle update, Handle secret, std::int64_t chunk, int kind, std::int64_t numbers,
             std::int64_t count, double clip, std::int64_t first, std::int64_t out,
             std::int64_t bytes) {
  held<gradient::Update>(update).encrypt(held<rlwe::SecretKey>(secret),
                                         static_cast<std::uint64_t>(chunk),
                                         numbersAt(kind, numbers, count), {clip},
                                         static_cast<std::uint64_t>(first), bytesAt(out, bytes));
}

Handle publicKey(Handle codec, std::int64_t seed, std::int64_t b, std::int64_t bytes) {
  const gradient::Codec& of = *held<CodecPtr>(codec);
  ring::Poly<ring::Eval> unpacked(of.basis());
  gradient::unpackInto(of, bytesAt(b, bytes), unpacked);
  const random::Seed& expanded = at<const random::Seed>(seed, 1)[0];
  return give(rlwe::PublicKey::load(of.context(), expanded, unpacked.words()));
}

void encryptPair(Handle codec, Handle key, int kind, std::int64_t numbers, std::int64_t count,
                 double clip, std::int64_t first, std::int64_t out, std::int64_t bytes) {
  gradient::encryptPair(*held<CodecPtr>(codec), held<rlwe::PublicKey>(key),
                        numbersAt(kind, numbers, count), {clip}, static_cast<std::uint64_t>(first),
                        bytesAt(out, bytes));
}

void add(Handle codec, const std::int64_t* chunks, const std::int64_t* weights, int count,
         int polynomials, std::int64_t sum) {
  const gradient::Codec& of = *held<CodecPtr>(codec);
  const std::vector<std::uint64_t> factors = bindings::words(weights, count);
  std::vector<const std::uint8_t*> packed(factors.size());
  for (int p = 0; p < polynomials; ++p) {
    for (std::size_t k = 0; k < packed.size(); ++k) {
      packed[k] = reinterpret_cast<const std::uint8_t*>(chunks[k]) +
                  static_cast<std::size_t>(p) * of.polynomialBytes();
    }
    const auto part = static_cast<std::size_t>(p) * words(of);
    gradient::addPacked(of, packed, factors,
                        {reinterpret_cast<std::uint64_t*>(sum) + part, words(of)});
  }
}

void pack(Handle codec, int polynomials, std::int64_t sum, std::int64_t out, std::int64_t bytes) {
  const gradient::Codec& of = *held<CodecPtr>(codec);
  auto rest = bytesAt(out, bytes);
  require(rest.size() == static_cast<std::size_t>(polynomials) * of.polynomialBytes(), Code::kUsage,
          "the output of a packed sum has another size");
  for (int p = 0; p < polynomials; ++p) {
    const auto part = static_cast<std::size_t>(p) * words(of);
    gradient::packSum(of, {reinterpret_cast<const std::uint64_t*>(sum) + part, words(of)},
                      rest.first(of.polynomialBytes()));
    rest = rest.subspan(of.polynomialBytes());
  }
}

void expand(Handle codec, std::int64_t seeds, const std::int64_t* weights, int count,
            std::int64_t chunk, std::int64_t out, std::int64_t bytes) {
  gradient::expandSeeds(*held<CodecPtr>(codec), at<const random::Seed>(seeds, count),
                        bindings::words(weights, count), static_cast<std::uint64_t>(chunk),
                        bytesAt(out, bytes));
}

void decrypt(Handle codec, Handle secret, std::int64_t c0, std::int64_t c1, std::int64_t bytes,
             std::int64_t most, std::int64_t sums, std::int64_t count) {
  gradient::decrypt(*held<CodecPtr>(codec), held<rlwe::SecretKey>(secret), bytesAt(c0, bytes),
                    bytesAt(c1, bytes), static_cast<std::uint64_t>(most),
                    at<std::uint64_t>(sums, count));
}

void dequantizeFloats(std::int64_t sums, std::int64_t count, std::int64_t weight, double clip,
                      int bits, double scale, std::int64_t out) {
  gradient::dequantize(at<const std::uint64_t>(sums, count), static_cast<std::uint64_t>(weight),
                       clip, bits, scale, at<float>(out, count));
}

void dequantizeDoubles(std::int64_t sums, std::int64_t count, std::int64_t weight, double clip,
                       int bits, double scale, std::int64_t out) {
  gradient::dequantize(at<const std::uint64_t>(sums, count), static_cast<std::uint64_t>(weight),
                       clip, bits, scale, at<double>(out, count));
}

}  // namespace gradient_face

}  // namespace veilsum::bindings
