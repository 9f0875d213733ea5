#include "bindings/core.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/buffer.h"
#include "bindings/repeated.h"
#include "kernel/counting.h"
#include "kernel/isa.h"

namespace veilsum::bindings {

using Bytes = Buffer<std::uint8_t, true>;

template <>
std::uint64_t memoryBytes(const Bytes& bytes) {
  return bytes.size();
}

const char* version() { return VEILSUM_VERSION; }
const char* buildId() { return VEILSUM_BUILD_ID; }

const char* activeIsa() { return kernel::isaName(kernel::activeIsa()); }

bool supportsIsa(const char* name) {
  for (kernel::Isa isa : {kernel::Isa::kScalar, kernel::Isa::kAvx2, kernel::Isa::kAvx512Ifma}) {
    if (std::string_view(kernel::isaName(isa)) == name) return kernel::isaSupported(isa);
  }
  return false;
}

std::int64_t allocatedBytes() { return static_cast<std::int64_t>(veilsum::allocatedBytes()); }

void setAllocationLimit(std::int64_t bytes) {
  require(bytes >= 0, Code::kUsage, "a memory limit is a number of bytes, or 0 for none");
  veilsum::setAllocationLimit(static_cast<std::uint64_t>(bytes));
}

void startCounting() { kernel::startCounting(); }

void stopCounting(std::int64_t* counts) {
  const kernel::Counts c = kernel::stopCounting();
  const std::uint64_t all[] = {c.transforms, c.butterflies, c.products, c.bytes};
  for (int i = 0; i < 4; ++i) counts[i] = static_cast<std::int64_t>(all[i]);
}

double clockRate() {
  constexpr int kCycles = 1'000'000;
  double fastest = 0;
  for (int round = 0; round < 8; ++round) {
    const std::int64_t start = repeated_face::clock();
    std::uint64_t x = 1;
    for (int i = 0; i < kCycles / 10; ++i) {
      // Ten additions that wait for each other; the asm keeps them as they are.
      for (int j = 0; j < 10; ++j) {
        x += x;
        __asm__ __volatile__("" : "+r"(x));
      }
    }
    const auto nanoseconds = static_cast<double>(repeated_face::clock() - start);
    fastest = std::max(fastest, kCycles / nanoseconds * 1e9);
  }
  return fastest;
}

void release(Handle handle) noexcept { delete reinterpret_cast<Object*>(handle); }

std::int64_t objectBytes(Handle handle) {
  return static_cast<std::int64_t>(reinterpret_cast<Object*>(handle)->bytes());
}

Handle bytes(std::int64_t count) { return give(Bytes(static_cast<std::size_t>(count))); }

std::int64_t bytesAddress(Handle bytes) {
  return reinterpret_cast<std::int64_t>(held<Bytes>(bytes).data());
}

void copyIn(std::int64_t to, const signed char* from, int offset, int count) noexcept {
  std::memcpy(reinterpret_cast<void*>(to), from + offset, static_cast<std::size_t>(count));
}

void copyOut(std::int64_t from, signed char* to, int offset, int count) noexcept {
  std::memcpy(to + offset, reinterpret_cast<const void*>(from), static_cast<std::size_t>(count));
}

std::int64_t address(const signed char* buffer) noexcept {
  return reinterpret_cast<std::int64_t>(buffer);
}

}  // namespace veilsum::bindings
