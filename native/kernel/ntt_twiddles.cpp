#include "kernel/ntt_twiddles.h"

#include <bit>

namespace veilsum::kernel {
namespace {

using u128 = unsigned __int128;

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

// The multiples of q between which the values of kOffset52 run, of inputs up to `input`. `offset`,
// added to the upper inputs of the first layer, keeps every later X - T from going negative; no
// value reaches `top`, and top + q <= 2^52. Zeros where there are none. A layer with values below u
// has T = y w - floor(y w' / 2^52) q < q (1 + u / 2^52), and moves each value by less than that, up
// or down.
struct ForwardRange {
  std::uint64_t offset, top;
};
ForwardRange forwardRange(std::size_t n, std::uint64_t q, u128 input) {
  const int layers = std::countr_zero(n);
  for (std::uint64_t multiple = layers; multiple <= 2 * static_cast<std::uint64_t>(layers);
       ++multiple) {
    const u128 offset = u128{multiple} * q;
    u128 bound = offset + input, fall = 0;
    for (int layer = 0; layer < layers && bound <= kWord52; ++layer) {
      const u128 step = q + bound * q / kWord52 + 1;
      bound += step;
      fall += step;
    }
    if (bound + 2 * q <= kWord52 && fall <= offset) {
      const u128 top = (bound + q - 1) / q * q;
      return {static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(top)};
    }
  }
  return {0, 0};
}

// The widest moduli that kOffset52 lifts from where its range has room: those of 47 bits.
constexpr std::uint64_t kWidest = std::uint64_t{1} << 47;

// Whether the values of a forward transform in doubles stay where its products are exact: below
// 2^52. Residues come in; a layer on values below u adds products below q / 2 + q u / 2^55. Its
// inverse takes q below 2^49 (kernel/ntt_avx2.cpp).
bool staysInDoubles(std::size_t n, std::uint64_t q) {
  u128 bound = q;
  for (std::size_t half = n; half > 1; half /= 2) bound += q / 2 + ((bound * q) >> 55) + 2;
  return q < (std::uint64_t{1} << 49) && bound <= kWord52;
}

bool isDouble(NttLayout layout) {
  return layout == NttLayout::kDouble || layout == NttLayout::kDoubleSettled;
}

// Words of a vector; blocks of their square are ended in registers.
std::size_t lanesOf(NttLayout layout) {
  return isDouble(layout) || layout == NttLayout::kWords64 ? 4 : 8;
}

NttLayout layoutFor(std::size_t n, std::uint64_t q, Isa isa) {
  if (isa == Isa::kAvx2 && n >= 32 && q < (std::uint64_t{1} << 60)) {
    if (q >= (std::uint64_t{1} << 50)) return NttLayout::kWords64;
    return staysInDoubles(n, q) ? NttLayout::kDouble : NttLayout::kDoubleSettled;
  }
  if (isa != Isa::kAvx512Ifma || n < 128) return NttLayout::kScalar;
  // The inverse of kOffset52 lets values grow to 64 q.
  if (q < (std::uint64_t{1} << 46) && forwardRange(n, q, q).offset != 0)
    return NttLayout::kOffset52;
  return q < (std::uint64_t{1} << 50) ? NttLayout::kHarvey52 : NttLayout::kHarvey64;
}

// A constant factor as the layout has it.
struct Pair {
  std::uint64_t w, quotient;
};

Pair pairOf(std::uint64_t w, std::uint64_t q, NttLayout layout) {
  if (isDouble(layout)) {
    const auto centred = static_cast<double>(static_cast<std::int64_t>(w > q / 2 ? w - q : w));
    return {std::bit_cast<std::uint64_t>(centred),
            std::bit_cast<std::uint64_t>(centred / static_cast<double>(q))};
  }
  const bool words52 = layout == NttLayout::kOffset52 || layout == NttLayout::kHarvey52;
  return {w, static_cast<std::uint64_t>((u128{w} << (words52 ? 52 : 64)) / q)};
}

Factors arrange(const Buffer<std::uint64_t>& powers, std::uint64_t q, NttLayout layout) {
  const std::size_t n = powers.size(), lanes = lanesOf(layout);
  const std::size_t pairs = layout == NttLayout::kScalar ? n : n / lanes;
  Factors factors{Buffer<std::uint64_t>(2 * pairs), Buffer<std::uint64_t>()};
  for (std::size_t i = 0; i < pairs; ++i) {
    const Pair pair = pairOf(powers[i], q, layout);
    factors.pairs[2 * i] = pair.w;
    factors.pairs[2 * i + 1] = pair.quotient;
  }
  if (layout == NttLayout::kScalar) return factors;

  const std::size_t block = 2 * (lanes - 1) * lanes;
  factors.tail = Buffer<std::uint64_t>(n / (lanes * lanes) * block);
  for (std::size_t i = 0; i < n / lanes; ++i) {
    std::uint64_t* const to = factors.tail.data() + i / lanes * block + i % lanes;
    // The subtree of one block of `lanes` points, in the order of a heap.
    for (std::size_t node = 1; node < lanes; ++node) {
      const std::size_t row = std::bit_floor(node);
      const Pair pair = pairOf(powers[(n / lanes + i) * row + (node - row)], q, layout);
      to[2 * (node - 1) * lanes] = pair.w;
      to[(2 * node - 1) * lanes] = pair.quotient;
    }
  }
  return factors;
}

}  // namespace

NttTwiddles::NttTwiddles(std::size_t n, std::uint64_t q, std::uint64_t psi, Isa isa)
    : n(n), q(q), layout(layoutFor(n, q, isa)) {
  const std::uint64_t psiInverse = power(psi, q - 2, q);
  const Buffer<std::uint64_t> inverses = powersReversed(n, psiInverse, q);
  forward = arrange(powersReversed(n, psi, q), q, layout);
  inverse = arrange(inverses, q, layout);
  reciprocal = power(n % q, q - 2, q);
  reciprocalRoot = multiply(reciprocal, inverses[1], q);  // the root is psi^-(n/2)
  scale = scaledBy(1);
  offset = top = widest = 0;
  if (layout != NttLayout::kOffset52) return;
  // What is lifted from another modulus is below half of it or below it and q.
  ForwardRange range = forwardRange(n, q, u128{kWidest} + q);
  widest = range.offset != 0 ? kWidest : 0;
  if (widest == 0) range = forwardRange(n, q, q);
  offset = range.offset, top = range.top;
}

InverseScale NttTwiddles::scaledBy(std::uint64_t factor) const {
  const Pair sum = pairOf(multiply(reciprocal, factor, q), q, layout);
  const Pair difference = pairOf(multiply(reciprocalRoot, factor, q), q, layout);
  return {sum.w, sum.quotient, difference.w, difference.quotient};
}

}  // namespace veilsum::kernel
