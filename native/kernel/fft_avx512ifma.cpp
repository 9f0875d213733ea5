#if defined(__x86_64__)

#include "kernel/fft_passes.h"
#include "kernel/fft_paths.h"

namespace veilsum::kernel {

namespace {
using Vector = double __attribute__((vector_size(8 * sizeof(double))));
}  // namespace

const Fft kFftAvx512Ifma = {forwardTransform<Vector>, inverseTransform<Vector>};

}  // namespace veilsum::kernel

#endif  // __x86_64__
