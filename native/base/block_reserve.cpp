#include "base/block_reserve.h"

#include <array>
#include <mutex>

namespace veilsum {
namespace {

constexpr std::size_t kSmallest = std::size_t{32} << 10, kLargest = std::size_t{16} << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kEnabled = false;  // the sanitizer is to see every free
#else
constexpr bool kEnabled = true;
#endif

struct Block {
  void* data;
  std::size_t bytes;
};

// A short stack: the newest block is the likeliest to be in the cache, and a search of a few dozen
// entries is nothing beside the use of the smallest block.
struct Reserve {
  std::mutex mutex;
  std::array<Block, 256> blocks;
  std::size_t count = 0, bytes = 0;
};

// Never destroyed: buffers may be released while the process ends.
Reserve& reserve() {
  static Reserve& kept = *new Reserve;
  return kept;
}

bool isKept(std::size_t bytes) { return kEnabled && bytes >= kSmallest && bytes <= kLargest; }

}  // namespace

void* takeReserved(std::size_t bytes) {
  if (!isKept(bytes)) return nullptr;
  Reserve& kept = reserve();
  const std::lock_guard lock(kept.mutex);
  for (std::size_t i = kept.count; i-- > 0;) {
    if (kept.blocks[i].bytes != bytes) continue;
    void* data = kept.blocks[i].data;
    for (std::size_t j = i + 1; j < kept.count; ++j) kept.blocks[j - 1] = kept.blocks[j];
    --kept.count;
    kept.bytes -= bytes;
    return data;
  }
  return nullptr;
}

bool keepReserved(void* block, std::size_t bytes) noexcept {
  if (!isKept(bytes)) return false;
  Reserve& kept = reserve();
  const std::lock_guard lock(kept.mutex);
  // The oldest blocks make room: their size may be one that is not used any more.
  std::size_t dropped = 0;
  while (dropped < kept.count &&
         (kept.bytes + bytes > kReserveBytes || kept.count - dropped == kept.blocks.size())) {
    const Block oldest = kept.blocks[dropped++];
    kept.bytes -= oldest.bytes;
    detail::freeBlock(oldest.data, oldest.bytes);
  }
  for (std::size_t i = dropped; i < kept.count; ++i) kept.blocks[i - dropped] = kept.blocks[i];
  kept.count -= dropped;
  kept.blocks[kept.count++] = {block, bytes};
  kept.bytes += bytes;
  return true;
}

void dropReserved() {
  Reserve& kept = reserve();
  const std::lock_guard lock(kept.mutex);
  while (kept.count > 0) {
    const Block block = kept.blocks[--kept.count];
    detail::freeBlock(block.data, block.bytes);
  }
  kept.bytes = 0;
}

}  // namespace veilsum
