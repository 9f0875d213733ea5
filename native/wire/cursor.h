#ifndef VEILSUM_WIRE_CURSOR_H_
#define VEILSUM_WIRE_CURSOR_H_

// A cursor for each direction over a span of known size; little-endian.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>

#include "base/error.h"

namespace veilsum::wire {

static_assert(std::endian::native == std::endian::little, "words are copied as they are");

class ByteWriter {
 public:
  explicit ByteWriter(std::span<std::uint8_t> out) : rest_(out) {}

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(take(sizeof(T)).data(), &value, sizeof(T));
  }
  std::span<std::uint8_t> take(std::size_t count) {
    require(count <= rest_.size(), Code::kInternal, "an object outgrew its predicted size");
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  bool full() const { return rest_.empty(); }

 private:
  std::span<std::uint8_t> rest_;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> in) : rest_(in) {}

  template <class T>
  T get() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::span<const std::uint8_t> take(std::size_t count) {
    if (count > rest_.size()) {
      throw Error(Code::kCorrupt, "the bytes end where " + std::to_string(count) +
                                      " more belong; only " + std::to_string(rest_.size()) +
                                      " are there");
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_CURSOR_H_
