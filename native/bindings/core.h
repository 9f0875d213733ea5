#ifndef VEILSUM_BINDINGS_CORE_H_
#define VEILSUM_BINDINGS_CORE_H_

#include "bindings/object.h"

namespace veilsum::bindings {

/// The Maven version that the library was built for.
const char* version();
/// A hash of the native sources: Java refuses a library whose build id is not its own.
const char* buildId();
/// The instruction-set path in use: "scalar", "avx2" or "avx512ifma". Code::kUnsupported where
/// VEILSUM_ISA names one that this processor lacks.
const char* activeIsa();
/// Whether this processor has the path of that name.
bool supportsIsa(const char* name);

/// Bytes in all buffers of the core, and their limit (0: none).
std::int64_t allocatedBytes();
void setAllocationLimit(std::int64_t bytes);

/// Frees an object.
void release(Handle handle) noexcept;
/// Bytes that an object holds.
std::int64_t objectBytes(Handle handle);

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_CORE_H_
