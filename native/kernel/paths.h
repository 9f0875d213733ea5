#ifndef VEILSUM_KERNEL_PATHS_H_
#define VEILSUM_KERNEL_PATHS_H_

#include "kernel/table.h"

namespace veilsum::kernel {

/// The tables of each path, for table.cpp to choose from.
const Table& scalarTable();
const Table& avx2Table();
const Table& avx512IfmaTable();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_PATHS_H_
