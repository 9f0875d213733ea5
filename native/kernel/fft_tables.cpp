#include <algorithm>
#include <array>
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

// Four factors for each of `count` nodes or slots, by eights.
template <class Four>
Buffer<double> arranged(std::size_t count, Four four) {
  Buffer<double> result((count + 7) / 8 * 64);
  for (std::size_t k = 0; k < count; ++k) {
    double* at = result.data() + k / 8 * 64 + k % 8;
    for (const std::complex<double>& factor : four(k)) {
      at[0] = factor.real(), at[8] = factor.imag();
      at += 16;
    }
  }
  return result;
}

}  // namespace

FftTables::FftTables(std::size_t size) : size(size) {
  using Four = std::array<std::complex<double>, 4>;
  nodes = arranged(std::max<std::size_t>(size / 16, 8), [](std::size_t k) {
    if (k == 0) return Four{};
    return Four{factorOf(k), factorOf(2 * k), factorOf(4 * k), factorOf(4 * k + 2)};
  });
  // The exponents of the slots' leaves, 1 modulo 4.
  std::vector<std::size_t> exponents(size);
  for (std::size_t i = 0, power = 1; i < size; ++i, power = power * 3 % (4 * size)) {
    exponents[i] = i % 2 == 0 ? power : 4 * size - power;
  }
  const auto leafOf = [&](std::size_t slot) {
    return reverseBits((exponents[slot] - 1) / 4, std::countr_zero(size));
  };
  const bool small = size < 16;
  places = Buffer<std::uint32_t>(small ? size : size / 8);
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = static_cast<std::uint32_t>(small ? leafOf(i) : leafOf(i) / 8);
  }
  if (small) return;
  points = arranged(size / 8, [&](std::size_t i) {
    const std::size_t e = exponents[i];
    return Four{rootOfUnity(e, 4 * size), rootOfUnity(exponents[i + size / 8], 4 * size),
                rootOfUnity(2 * e, 4 * size), rootOfUnity(4 * e, 4 * size)};
  });
}

}  // namespace veilsum::kernel
