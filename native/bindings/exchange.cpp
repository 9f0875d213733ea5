#include "bindings/exchange.h"

#include <cstring>

#include "bindings/held.h"
#include "wire/residues.h"

namespace veilsum::bindings {

std::optional<random::SealSeed> sealSeed(int generator, const signed char* seed) {
  if (generator == 0) return std::nullopt;
  random::SealSeed result{random::sealGenerator(generator), {}};
  std::memcpy(result.words.data(), seed, sizeof(result.words));
  return result;
}

namespace exchange_face {

void expandSeed(Handle context, int primes, int generator, const signed char* seed,
                std::int64_t out, std::int64_t bytes) {
  const rlwe::Context& rlwe = *held<rlwe::ContextPtr>(context);
  const ring::BasisPtr basis =
      rlwe.basisQP(rlwe.maxLevel())->prefix(static_cast<std::size_t>(primes));
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < basis->size(); ++i) moduli.push_back(basis->modulus(i));
  Buffer<std::uint64_t> rows(basis->n() * basis->size(), unset);
  require(static_cast<std::size_t>(bytes) == 8 * rows.size(), Code::kUsage,
          "a polynomial takes 8 bytes for each coefficient and prime");
  random::expandSealUniform(sealSeed(generator, seed).value(), moduli, rows);
  std::memcpy(bytesAt(out, bytes).data(), rows.data(), 8 * rows.size());
}

Handle readSecretKey(Handle context, std::int64_t in, std::int64_t bytes) {
  return give(wire::readSecretResidues(held<rlwe::ContextPtr>(context), bytesAt(in, bytes)));
}

void writeSecretKey(Handle secret, std::int64_t out, std::int64_t bytes) {
  wire::writeSecretResidues(held<rlwe::SecretKey>(secret), bytesAt(out, bytes));
}

Handle readPublicKey(Handle context, std::int64_t in, std::int64_t bytes, int generator,
                     const signed char* seed) {
  return give(wire::readPublicResidues(held<rlwe::ContextPtr>(context), bytesAt(in, bytes),
                                       sealSeed(generator, seed)));
}

void writePublicKey(Handle secret, int generator, const signed char* seed, std::int64_t out,
                    std::int64_t bytes) {
  wire::writePublicResidues(held<rlwe::SecretKey>(secret), sealSeed(generator, seed).value(),
                            bytesAt(out, bytes));
}

Handle switchKey(Handle context) {
  return give(rlwe::KeySwitchKey{held<rlwe::ContextPtr>(context), {}, {}, {}});
}

void readDigit(Handle key, std::int64_t in, std::int64_t bytes, int generator,
               const signed char* seed) {
  wire::readDigitResidues(held<rlwe::KeySwitchKey>(key), bytesAt(in, bytes),
                          sealSeed(generator, seed));
}

void takeSwitchKey(Handle keys, std::int64_t element, Handle key) {
  auto& read = held<rlwe::KeySwitchKey>(key);
  auto& all = held<Keys>(keys);
  all.context->requireSame(*read.context);
  require(read.b.size() == all.context->digits(all.context->maxLevel()), Code::kCorrupt,
          "a key-switching key has fewer digits than its parameters");
  if (element == 0) {
    all.keys.relinearization = std::move(read);
  } else {
    all.keys.galois.insert_or_assign(static_cast<std::uint64_t>(element), std::move(read));
  }
}

void writeDigit(Handle keys, std::int64_t element, int digit, std::int64_t out,
                std::int64_t bytes) {
  const rlwe::EvaluationKeys& all = held<Keys>(keys).keys;
  wire::writeDigitResidues(
      element == 0 ? all.relin() : all.galoisFor(static_cast<std::uint64_t>(element)),
      static_cast<std::size_t>(digit), bytesAt(out, bytes));
}

}  // namespace exchange_face

}  // namespace veilsum::bindings
