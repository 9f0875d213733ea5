#ifndef VEILSUM_RANDOM_STREAM_H_
#define VEILSUM_RANDOM_STREAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace veilsum::random {

/// A 256-bit seed.
using Seed = std::array<std::uint8_t, 32>;

/// Bytes of the operating system's generator; throws Code::kInternal if it fails.
void systemRandom(std::span<std::uint8_t> out);
Seed systemSeed();

/// The ChaCha20 key stream of a seed (RFC 8439's block function; 64-bit block counter from 0 in
/// words 12 and 13, 64-bit stream number in words 14 and 15, as in Bernstein's original). Every
/// (seed, stream) pair is an independent stream. Wiped on destruction; not copyable.
class Stream {
 public:
  explicit Stream(const Seed& seed, std::uint64_t stream = 0);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void fill(std::span<std::uint8_t> out);
  std::uint64_t next64();
  /// A new seed from this stream.
  Seed nextSeed();

 private:
  void generate(std::size_t blocks, std::uint8_t* out);
  void refill();
  static constexpr std::size_t kBlocks = 64;
  std::array<std::uint32_t, 16> state_{};
  alignas(64) std::array<std::uint8_t, 64 * kBlocks> buffer_;
  std::size_t position_ = sizeof(buffer_);
};

}  // namespace veilsum::random

#endif  // VEILSUM_RANDOM_STREAM_H_
