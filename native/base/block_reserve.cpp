#include "base/block_reserve.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#include <unistd.h>
#endif

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

void freeBlock(Block block) { detail::freeBlock(block.data, block.bytes); }

// A short stack: the newest block is the likeliest to be in the cache, and a search of a few dozen
// entries is nothing beside the use of the smallest block. On cache lines of its own.
class alignas(64) Stack {
 public:
  explicit Stack(std::size_t limit) : limit_(limit) {}

  /// The newest block of this size, or null.
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = count_; i-- > 0;) {
      if (blocks_[i].bytes != bytes) continue;
      void* const data = blocks_[i].data;
      std::copy(blocks_.begin() + i + 1, blocks_.begin() + count_, blocks_.begin() + i);
      --count_;
      bytes_ -= bytes;
      return data;
    }
    return nullptr;
  }

  /// Keeps a block, which is below the limit. The oldest blocks make room and go to `evict`: their
  /// size may be one that is not used any more.
  template <class Evict>
  void keep(Block block, Evict evict) {
    const std::lock_guard lock(mutex_);
    std::size_t oldest = 0;
    while (oldest < count_ &&
           (bytes_ + block.bytes > limit_ || count_ - oldest == blocks_.size())) {
      bytes_ -= blocks_[oldest].bytes;
      evict(blocks_[oldest++]);
    }
    std::copy(blocks_.begin() + oldest, blocks_.begin() + count_, blocks_.begin());
    count_ -= oldest;
    blocks_[count_++] = block;
    bytes_ += block.bytes;
  }

  void drop() {
    const std::lock_guard lock(mutex_);
    while (count_ > 0) freeBlock(blocks_[--count_]);
    bytes_ = 0;
  }

  std::size_t bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::array<Block, 256> blocks_;
  std::size_t count_ = 0, bytes_ = 0;
};

struct Reserve {
  explicit Reserve(std::size_t processors) : shared(kSharedReserveBytes) {
    for (std::size_t i = 0; i < processors; ++i) own.emplace_back(kProcessorReserveBytes);
  }

  std::size_t bytes() {
    std::size_t sum = shared.bytes();
    for (Stack& stack : own) sum += stack.bytes();
    return sum;
  }

  std::deque<Stack> own;  // by processor
  Stack shared;           // locked after one of own, never before
};

constexpr std::size_t kMostProcessors = 256;

// Those that the system may ever number, wherever this process may run now.
std::size_t processors() {
#if defined(__linux__)
  const long configured = sysconf(_SC_NPROCESSORS_CONF);
#else
  const auto configured = static_cast<long>(std::thread::hardware_concurrency());
#endif
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::max(configured, 1L)), 1,
                                 kMostProcessors);
}

// Never destroyed: buffers may be released while the process ends.
Reserve& reserve() {
  static Reserve& kept = *new Reserve(processors());
  return kept;
}

// The stack of the processor that this thread runs on: at the next moment it may be another's,
// which costs time alone.
Stack& own(Reserve& kept) {
#if defined(__linux__)
  const auto processor = static_cast<std::size_t>(std::max(0, sched_getcpu()));
#else
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t processor = threads.fetch_add(1, std::memory_order_relaxed);
#endif
  return kept.own[processor % kept.own.size()];
}

bool isKept(std::size_t bytes) { return kEnabled && bytes >= kSmallest && bytes <= kLargest; }

}  // namespace

void* takeReserved(std::size_t bytes) {
  if (!isKept(bytes)) return nullptr;
  Reserve& kept = reserve();
  if (void* const data = own(kept).take(bytes)) return data;
  if (void* const data = kept.shared.take(bytes)) return data;
  if (kept.bytes() <= kSpreadReserveBytes) return nullptr;
  for (Stack& other : kept.own) {
    if (void* const data = other.take(bytes)) return data;
  }
  return nullptr;
}

bool keepReserved(void* data, std::size_t bytes) noexcept {
  if (!isKept(bytes)) return false;
  Reserve& kept = reserve();
  own(kept).keep({data, bytes}, [&](Block oldest) { kept.shared.keep(oldest, freeBlock); });
  return true;
}

void dropReserved() {
  Reserve& kept = reserve();
  for (Stack& stack : kept.own) stack.drop();
  kept.shared.drop();
}

std::size_t reservedBytes() { return reserve().bytes(); }

std::size_t reserveLimit() {
  return kSharedReserveBytes + reserve().own.size() * kProcessorReserveBytes;
}

}  // namespace veilsum
