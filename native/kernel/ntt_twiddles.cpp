#include "kernel/ntt_twiddles.h"

#include <bit>

namespace veilsum::kernel {
namespace {

using u128 = unsigned __int128;

constexpr std::size_t kTailPoints = 64;  // points of a block that the vector paths end in registers
constexpr std::size_t kLanes = 8;
constexpr u128 kWord52 = u128{1} << 52;

std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t q) {
  return static_cast<std::uint64_t>(u128{a} * b % q);
}

std::uint64_t power(std::uint64_t base, std::uint64_t exponent, std::uint64_t q) {
  std::uint64_t result = 1;
  for (; exponent; exponent >>= 1, base = multiply(base, base, q)) {
    if (exponent & 1) result = multiply(result, base, q);
  }
  return result;
}

std::size_t reversed(std::size_t i, int bits) {
  std::size_t r = 0;
  for (int b = 0; b < bits; ++b) r |= ((i >> b) & 1) << (bits - 1 - b);
  return r;
}

// root^rev(i) for i < n.
Buffer<std::uint64_t> powersReversed(std::size_t n, std::uint64_t root, std::uint64_t q) {
  const int bits = std::countr_zero(n);
  Buffer<std::uint64_t> powers(n);
  std::uint64_t w = 1;
  for (std::size_t i = 0; i < n; ++i, w = multiply(w, root, q)) powers[reversed(i, bits)] = w;
  return powers;
}

// The multiple of q that, added to the upper inputs of the forward transform's first layer, keeps
// every later X - T from going negative; 0 where no such multiple leaves all values below 2^52.
// A layer with values below u has T = y w - floor(y w' / 2^52) q < q (1 + u / 2^52), and moves each
// value by less than that, up or down.
std::uint64_t forwardOffset(std::size_t n, std::uint64_t q) {
  const int layers = std::countr_zero(n);
  for (std::uint64_t multiple = layers; multiple <= 2 * static_cast<std::uint64_t>(layers);
       ++multiple) {
    const u128 offset = u128{multiple} * q;
    u128 bound = offset + q, fall = 0;
    for (int layer = 0; layer < layers && bound <= kWord52; ++layer) {
      const u128 step = q + bound * q / kWord52 + 1;
      bound += step;
      fall += step;
    }
    if (bound <= kWord52 && fall <= offset) return static_cast<std::uint64_t>(offset);
  }
  return 0;
}

NttLayout layoutFor(std::size_t n, std::uint64_t q, Isa isa) {
  if (isa != Isa::kAvx512Ifma || n < 2 * kTailPoints) return NttLayout::kScalar;
  // The inverse of kOffset52 lets values grow to 64 q.
  if (q < (std::uint64_t{1} << 46) && forwardOffset(n, q) != 0) return NttLayout::kOffset52;
  return q < (std::uint64_t{1} << 50) ? NttLayout::kHarvey52 : NttLayout::kHarvey64;
}

int quotientBits(NttLayout layout) {
  return layout == NttLayout::kOffset52 || layout == NttLayout::kHarvey52 ? 52 : 64;
}

std::uint64_t quotientOf(std::uint64_t w, std::uint64_t q, NttLayout layout) {
  return static_cast<std::uint64_t>((u128{w} << quotientBits(layout)) / q);
}

Factors arrange(const Buffer<std::uint64_t>& powers, std::uint64_t q, NttLayout layout) {
  const std::size_t n = powers.size();
  const std::size_t pairs = layout == NttLayout::kScalar ? n : n / kLanes;
  Factors factors{Buffer<std::uint64_t>(2 * pairs), Buffer<std::uint64_t>()};
  for (std::size_t i = 0; i < pairs; ++i) {
    factors.pairs[2 * i] = powers[i];
    factors.pairs[2 * i + 1] = quotientOf(powers[i], q, layout);
  }
  if (layout == NttLayout::kScalar) return factors;

  factors.tail = Buffer<std::uint64_t>(n / kTailPoints * 14 * kLanes);
  std::uint64_t* to = factors.tail.data();
  for (std::size_t block = 0; block < n / kTailPoints; ++block, to += 14 * kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      // The subtree of one block of 8 points, in the order of a heap.
      const std::size_t k = n / kLanes + block * kLanes + lane;
      const std::size_t heap[] = {k, 2 * k, 2 * k + 1, 4 * k, 4 * k + 1, 4 * k + 2, 4 * k + 3};
      for (std::size_t i = 0; i < 7; ++i) {
        to[2 * i * kLanes + lane] = powers[heap[i]];
        to[(2 * i + 1) * kLanes + lane] = quotientOf(powers[heap[i]], q, layout);
      }
    }
  }
  return factors;
}

}  // namespace

NttTwiddles::NttTwiddles(std::size_t n, std::uint64_t q, std::uint64_t psi, Isa isa)
    : n(n), q(q), layout(layoutFor(n, q, isa)) {
  const std::uint64_t psiInverse = power(psi, q - 2, q);
  forward = arrange(powersReversed(n, psi, q), q, layout);
  inverse = arrange(powersReversed(n, psiInverse, q), q, layout);
  scale = power(n % q, q - 2, q);
  scaleQuotient = quotientOf(scale, q, layout);
  // The last layer's root is psi^-(n/2).
  scaledRoot = multiply(scale, inverse.pairs[2], q);
  scaledRootQuotient = quotientOf(scaledRoot, q, layout);
  offset = layout == NttLayout::kOffset52 ? forwardOffset(n, q) : 0;
}

}  // namespace veilsum::kernel
