#include "random/stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/buffer.h"
#include "base/error.h"
#include "kernel/table.h"

#if defined(__linux__)
#include <sys/random.h>
#else
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#endif

namespace veilsum::random {

void systemRandom(std::span<std::uint8_t> out) {
  while (!out.empty()) {
#if defined(__linux__)
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
#else
    const std::size_t want = std::min<std::size_t>(out.size(), 256);
    const auto got = getentropy(out.data(), want) == 0 ? static_cast<std::ptrdiff_t>(want) : -1;
#endif
    if (got <= 0) {
      throw Error(Code::kInternal, std::string("the operating system's random generator failed: ") +
                                       std::strerror(errno));
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

Seed systemSeed() {
  Seed seed;
  systemRandom(seed);
  return seed;
}

Stream::Stream(const Seed& seed, std::uint64_t stream) {
  // "expand 32-byte k", the key, the counter, the stream number (RFC 8439, section 2.3).
  state_ = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      state_[4 + i] |= std::uint32_t{seed[4 * i + byte]} << (8 * byte);
    }
  }
  state_[14] = static_cast<std::uint32_t>(stream);
  state_[15] = static_cast<std::uint32_t>(stream >> 32);
}

Stream::~Stream() {
  wipe(state_.data(), sizeof(state_));
  wipe(buffer_.data(), sizeof(buffer_));
}

void Stream::generate(std::size_t blocks, std::uint8_t* out) {
  kernel::table().chacha20(state_.data(), blocks, out);
  const std::uint64_t counter = (std::uint64_t{state_[13]} << 32 | state_[12]) + blocks;
  state_[12] = static_cast<std::uint32_t>(counter);
  state_[13] = static_cast<std::uint32_t>(counter >> 32);
}

void Stream::refill() {
  generate(kBlocks, buffer_.data());
  position_ = 0;
}

void Stream::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    if (position_ == sizeof(buffer_)) {
      // Whole buffers go where they are wanted.
      if (out.size() >= sizeof(buffer_)) {
        const std::size_t blocks = out.size() / sizeof(buffer_) * kBlocks;
        generate(blocks, out.data());
        out = out.subspan(64 * blocks);
        continue;
      }
      refill();
    }
    const std::size_t count = std::min(out.size(), sizeof(buffer_) - position_);
    std::memcpy(out.data(), buffer_.data() + position_, count);
    position_ += count;
    out = out.subspan(count);
  }
}

std::uint64_t Stream::next64() {
  std::array<std::uint8_t, 8> bytes;
  fill(bytes);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
  return word;
}

Seed Stream::nextSeed() {
  Seed seed;
  fill(seed);
  return seed;
}

}  // namespace veilsum::random
