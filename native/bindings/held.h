#ifndef VEILSUM_BINDINGS_HELD_H_
#define VEILSUM_BINDINGS_HELD_H_

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "bindings/object.h"
#include "rlwe/ciphertext.h"
#include "rlwe/keys.h"
#include "wire/ciphertext_bytes.h"

/// What the faces of both schemes share: the sizes of what Java holds, and spans over addresses.
namespace veilsum::bindings {

/// Evaluation keys, and the parameters that they belong to.
struct Keys {
  rlwe::ContextPtr context;
  rlwe::EvaluationKeys keys;
  /// What another engine makes of them at its first use (seal_backend/); it goes with them.
  struct Derived {
    std::once_flag once;
    std::shared_ptr<const void> value;
  };
  std::unique_ptr<Derived> derived = std::make_unique<Derived>();
};

template <class Form>
std::uint64_t polyBytes(const ring::Poly<Form>& a) {
  return a.empty() ? 0 : a.words().size_bytes();
}
template <class Form>
std::uint64_t bodyBytes(const rlwe::Ciphertext<Form>& c) {
  std::uint64_t bytes = 0;
  for (const auto& part : c.parts) bytes += polyBytes(part);
  return bytes;
}
template <>
std::uint64_t memoryBytes(const rlwe::ContextPtr& context);
template <>
std::uint64_t memoryBytes(const rlwe::SecretKey& key);
template <>
std::uint64_t memoryBytes(const rlwe::PublicKey& key);
template <>
std::uint64_t memoryBytes(const rlwe::KeySwitchKey& key);
template <>
std::uint64_t memoryBytes(const Keys& keys);

inline std::span<std::uint8_t> bytesAt(std::int64_t address, std::int64_t count) {
  return {reinterpret_cast<std::uint8_t*>(address), static_cast<std::size_t>(count)};
}

inline std::vector<std::uint64_t> words(const std::int64_t* values, int count) {
  return {values, values + count};
}

/// The bytes of the one ciphertext at the start of `in`: its size follows from its header.
/// Code::kCorrupt where there are fewer.
std::span<const std::uint8_t> oneCiphertext(const rlwe::Context& context, wire::Scheme scheme,
                                            std::span<const std::uint8_t> in);

/// Pointers to the values behind handles.
template <class T>
std::vector<const T*> allHeld(const std::int64_t* handles, int count) {
  std::vector<const T*> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values.push_back(&held<T>(handles[i]));
  return values;
}

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_HELD_H_
