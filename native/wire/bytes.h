#ifndef VEILSUM_WIRE_BYTES_H_
#define VEILSUM_WIRE_BYTES_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "base/error.h"

namespace veilsum::wire {

/// Writes little-endian numbers and bytes one after another; Code::kUsage where they do not fit.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) : out_(out) {}

  /// The next `count` bytes, to be filled by the caller.
  std::span<std::uint8_t> next(std::size_t count) {
    require(count <= out_.size() - position_, Code::kUsage, "the buffer is too small");
    position_ += count;
    return out_.subspan(position_ - count, count);
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { std::memcpy(next(sizeof value).data(), &value, sizeof value); }
  void put(std::span<const std::uint8_t> bytes) {
    if (!bytes.empty()) std::memcpy(next(bytes.size()).data(), bytes.data(), bytes.size());
  }
  std::size_t written() const { return position_; }

 private:
  std::span<std::uint8_t> out_;
  std::size_t position_ = 0;
};

/// Reads what Writer wrote; Code::kCorrupt where the bytes end early.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> in) : in_(in) {}

  std::span<const std::uint8_t> next(std::size_t count) {
    require(count <= in_.size() - position_, Code::kCorrupt, "the bytes end early");
    position_ += count;
    return in_.subspan(position_ - count, count);
  }
  template <class T>
  requires std::is_arithmetic_v<T> T get() {
    T value;
    std::memcpy(&value, next(sizeof value).data(), sizeof value);
    return value;
  }
  std::size_t consumed() const { return position_; }

 private:
  std::span<const std::uint8_t> in_;
  std::size_t position_ = 0;
};

}  // namespace veilsum::wire

#endif  // VEILSUM_WIRE_BYTES_H_
