#ifndef VEILSUM_BINDINGS_OBJECT_H_
#define VEILSUM_BINDINGS_OBJECT_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"

namespace veilsum::bindings {

/// The address of an Object, as Java keeps it. Java's NativeHandle owns it and guards its life.
using Handle = std::int64_t;

/// Anything that Java holds. Immutable once it is handed out, so that threads share it freely.
class Object {
 public:
  Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;
  /// Bytes held, roughly.
  virtual std::uint64_t bytes() const = 0;
};

/// Bytes that a value holds: specialized for every type that Java holds.
template <class T>
std::uint64_t memoryBytes(const T& value);

/// An object around a value of the core.
template <class T>
class Held final : public Object {
 public:
  explicit Held(T&& value) : value_(std::move(value)) {}
  std::uint64_t bytes() const override { return sizeof(*this) + memoryBytes(value_); }
  T& value() { return value_; }

 private:
  T value_;
};

/// Hands a value over to Java.
template <class T>
Handle give(T&& value) {
  Object* object = new Held<T>(std::move(value));
  return reinterpret_cast<Handle>(object);
}

/// Hands several values over; none where that fails.
template <class T>
void giveAll(std::vector<T>&& values, Handle* out) {
  std::vector<std::unique_ptr<Object>> objects;
  objects.reserve(values.size());
  for (T& value : values) objects.push_back(std::make_unique<Held<T>>(std::move(value)));
  for (auto& object : objects) *out++ = reinterpret_cast<Handle>(object.release());
}

/// The value behind a handle; Code::kParameterMismatch where it is of another kind.
template <class T>
T& held(Handle handle) {
  auto* object = dynamic_cast<Held<T>*>(reinterpret_cast<Object*>(handle));
  require(object != nullptr, Code::kParameterMismatch,
          "this object is of another kind or another scheme; use one that this backend made");
  return object->value();
}

/// The value behind a handle whose kind is known: for functions that must not fail.
template <class T>
T& known(Handle handle) noexcept {
  return static_cast<Held<T>*>(reinterpret_cast<Object*>(handle))->value();
}

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_OBJECT_H_
