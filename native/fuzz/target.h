#ifndef VEILSUM_FUZZ_TARGET_H_
#define VEILSUM_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// One reader of untrusted bytes. Each *_fuzz.cpp defines seeds() and read(); driver.cpp gives them
// to libFuzzer, and replay.cpp runs them without it.
namespace veilsum::fuzz {

using Bytes = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// Inputs that the reader takes, the same in every process: where mutation starts.
std::vector<ByteVector> seeds();

/// Reads any bytes. Throws veilsum::Error for what it refuses.
void read(Bytes input);

/// Buffers of the core during one read() of less than a megabyte take no more than this.
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;

/// read() with its promise kept: an Error of a code that speaks of the input, or none, and no more
/// than kMostBytes. Aborts otherwise. Returns whether the input was taken.
bool guarded(Bytes input);

}  // namespace veilsum::fuzz

#endif  // VEILSUM_FUZZ_TARGET_H_
