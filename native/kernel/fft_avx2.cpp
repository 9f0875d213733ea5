#if defined(__x86_64__)

#include "kernel/fft_passes.h"
#include "kernel/fft_paths.h"
#include "kernel/fft_values.h"

namespace veilsum::kernel {

namespace {
using Vector = double __attribute__((vector_size(4 * sizeof(double))));
}  // namespace

const Fft kFftAvx2 = {toSlots<Vector>, fromSlots<Vector>, roundValues<Vector>, centreValues<Vector>,
                      largestSquare<Vector>};

}  // namespace veilsum::kernel

#endif  // __x86_64__
