#include "kernel/seal_lanes.h"
#include "kernel/seal_paths.h"

namespace veilsum::kernel {

namespace {

using Lanes = std::uint64_t;

void blake2xb(const std::uint64_t* seed, std::uint64_t counter, std::size_t blocks,
              std::uint64_t* out) {
  for (std::size_t i = 0; i < blocks; ++i) {
    blake2xbBlock<Lanes>(seed, counter + i, out + i * SealStreams::kBlockWords);
  }
}

void shake256(const std::uint64_t* seed, std::uint64_t counter, std::size_t blocks,
              std::uint64_t* out) {
  constexpr std::size_t kLanes = sizeof(Lanes) / 8;
  std::size_t i = 0;
  for (; i + kLanes <= blocks; i += kLanes) {
    shake256Blocks<Lanes>(seed, counter + i, out + i * SealStreams::kBlockWords);
  }
  for (; i < blocks; ++i) {
    shake256Blocks<std::uint64_t>(seed, counter + i, out + i * SealStreams::kBlockWords);
  }
}

}  // namespace

const SealStreams& scalarSealStreams() {
  static constexpr SealStreams kStreams = {.blake2xb = blake2xb, .shake256 = shake256};
  return kStreams;
}

}  // namespace veilsum::kernel
