#ifndef VEILSUM_BASE_SLAB_H_
#define VEILSUM_BASE_SLAB_H_

#include <cstddef>

namespace veilsum::detail {

/// Blocks of the sizes of residue polynomials, cut one after another from slabs of huge pages: rows
/// are walked in many streams at once, and small pages cost a page walk each. A slab is freed with
/// its last block; before that, the pages of a freed block are given back. Thread-safe.
///
/// Whether blocks of this size come from slabs here: not where the system has no huge pages.
bool isCut(std::size_t bytes);
/// 64-byte aligned, its content undefined; null where the system has no memory.
void* cutBlock(std::size_t bytes);
void freeCutBlock(void* block, std::size_t bytes) noexcept;

}  // namespace veilsum::detail

#endif  // VEILSUM_BASE_SLAB_H_
