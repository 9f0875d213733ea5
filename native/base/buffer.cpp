#include "base/buffer.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>

#include "base/block_reserve.h"
#include "base/error.h"
#include "base/slab.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace veilsum {
namespace {

constexpr std::size_t kAlignment = 64;
// From this size on, memory is aligned to huge pages and the system is asked for them: a residue
// polynomial is walked with large strides, which costs a page walk each on small pages.
constexpr std::size_t kHugePage = std::size_t{1} << 21;

std::atomic<std::uint64_t> allocated{0};
std::atomic<std::uint64_t> limit{0};

std::size_t alignmentOf(std::size_t bytes) { return bytes >= kHugePage ? kHugePage : kAlignment; }

void reserve(std::uint64_t bytes) {
  const std::uint64_t ceiling = limit.load(std::memory_order_relaxed);
  std::uint64_t held = allocated.load(std::memory_order_relaxed);
  do {
    if (ceiling != 0 && (bytes > ceiling || held > ceiling - bytes)) {
      throw Error(Code::kOutOfMemory, "an allocation of " + std::to_string(bytes) +
                                          " bytes on top of " + std::to_string(held) +
                                          " would pass the limit of " + std::to_string(ceiling) +
                                          "; raise the limit or release ciphertexts");
    }
  } while (!allocated.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
}

// A block from the system; null where it has none.
void* newBlock(std::size_t bytes) {
  if (detail::isCut(bytes)) return detail::cutBlock(bytes);
  void* data = ::operator new ((bytes + kAlignment - 1) / kAlignment * kAlignment,
                               std::align_val_t{alignmentOf(bytes)}, std::nothrow);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // Advice only: where the system has no huge pages, small ones do.
  if (data != nullptr && bytes >= kHugePage) {
    madvise(data, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  }
#endif
  return data;
}

}  // namespace

std::uint64_t allocatedBytes() { return allocated.load(std::memory_order_relaxed); }

void setAllocationLimit(std::uint64_t bytes) { limit.store(bytes, std::memory_order_relaxed); }

void wipe(void* data, std::size_t bytes) {
  if (bytes == 0) return;
  std::memset(data, 0, bytes);
  // The asm reads the memory as far as the compiler knows, so that the stores must stay.
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

namespace detail {

void* allocate(std::size_t count, std::size_t size) {
  void* data = allocateUnset(count, size);
  std::memset(data, 0, count * size);
  return data;
}

void* allocateUnset(std::size_t count, std::size_t size) {
  // More than half the address space is refused before any rounding could wrap.
  if (count > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / size) {
    throw Error(Code::kOutOfMemory, "an array of " + std::to_string(count) + " elements of " +
                                        std::to_string(size) + " bytes is larger than memory");
  }
  const std::size_t bytes = count * size;
  reserve(bytes);
  void* data = takeReserved(bytes);
  if (data == nullptr) data = newBlock(bytes);
  if (data == nullptr) {
    dropReserved();
    data = newBlock(bytes);
  }
  if (data == nullptr) {
    allocated.fetch_sub(bytes, std::memory_order_relaxed);
    throw Error(Code::kOutOfMemory, "the system has no " + std::to_string(bytes) + " bytes free");
  }
  return data;
}

void release(void* data, std::size_t bytes) noexcept {
  if (!keepReserved(data, bytes)) freeBlock(data, bytes);
  allocated.fetch_sub(bytes, std::memory_order_relaxed);
}

void freeBlock(void* data, std::size_t bytes) noexcept {
  if (isCut(bytes)) return freeCutBlock(data, bytes);
  ::operator delete (data, std::align_val_t{alignmentOf(bytes)});
}

}  // namespace detail
}  // namespace veilsum
