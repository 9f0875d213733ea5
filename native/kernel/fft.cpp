#include "kernel/fft.h"

#include "kernel/fft_paths.h"
#include "kernel/isa.h"

namespace veilsum::kernel {

const Fft& fft() {
  switch (activeIsa()) {
#if defined(__x86_64__)
    case Isa::kAvx512Ifma:
      return kFftAvx512Ifma;
    case Isa::kAvx2:
      return kFftAvx2;
#endif
    default:
      return kFftScalar;
  }
}

}  // namespace veilsum::kernel
