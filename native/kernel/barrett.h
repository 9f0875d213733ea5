#ifndef VEILSUM_KERNEL_BARRETT_H_
#define VEILSUM_KERNEL_BARRETT_H_

#include <cstdint>

namespace veilsum::kernel {

/// A modulus 2 <= q < 2^61 with floor(2^128 / q) in two words, as the kernels take it.
struct Barrett {
  std::uint64_t q;
  std::uint64_t ratioHigh;
  std::uint64_t ratioLow;
};

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_BARRETT_H_
