#ifndef VEILSUM_BASE_BUFFER_H_
#define VEILSUM_BASE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace veilsum {

/// Bytes now held by all buffers of the process.
std::uint64_t allocatedBytes();

/// Refuses (Code::kOutOfMemory) every allocation that would pass this many bytes; 0: no limit.
void setAllocationLimit(std::uint64_t bytes);

/// Zeroes memory in a way that the compiler may not drop.
void wipe(void* data, std::size_t bytes);

namespace detail {
// 64-byte aligned, counted; zeroed by allocate.
void* allocate(std::size_t count, std::size_t size);
void* allocateUnset(std::size_t count, std::size_t size);
void release(void* data, std::size_t bytes) noexcept;
}  // namespace detail

/// Asks for memory that is not zeroed: for a result of which every word is written next.
struct Unset {};
inline constexpr Unset unset{};

/// An owned, 64-byte aligned, zero-initialised array of words. Move-only; copies are explicit.
/// With `Secret`, the words are wiped before they are freed.
template <class T, bool Secret = false>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size)
      : data_(size ? static_cast<T*>(detail::allocate(size, sizeof(T))) : nullptr), size_(size) {}
  Buffer(std::size_t size, Unset)
      : data_(size ? static_cast<T*>(detail::allocateUnset(size, sizeof(T))) : nullptr),
        size_(size) {}
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if constexpr (Secret) wipe(data_, size_ * sizeof(T));
    if (data_) detail::release(data_, size_ * sizeof(T));
  }

  Buffer copy() const {
    Buffer result(size_, unset);
    for (std::size_t i = 0; i < size_; ++i) result.data_[i] = data_[i];
    return result;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  operator std::span<T>() { return {data_, size_}; }
  operator std::span<const T>() const { return {data_, size_}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace veilsum

#endif  // VEILSUM_BASE_BUFFER_H_
