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

/// Counts what kernels do (kernel/counting.h), in the whole process; stopCounting() gives the NTTs,
/// their butterflies, word products and bytes in four words.
void startCounting();
void stopCounting(std::int64_t* counts);
/// Cycles a second of this processor now: a chain of additions, one cycle each, timed.
double clockRate();

/// Frees an object.
void release(Handle handle) noexcept;
/// Bytes that an object holds.
std::int64_t objectBytes(Handle handle);

/// A block of native bytes, zeroed and wiped when it is freed, and its address: the way of a Java
/// array's bytes in and out.
Handle bytes(std::int64_t count);
std::int64_t bytesAddress(Handle bytes);
void copyIn(std::int64_t to, const signed char* from, int offset, int count) noexcept;
void copyOut(std::int64_t from, signed char* to, int offset, int count) noexcept;
/// The address of a direct buffer's first byte.
std::int64_t address(const signed char* buffer) noexcept;

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_CORE_H_
