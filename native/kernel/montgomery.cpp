#include "kernel/montgomery.h"

#include <bit>

namespace veilsum::kernel {

namespace {

bool has52BitProducts(std::uint64_t q, Isa isa) {
  return isa == Isa::kAvx512Ifma && q % 2 == 1 && std::bit_width(q) <= 50;
}

// The digits' part of a sum is then at most half of q 2^52, and the quotient's below 2^52.
bool suits(std::uint64_t q, int input_bits, std::size_t digits, Isa isa) {
  const int count_bits = std::bit_width(digits);
  return has52BitProducts(q, isa) && input_bits + count_bits <= 51 &&
         std::bit_width(q) + count_bits <= 52;
}

std::uint64_t timesRadix(std::uint64_t x, std::uint64_t q) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(x) << 52) % q);
}

}  // namespace

DigitCombination::DigitCombination(const Barrett& target, int bits,
                                   std::span<const std::uint64_t> given, Isa isa)
    : modulus(target),
      input_bits(bits),
      montgomery(suits(target.q, bits, given.size() - 1, isa)),
      factors(given.begin(), given.end()) {
  if (!montgomery) return;
  for (std::uint64_t& factor : factors) factor = timesRadix(factor, modulus.q);
}

std::uint64_t tensorScale(std::uint64_t q, Isa isa) {
  if (!has52BitProducts(q, isa)) return 1 % q;
  // 2^-52 = (1 + q m) / 2^52 with m = -q^-1 mod 2^52.
  const std::uint64_t m = (std::uint64_t{1} << 52) - inverseModulo52(q);
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(q) * m + 1) >> 52) % q;
}

std::uint64_t tensorScaleInverse(std::uint64_t q, Isa isa) {
  return has52BitProducts(q, isa) ? timesRadix(1, q) : 1 % q;
}

}  // namespace veilsum::kernel
