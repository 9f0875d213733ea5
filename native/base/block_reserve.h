#ifndef VEILSUM_BASE_BLOCK_RESERVE_H_
#define VEILSUM_BASE_BLOCK_RESERVE_H_

#include <cstddef>

namespace veilsum {

/// Freed blocks that are kept for the next allocation of exactly the same size: polynomials come
/// and go in a few sizes, and a fresh page from the system costs more than the arithmetic on it.
/// Holds kReserveBytes at most, in blocks of 32 KiB to 16 MiB. Thread-safe.
inline constexpr std::size_t kReserveBytes = std::size_t{128} << 20;

/// A kept block of this size, its content undefined; null where there is none.
void* takeReserved(std::size_t bytes);
/// Keeps a block; false where it is to be freed.
bool keepReserved(void* block, std::size_t bytes) noexcept;
/// Frees all kept blocks.
void dropReserved();

namespace detail {
/// Frees a block as base/buffer.cpp allocated it.
void freeBlock(void* block, std::size_t bytes) noexcept;
}  // namespace detail

}  // namespace veilsum

#endif  // VEILSUM_BASE_BLOCK_RESERVE_H_
