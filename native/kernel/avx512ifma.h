#ifndef VEILSUM_KERNEL_AVX512IFMA_H_
#define VEILSUM_KERNEL_AVX512IFMA_H_

#include "kernel/table.h"

namespace veilsum::kernel::avx512ifma {

/// The kernels of the AVX-512 IFMA path, as the members of Table promise.
void nttForward(const NttTwiddles& twiddles, std::uint64_t* a);
void nttInverse(const NttTwiddles& twiddles, std::uint64_t* a);

}  // namespace veilsum::kernel::avx512ifma

#endif  // VEILSUM_KERNEL_AVX512IFMA_H_
