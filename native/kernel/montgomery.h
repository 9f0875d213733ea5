#ifndef VEILSUM_KERNEL_MONTGOMERY_H_
#define VEILSUM_KERNEL_MONTGOMERY_H_

// Constants of the kernels that reduce by Montgomery's method ("Modular multiplication without
// trial division", 1985) on the paths that multiply by 52 bits: half the multiplications of a
// reduction by quotients. What it divides by, 2^52, is made up for in constants.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernel/barrett.h"
#include "kernel/isa.h"

namespace veilsum::kernel {

/// The constants of one row of a base conversion (Table::combineDigits), laid out for one path.
struct DigitCombination {
  /// `factors` in [0, q): those of the digits, which are below 2^input_bits (at most 2^61), and
  /// then that of their quotient, which is at most the number of digits (1 to 255).
  DigitCombination(const Barrett& modulus, int input_bits, std::span<const std::uint64_t> factors,
                   Isa isa);

  std::size_t digits() const { return factors.size() - 1; }

  Barrett modulus;
  int input_bits;
  bool montgomery;                     ///< the factors are 2^52 times those given
  std::vector<std::uint64_t> factors;  ///< modulo q
};

/// What Table::scaledTensor of a path multiplies its products by, modulo q: 1 or 2^-52. The product
/// with its inverse tensorScaleInverse is 1.
std::uint64_t tensorScale(std::uint64_t q, Isa isa);
std::uint64_t tensorScaleInverse(std::uint64_t q, Isa isa);

/// q^-1 mod 2^52 for an odd q.
inline std::uint64_t inverseModulo52(std::uint64_t q) {
  std::uint64_t inverse = q;  // right in 3 bits, and in twice as many after each step
  for (int i = 0; i < 5; ++i) inverse *= 2 - q * inverse;
  return inverse & ((std::uint64_t{1} << 52) - 1);
}

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_MONTGOMERY_H_
