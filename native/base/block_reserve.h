#ifndef VEILSUM_BASE_BLOCK_RESERVE_H_
#define VEILSUM_BASE_BLOCK_RESERVE_H_

#include <cstddef>

namespace veilsum {

/// Freed blocks of 32 KiB to 16 MiB that are kept for the next allocation of exactly the same size:
/// polynomials come and go in a few sizes, and a fresh page from the system costs more than the
/// arithmetic on it. Each processor has a stack of its own, so that a thread gets back what is in
/// its core's caches and waits for no lock; what does not fit there goes to one that all share.
/// Thread-safe.
///
/// The bounds do not depend on the number of threads. The shared stack:
inline constexpr std::size_t kSharedReserveBytes = std::size_t{128} << 20;
/// A processor's stack, which one product at N=32768 just fits:
inline constexpr std::size_t kProcessorReserveBytes = std::size_t{64} << 20;
/// Once more is kept in all, a thread takes what other processors keep before it asks the system:
/// one thread that visits many processors does not leave a reserve behind on each.
inline constexpr std::size_t kSpreadReserveBytes = std::size_t{128} << 20;

/// A kept block of this size, its content undefined; null where there is none.
void* takeReserved(std::size_t bytes);
/// Keeps a block; false where it is to be freed.
bool keepReserved(void* block, std::size_t bytes) noexcept;
/// Frees all kept blocks.
void dropReserved();
/// Bytes of all kept blocks.
std::size_t reservedBytes();
/// What reservedBytes() never passes.
std::size_t reserveLimit();

namespace detail {
/// Frees a block as base/buffer.cpp allocated it.
void freeBlock(void* block, std::size_t bytes) noexcept;
}  // namespace detail

}  // namespace veilsum

#endif  // VEILSUM_BASE_BLOCK_RESERVE_H_
