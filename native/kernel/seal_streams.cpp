#include "kernel/seal_streams.h"

#include "kernel/seal_paths.h"

namespace veilsum::kernel {

const SealStreams& sealStreams(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAvx512Ifma) return avx512SealStreams();
  if (isa == Isa::kAvx2) return avx2SealStreams();
#else
  (void)isa;
#endif
  return scalarSealStreams();
}

const SealStreams& sealStreams() { return sealStreams(activeIsa()); }

}  // namespace veilsum::kernel
