#ifndef VEILSUM_KERNEL_FFT_PATHS_H_
#define VEILSUM_KERNEL_FFT_PATHS_H_

#include "kernel/fft.h"

namespace veilsum::kernel {

/// The transforms of each path, for fft.cpp to choose from.
extern const Fft kFftScalar;
#if defined(__x86_64__)
extern const Fft kFftAvx2;
extern const Fft kFftAvx512Ifma;
#endif

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_FFT_PATHS_H_
