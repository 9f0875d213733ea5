#ifndef VEILSUM_RING_CRT_DIGITS_H_
#define VEILSUM_RING_CRT_DIGITS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "arith/modulus.h"
#include "base/buffer.h"
#include "kernel/table.h"

namespace veilsum::ring {

/// Binary places of the fixed-point fractions y / q of kernel::Table::crtDigits. Each is at most 3
/// units too small, so that the sum of k of them is within 3 k 2^-50 < 2^-40 of the truth for k up
/// to 255.
constexpr int kDigitFractionBits = 50;

/// What crtDigits needs of one prime; `inverse` is what residues are multiplied by, (Q / q)^-1 or a
/// multiple of it, and `first` says whether q is the first of its basis.
inline kernel::DigitFactors digitFactors(const arith::Modulus& q, arith::ShoupFactor inverse,
                                         bool first) {
  const auto reciprocal =
      static_cast<std::uint64_t>((arith::u128{1} << (kDigitFractionBits + q.bits())) / q.value());
  return {q.value(), inverse.w, inverse.quotient, reciprocal, first};
}

/// For x = sum_i y_i (Q / q_i) - v Q with y_i = x_i inverse_i mod q_i and v = round(sum_i y_i /
/// q_i), calls use(begin, count, rows) for blocks of coefficients that fit the first-level cache:
/// rows are those of y_0, y_1, .., v from coefficient `begin` on, and the same pointers each time.
/// `in` are the residues x_i, n words each. Each sum is odd in x up to the integer, and so is v: an
/// exact tie goes up for y_0 <= q_0 / 2 and down otherwise. Wipes its scratch. Constant time in the
/// residues.
template <class Use>
void forEachDigitBlock(std::span<const kernel::DigitFactors> factors,
                       std::span<const std::uint64_t* const> in, std::size_t n, Use use) {
  // The padding keeps rows out of each other's cache sets.
  constexpr std::size_t kBlock = 256, kRowStride = kBlock + 8;
  Buffer<std::uint64_t, true> scratch((in.size() + 1) * kRowStride);
  std::uint64_t* const v = scratch.data() + in.size() * kRowStride;
  std::vector<const std::uint64_t*> rows;
  for (std::size_t i = 0; i <= in.size(); ++i) rows.push_back(scratch.data() + i * kRowStride);
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    std::fill_n(v, kBlock, std::uint64_t{1} << (kDigitFractionBits - 1));  // round, not floor
    for (std::size_t i = 0; i < in.size(); ++i) {
      kernel::table().crtDigits(in[i] + begin, count, factors[i], scratch.data() + i * kRowStride,
                                v);
    }
    // A whole block, whatever the count: compilers make vectors of that.
    for (std::size_t c = 0; c < kBlock; ++c) v[c] >>= kDigitFractionBits;
    use(begin, count, std::span<const std::uint64_t* const>(rows));
  }
}

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_CRT_DIGITS_H_
