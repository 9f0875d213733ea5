#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

#include "kernel/fft.h"

namespace veilsum::kernel {

namespace {

std::size_t reverseBits(std::size_t x, int bits) {
  std::size_t result = 0;
  for (int i = 0; i < bits; ++i) result |= ((x >> i) & 1) << (bits - 1 - i);
  return result;
}

// e^(2 pi i numerator / denominator), denominator a multiple of 8, correctly rounded or nearly so:
// the angle is brought to [0, pi/4] in integers.
std::complex<double> rootOfUnity(std::size_t numerator, std::size_t denominator) {
  const std::size_t eighth = denominator / 8;
  const std::size_t octant = numerator / eighth % 8, rest = numerator % eighth;
  const std::size_t first = octant % 2 == 0 ? rest : eighth - rest;
  const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(first) /
                            static_cast<long double>(denominator);
  auto c = static_cast<double>(std::cos(angle)), s = static_cast<double>(std::sin(angle));
  // Octants 1, 2, 5, 6 swap cosine and sine; 2 to 5 have a negative cosine, 4 to 7 a negative sine.
  if ((octant + 1) / 2 % 2 == 1) std::swap(c, s);
  return {octant >= 2 && octant < 6 ? -c : c, octant >= 4 ? -s : s};
}

// c_k.
std::complex<double> factorOf(std::size_t k) {
  const std::size_t nodes = std::bit_floor(k);
  return rootOfUnity(1 + 4 * reverseBits(k - nodes, std::countr_zero(nodes)), 8 * nodes);
}

// Two factors of each node from 1 to, not including, `end`.
template <class First, class Second>
Buffer<double> arranged(std::size_t end, First first, Second second) {
  Buffer<double> result((end + 7) / 8 * 32);
  for (std::size_t k = 1; k < end; ++k) {
    double* const at = result.data() + k / 8 * 32 + k % 8;
    const std::complex<double> a = first(k), b = second(k);
    at[0] = a.real(), at[8] = a.imag(), at[16] = b.real(), at[24] = b.imag();
  }
  return result;
}

}  // namespace

FftFactors::FftFactors(std::size_t size) {
  const std::size_t end = std::max<std::size_t>(size, 4);  // of the nodes that are looked at
  std::vector<std::complex<double>> c(end);
  for (std::size_t k = 1; k < end; ++k) c[k] = factorOf(k);
  nodes = arranged(
      end / 2, [&](std::size_t k) { return c[k]; }, [&](std::size_t k) { return c[2 * k]; });
  below = arranged(
      end / 4, [&](std::size_t k) { return c[4 * k]; },
      [&](std::size_t k) { return c[4 * k + 2]; });
}

}  // namespace veilsum::kernel
