#include "kernel/ntt_twiddles.h"

#include <bit>

namespace veilsum::kernel {
namespace {

using u128 = unsigned __int128;

std::uint64_t quotientOf(std::uint64_t w, std::uint64_t q) {
  return static_cast<std::uint64_t>((u128{w} << 64) / q);
}

// a * w mod q by Shoup's method.
std::uint64_t multiply(std::uint64_t a, std::uint64_t w, std::uint64_t quotient, std::uint64_t q) {
  const auto estimate = static_cast<std::uint64_t>((u128{a} * quotient) >> 64);
  const std::uint64_t r = a * w - estimate * q;
  return r >= q ? r - q : r;
}

std::uint64_t power(std::uint64_t base, std::uint64_t exponent, std::uint64_t q) {
  std::uint64_t result = 1;
  for (; exponent; exponent >>= 1) {
    const std::uint64_t quotient = quotientOf(base, q);
    if (exponent & 1) result = multiply(result, base, quotient, q);
    base = multiply(base, base, quotient, q);
  }
  return result;
}

std::size_t reversed(std::size_t i, int bits) {
  std::size_t r = 0;
  for (int b = 0; b < bits; ++b) r |= ((i >> b) & 1) << (bits - 1 - b);
  return r;
}

// root^rev(i) for i < n.
Factors powersReversed(std::size_t n, std::uint64_t root, std::uint64_t q) {
  const int bits = std::countr_zero(n);
  const std::uint64_t rootQuotient = quotientOf(root, q);
  Factors factors{Buffer<std::uint64_t>(n), Buffer<std::uint64_t>(n)};
  std::uint64_t w = 1;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = reversed(i, bits);
    factors.w[at] = w;
    factors.quotient[at] = quotientOf(w, q);
    w = multiply(w, root, rootQuotient, q);
  }
  return factors;
}

}  // namespace

NttTwiddles::NttTwiddles(std::size_t n, std::uint64_t q, std::uint64_t psi, Isa)
    : n(n),
      q(q),
      forward(powersReversed(n, psi, q)),
      inverse(powersReversed(n, power(psi, q - 2, q), q)) {
  nInverse = power(n % q, q - 2, q);
  nInverseQuotient = quotientOf(nInverse, q);
  nInverseRoot = multiply(nInverse, inverse.w[1], inverse.quotient[1], q);
  nInverseRootQuotient = quotientOf(nInverseRoot, q);
}

}  // namespace veilsum::kernel
