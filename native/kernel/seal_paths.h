#ifndef VEILSUM_KERNEL_SEAL_PATHS_H_
#define VEILSUM_KERNEL_SEAL_PATHS_H_

#include "kernel/seal_streams.h"

namespace veilsum::kernel {

/// The generators of each path, for seal_streams.cpp to choose from.
const SealStreams& scalarSealStreams();
const SealStreams& avx2SealStreams();
const SealStreams& avx512SealStreams();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_SEAL_PATHS_H_
