#ifndef VEILSUM_KERNEL_COUNTING_H_
#define VEILSUM_KERNEL_COUNTING_H_

#include <cstdint>

#include "kernel/table.h"

namespace veilsum::kernel {

/// What the kernels of table() did while counting was on, in the whole process.
struct Counts {
  std::uint64_t transforms = 0;   ///< forward and inverse NTTs
  std::uint64_t butterflies = 0;  ///< of those: n / 2 log2 n each
  std::uint64_t products = 0;     ///< word products of dyadic kernels and base conversions
  std::uint64_t bytes = 0;        ///< words read and written, each array of a call once, in bytes
};

/// From here on table() is one that counts and then does the same; what was counted is forgotten.
/// While counting is off it costs a load for each call of table().
void startCounting();
/// The counts since; table() is the plain one again.
Counts stopCounting();

/// The counting table, or null while counting is off; for table().
const Table* countingTable();

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_COUNTING_H_
