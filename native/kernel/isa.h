#ifndef VEILSUM_KERNEL_ISA_H_
#define VEILSUM_KERNEL_ISA_H_

#include <string>

namespace veilsum::kernel {

/// The instruction-set paths of the kernel table, slowest first.
enum class Isa { kScalar, kAvx2, kAvx512Ifma };

/// "scalar", "avx2" or "avx512ifma".
const char* isaName(Isa isa);
/// Whether this processor and operating system run the path.
bool isaSupported(Isa isa);
/// The path in use: the best supported one, or the one that VEILSUM_ISA names. An unknown name, or
/// one that the processor lacks, is Code::kUnsupported.
Isa activeIsa();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_ISA_H_
