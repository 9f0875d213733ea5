#include "ring/automorphism.h"

#include <bit>
#include <string>
#include <utility>

#include "kernel/table.h"
#include "ring/bounded_cache.h"
#include "ring/poly.h"

namespace veilsum::ring {

namespace {

using Permutation = std::shared_ptr<const std::vector<std::uint32_t>>;

std::uint32_t reverseBits(std::uint32_t x, int bits) {
  std::uint32_t result = 0;
  for (int i = 0; i < bits; ++i) result |= ((x >> i) & 1u) << (bits - 1 - i);
  return result;
}

// Position i holds a(psi^(2 rev(i) + 1)), so a(X^g) at i is a at the position whose exponent is
// g (2 rev(i) + 1) mod 2n. The lowest bits of an
// exponent, the highest of a position, depend on one another alone, so that an aligned eight is
// taken from one aligned eight.
Permutation evaluationPermutation(std::size_t n, std::uint64_t g) {
  const int bits = std::countr_zero(n);
  const std::uint64_t mask = 2 * n - 1;
  auto result = std::make_shared<std::vector<std::uint32_t>>(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint64_t exponent = (g * (2 * std::uint64_t{reverseBits(i, bits)} + 1)) & mask;
    (*result)[i] = reverseBits(static_cast<std::uint32_t>(exponent >> 1), bits);
  }
  return result;
}

// The permutations last used, up to 2^24 indices (64 MiB) in all.
Permutation cachedPermutation(std::size_t n, std::uint64_t g) {
  static BoundedCache<std::pair<std::size_t, std::uint64_t>, std::vector<std::uint32_t>> cache(
      std::size_t{1} << 24);
  return cache.get({n, g}, n, [&] { return evaluationPermutation(n, g); });
}

void requireGaloisElement(std::size_t n, std::uint64_t g) {
  if (g % 2 == 1 && g < 2 * n) return;
  throw Error(Code::kOutOfRange, "the Galois element " + std::to_string(g) +
                                     " is not an odd number below " + std::to_string(2 * n));
}

}  // namespace

template <>
Poly<Coeff> automorphism(const Poly<Coeff>& a, std::uint64_t g) {
  const std::size_t n = a.n();
  requireGaloisElement(n, g);
  Poly<Coeff> result(a.basisPtr(), unset);
  for (std::size_t r = 0; r < a.size(); ++r) {
    const arith::Modulus& q = a.basis().modulus(r);
    const std::uint64_t* from = a.residue(r);
    std::uint64_t* to = result.residue(r);
    // X^i goes to X^(i g), and X^n = -1. The exponents are public.
    for (std::size_t i = 0, power = 0; i < n; ++i, power = (power + g) & (2 * n - 1)) {
      to[power & (n - 1)] = power < n ? from[i] : q.neg(from[i]);
    }
  }
  return result;
}

RowAutomorphism::RowAutomorphism(std::size_t n, std::uint64_t g) {
  requireGaloisElement(n, g);
  positions_ = cachedPermutation(n, g);
}

void RowAutomorphism::operator()(const std::uint64_t* in, std::uint64_t* out) const {
  kernel::table().permuteEights(in, positions_->data(), positions_->size(), out);
}

template <>
Poly<Eval> automorphism(const Poly<Eval>& a, std::uint64_t g) {
  const RowAutomorphism permute(a.n(), g);
  Poly<Eval> result(a.basisPtr(), unset);
  for (std::size_t r = 0; r < a.size(); ++r) permute(a.residue(r), result.residue(r));
  return result;
}

}  // namespace veilsum::ring
