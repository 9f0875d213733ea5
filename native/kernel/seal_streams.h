#ifndef VEILSUM_KERNEL_SEAL_STREAMS_H_
#define VEILSUM_KERNEL_SEAL_STREAMS_H_

#include <cstddef>
#include <cstdint>

#include "kernel/isa.h"

namespace veilsum::kernel {

/// The generators behind Microsoft SEAL's seeds: `blocks` blocks of 512 words each, from block
/// number `counter` on. `seed` has 8 words. All paths agree bit for bit.
struct SealStreams {
  static constexpr std::size_t kBlockWords = 512;
  using Generate = void (*)(const std::uint64_t* seed, std::uint64_t counter, std::size_t blocks,
                            std::uint64_t* out);
  Generate blake2xb;
  Generate shake256;
};

/// Those of activeIsa(), and of a supported path for tests.
const SealStreams& sealStreams();
const SealStreams& sealStreams(Isa isa);

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_SEAL_STREAMS_H_
