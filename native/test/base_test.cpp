#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "base/block_reserve.h"
#include "base/buffer.h"
#include "base/error.h"

#if defined(__linux__)
#include <sched.h>
#endif

namespace veilsum {
namespace {

using Word = std::uint64_t;

TEST(Buffer, IsAlignedZeroedCountedAndLimited) {
  const std::uint64_t before = allocatedBytes();
  {
    Buffer<Word> small(3), large((std::size_t{1} << 19) + 5), none(0);
    EXPECT_EQ(allocatedBytes(), before + 8 * (small.size() + large.size()));
    for (Word* data : {small.data(), large.data()}) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data) % 64, 0u);
    }
    for (Word x : large) ASSERT_EQ(x, 0u);
    large[7] = 9;
    Buffer<Word> copy = large.copy();
    EXPECT_EQ(copy[7], 9u);
    Buffer<Word> moved = std::move(copy);
    EXPECT_EQ(moved[7], 9u);
    EXPECT_EQ(none.data(), nullptr);

    setAllocationLimit(allocatedBytes() + 1000);
    EXPECT_NO_THROW(Buffer<Word>(125));
    EXPECT_NO_THROW(Buffer<Word>(125));
    try {
      Buffer<Word> refused(126);
      ADD_FAILURE() << "an allocation passed the limit";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kOutOfMemory);
    }
    setAllocationLimit(0);
    EXPECT_THROW(Buffer<Word>(~std::size_t{0} / 8), Error);
    EXPECT_THROW(Buffer<Word>(std::size_t{1} << 61), Error);  // 2^64 bytes
  }
  EXPECT_EQ(allocatedBytes(), before);
}

// Blocks of every kind (kept, cut from slabs, the system's own), given back to the system in any
// order: none moves, overlaps another or loses its words.
TEST(Buffer, BlocksKeepTheirWords) {
  const std::uint64_t before = allocatedBytes();
  std::mt19937_64 random(5);
  std::vector<Buffer<Word>> held;
  for (int step = 0; step < 400; ++step) {
    const std::size_t bytes = (std::size_t{1} << (12 + random() % 10)) + 8 * (random() % 3000);
    Buffer<Word> block(bytes / 8, unset);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block.data()) % 64, 0u);
    std::fill(block.begin(), block.end(), static_cast<Word>(step));
    held.push_back(std::move(block));
    if (held.size() < 40) continue;
    std::swap(held[random() % held.size()], held.back());
    const Word first = held.back()[0];
    for (Word x : held.back()) ASSERT_EQ(x, first);
    held.pop_back();
    if (step % 3 == 0) dropReserved();
  }
  for (const Buffer<Word>& block : held) {
    for (Word x : block) ASSERT_EQ(x, block[0]);
  }
  held.clear();
  dropReserved();
  EXPECT_EQ(allocatedBytes(), before);
}

TEST(Buffer, WipeZeroes) {
  std::vector<std::uint8_t> bytes(100, 0xa5);
  wipe(bytes.data() + 1, 98);
  EXPECT_EQ(bytes.front(), 0xa5);
  EXPECT_EQ(bytes.back(), 0xa5);
  for (std::size_t i = 1; i < 99; ++i) EXPECT_EQ(bytes[i], 0);
  wipe(nullptr, 0);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kReserved = false;  // every free goes to the sanitizer
#else
constexpr bool kReserved = true;
#endif

constexpr std::size_t kBlock = (std::size_t{3} << 20) / sizeof(Word);

// Frees `count` blocks at once; where they were.
std::vector<const Word*> freed(std::size_t count) {
  std::vector<Buffer<Word>> held;
  std::vector<const Word*> at;
  for (std::size_t i = 0; i < count; ++i) {
    held.emplace_back(kBlock, unset);
    at.push_back(held.back().data());
  }
  while (!held.empty()) held.pop_back();  // the first is the newest that is kept
  return at;
}

TEST(Reserve, KeepsNoMoreThanItsLimit) {
  dropReserved();
  EXPECT_EQ(reservedBytes(), 0u);
  const std::size_t blocks = reserveLimit() / (kBlock * sizeof(Word)) + 2;
  freed(blocks);
  EXPECT_LE(reservedBytes(), reserveLimit());
  if (kReserved) {
    EXPECT_GE(reservedBytes(), kProcessorReserveBytes);
  }
  Buffer<Word>((std::size_t{17} << 20) / sizeof(Word), unset);  // larger than what is kept
  Buffer<Word>(64, unset);                                      // and smaller
  EXPECT_LE(reservedBytes(), reserveLimit());
  dropReserved();
  EXPECT_EQ(reservedBytes(), 0u);
}

// Threads hand blocks to each other, which others free: none is given out twice, and none is lost
// from the count.
TEST(Reserve, ServesManyThreads) {
  const std::uint64_t before = allocatedBytes();
  std::mutex mutex;
  std::vector<Buffer<Word>> exchanged;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (Word step = 0; step < 300; ++step) {
        Buffer<Word> block((std::size_t{32} << (10 + random() % 4)) / sizeof(Word), unset);
        const Word mark = step << 8 | t;
        for (std::size_t i = 0; i < block.size(); i += 64) block[i] = mark;
        if (step % 50 == 49) dropReserved();
        if (step % 16 == 0) std::this_thread::yield();
        for (std::size_t i = 0; i < block.size(); i += 64) ASSERT_EQ(block[i], mark);
        const std::lock_guard lock(mutex);
        exchanged.push_back(std::move(block));
        if (exchanged.size() > 20) {
          std::swap(exchanged[random() % exchanged.size()], exchanged.back());
          exchanged.pop_back();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(reservedBytes(), reserveLimit());
  exchanged.clear();
  EXPECT_EQ(allocatedBytes(), before);
  dropReserved();
  EXPECT_EQ(reservedBytes(), 0u);
}

#if defined(__linux__)

std::vector<int> allowedProcessors() {
  cpu_set_t set;
  std::vector<int> allowed;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return allowed;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) allowed.push_back(i);
  }
  return allowed;
}

// Runs `work` on one processor and waits for it.
template <class Work>
void on(int processor, Work work) {
  std::thread([&] {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
    work();
  }).join();
}

TEST(Reserve, GivesBackTheNewestBlockOfItsProcessor) {
  const std::vector<int> processors = allowedProcessors();
  if (!kReserved || processors.empty()) GTEST_SKIP();
  dropReserved();
  on(processors[0], [] {
    const std::vector<const Word*> at = freed(3);
    Buffer<Word> first(kBlock, unset), second(kBlock, unset), other(kBlock / 2, unset);
    EXPECT_EQ(first.data(), at[0]);
    EXPECT_EQ(second.data(), at[1]);
    EXPECT_NE(static_cast<const Word*>(other.data()), at[2]);
  });
  dropReserved();
}

TEST(Reserve, LeavesItsBlocksToEachProcessorUntilMuchIsKept) {
  const std::vector<int> processors = allowedProcessors();
  if (!kReserved || processors.size() < 2) GTEST_SKIP();
  dropReserved();
  constexpr std::size_t kBytes = kBlock * sizeof(Word), kFit = kProcessorReserveBytes / kBytes;
  std::vector<const Word*> at;
  on(processors[0], [&] { at = freed(kFit + 2); });
  // What did not fit is shared, the two that were freed first; what did is not.
  on(processors[1], [&] {
    Buffer<Word> shared(kBlock, unset), other(kBlock, unset), fresh(kBlock, unset);
    EXPECT_EQ(shared.data(), at[at.size() - 2]);
    EXPECT_EQ(other.data(), at[at.size() - 1]);
    EXPECT_EQ(std::count(at.begin(), at.end(), fresh.data()), 0);
  });
  dropReserved();

  const std::size_t blocks = kSpreadReserveBytes / kBytes + 2;
  on(processors[0], [&] { at = freed(blocks); });
  on(processors[1], [&] {
    std::vector<Buffer<Word>> held;
    while (reservedBytes() > kSpreadReserveBytes) held.emplace_back(kBlock, unset);
    for (const Buffer<Word>& block : held) {
      EXPECT_EQ(std::count(at.begin(), at.end(), block.data()), 1);
    }
  });
  dropReserved();
}

TEST(Reserve, KeepsNoSecrets) {
  const std::vector<int> processors = allowedProcessors();
  if (!kReserved || processors.empty()) GTEST_SKIP();
  dropReserved();
  on(processors[0], [] {
    const void* at = nullptr;
    {
      Buffer<Word, true> secret(kBlock, unset);
      std::fill(secret.begin(), secret.end(), 0x5ec4e7);
      at = secret.data();
    }
    Buffer<Word> next(kBlock, unset);
    ASSERT_EQ(static_cast<const void*>(next.data()), at);
    EXPECT_EQ(std::count(next.begin(), next.end(), 0u), static_cast<std::ptrdiff_t>(kBlock));
  });
  dropReserved();
}

#endif

}  // namespace
}  // namespace veilsum
