#include "bindings/rlwe.h"

#include <algorithm>

#include "bindings/held.h"
#include "wire/ciphertext_bytes.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const rlwe::ContextPtr& context) {
  // Roots and their quotients, both ways, for each prime.
  return 4 * 8 * context->n() * (context->parameters().q.size() + context->parameters().p.size());
}

template <>
std::uint64_t memoryBytes(const rlwe::SecretKey& key) {
  return polyBytes(key.secretPoly());
}

template <>
std::uint64_t memoryBytes(const rlwe::PublicKey& key) {
  return polyBytes(key.b) + polyBytes(key.a);
}

template <>
std::uint64_t memoryBytes(const rlwe::KeySwitchKey& key) {
  std::uint64_t bytes = 0;
  for (const auto& b : key.b) bytes += polyBytes(b);
  for (const auto& a : key.a) bytes += polyBytes(a);
  return bytes;
}

template <>
std::uint64_t memoryBytes(const Keys& keys) {
  std::uint64_t bytes = 0;
  if (keys.keys.relinearization) bytes += memoryBytes(*keys.keys.relinearization);
  for (const auto& [element, key] : keys.keys.galois) bytes += memoryBytes(key);
  return bytes;
}

std::span<const std::uint8_t> oneCiphertext(const rlwe::Context& context, wire::Scheme scheme,
                                            std::span<const std::uint8_t> in) {
  require(in.size() >= 8, Code::kCorrupt, "a ciphertext ends before its header does");
  const std::size_t level = in[2] + 256u * in[3];
  const std::size_t parts = in[4] + 256u * in[5];
  require(level <= context.maxLevel() && (parts == 2 || parts == 3), Code::kCorrupt,
          "a ciphertext states a level or a degree that its parameters lack");
  const std::size_t size = wire::ciphertextSize(context, scheme, level, parts, (in[1] & 1) != 0);
  require(in.size() >= size, Code::kCorrupt, "a ciphertext ends early");
  return in.first(size);
}

namespace rlwe_face {

namespace {

void keep(Keys& keys, std::int64_t element, rlwe::KeySwitchKey&& key) {
  if (element == 0) {
    keys.keys.relinearization = std::move(key);
  } else {
    keys.keys.galois.insert_or_assign(static_cast<std::uint64_t>(element), std::move(key));
  }
}

}  // namespace

Handle context(std::int64_t n, const std::int64_t* q, int q_count, const std::int64_t* p,
               int p_count, int digit_primes) {
  return give(rlwe::Context::create({.n = static_cast<std::size_t>(n),
                                     .q = words(q, q_count),
                                     .p = words(p, p_count),
                                     .digit_primes = static_cast<std::size_t>(digit_primes)}));
}

std::int64_t galoisElement(std::int64_t n, std::int64_t steps) {
  return static_cast<std::int64_t>(rlwe::galoisElement(static_cast<std::size_t>(n), steps));
}

std::int64_t galoisElementOfConjugation(std::int64_t n) {
  return static_cast<std::int64_t>(rlwe::galoisElementOfConjugation(static_cast<std::size_t>(n)));
}

Handle secretKey(Handle context, const signed char* seed) {
  random::Seed bytes;
  std::copy_n(seed, bytes.size(), bytes.begin());
  auto key = rlwe::SecretKey::generate(held<rlwe::ContextPtr>(context), bytes);
  wipe(bytes.data(), bytes.size());
  return give(std::move(key));
}

Handle publicKey(Handle secret) {
  return give(rlwe::PublicKey::generate(held<rlwe::SecretKey>(secret)));
}

std::int64_t publicKeyBytes(Handle context) {
  return static_cast<std::int64_t>(wire::publicKeySize(*held<rlwe::ContextPtr>(context)));
}

void packPublicKey(Handle key, std::int64_t out, std::int64_t bytes) {
  wire::write(held<rlwe::PublicKey>(key), bytesAt(out, bytes));
}

Handle loadPublicKey(Handle context, std::int64_t in, std::int64_t bytes) {
  const auto& parameters = held<rlwe::ContextPtr>(context);
  return give(wire::readPublicKey(parameters, bytesAt(in, bytes)));
}

Handle evaluationKeys(Handle context) { return give(Keys{held<rlwe::ContextPtr>(context), {}}); }

void generateSwitchKey(Handle keys, Handle secret, std::int64_t element) {
  const auto& s = held<rlwe::SecretKey>(secret);
  keep(held<Keys>(keys), element,
       element == 0 ? rlwe::relinearizationKey(s)
                    : rlwe::galoisKey(s, static_cast<std::uint64_t>(element)));
}

std::int64_t switchKeyBytes(Handle context) {
  return static_cast<std::int64_t>(wire::keySwitchKeySize(*held<rlwe::ContextPtr>(context)));
}

void packSwitchKey(Handle keys, std::int64_t element, std::int64_t out, std::int64_t bytes) {
  const rlwe::EvaluationKeys& all = held<Keys>(keys).keys;
  wire::write(element == 0 ? all.relin() : all.galoisFor(static_cast<std::uint64_t>(element)),
              bytesAt(out, bytes));
}

void loadSwitchKey(Handle keys, std::int64_t element, std::int64_t in, std::int64_t bytes) {
  Keys& all = held<Keys>(keys);
  keep(all, element, wire::readKeySwitchKey(all.context, bytesAt(in, bytes)));
}

}  // namespace rlwe_face

}  // namespace veilsum::bindings
