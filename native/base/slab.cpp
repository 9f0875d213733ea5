#include "base/slab.h"

#include <cstdint>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace veilsum::detail {
namespace {

#if defined(__linux__) && defined(MADV_HUGEPAGE) && !defined(__SANITIZE_ADDRESS__)
constexpr bool kEnabled = true;
#else
constexpr bool kEnabled = false;  // nothing to gain; a sanitizer is to see every block
#endif

constexpr std::size_t kSmallest = std::size_t{64} << 10, kLargest = std::size_t{2} << 20;
constexpr std::size_t kSlab = std::size_t{8} << 20, kPage = 4096, kLine = 64;
// Between blocks: rows at equal places of several blocks must not meet in one set of the cache.
constexpr std::size_t kGap = 9 * kLine;

// The head of a slab, which is aligned to its size.
struct Slab {
  std::size_t used, live;  // bytes from its start; blocks
};

std::mutex mutex;
Slab* current = nullptr;  // what blocks are cut from; never freed while the process runs

Slab* newSlab() {
  void* memory = ::operator new (kSlab, std::align_val_t{kSlab}, std::nothrow);
  if (memory == nullptr) return nullptr;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  madvise(memory, kSlab, MADV_HUGEPAGE);  // advice only
#endif
  return new (memory) Slab{kLine, 0};
}

// Gives the whole pages of a free block back to the system.
void dropPages(std::uintptr_t begin, std::size_t bytes) noexcept {
#if defined(__linux__)
  const std::uintptr_t first = (begin + kPage - 1) / kPage * kPage;
  const std::uintptr_t end = (begin + bytes) / kPage * kPage;
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
#endif
}

}  // namespace

bool isCut(std::size_t bytes) { return kEnabled && bytes >= kSmallest && bytes < kLargest; }

void* cutBlock(std::size_t bytes) {
  const std::size_t size = (bytes + kLine - 1) / kLine * kLine + kGap;
  const std::lock_guard lock(mutex);
  if (current == nullptr || current->used + size > kSlab) {
    Slab* const fresh = newSlab();
    if (fresh == nullptr) return nullptr;
    current = fresh;
  }
  void* const block = reinterpret_cast<std::byte*>(current) + current->used;
  current->used += size;
  ++current->live;
  return block;
}

void freeCutBlock(void* block, std::size_t bytes) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  Slab* const slab = reinterpret_cast<Slab*>(address / kSlab * kSlab);
  const std::lock_guard lock(mutex);
  if (--slab->live > 0) return dropPages(address, bytes);
  if (slab == current) {
    slab->used = kLine;
  } else {
    ::operator delete (slab, std::align_val_t{kSlab});
  }
}

}  // namespace veilsum::detail
