#include "ckks/diagonal_group.h"

#include <algorithm>
#include <utility>

#include "kernel/table.h"
#include "ring/rows.h"

namespace veilsum::ckks {

namespace {

// Below this a call of a kernel for each run costs more than reading whole rows.
constexpr std::size_t kShortestRun = 16;

std::size_t runOf(std::size_t n, std::size_t period) {
  const std::size_t run = n / std::max<std::size_t>(2 * period, 4);
  return run >= kShortestRun ? run : 1;
}

}  // namespace

DiagonalGroup::DiagonalGroup(std::size_t step, std::vector<std::size_t> babies,
                             ring::BasisPtr basis, std::size_t period)
    : step_(step),
      babies_(std::move(babies)),
      basis_(std::move(basis)),
      run_(runOf(basis_->n(), period)),
      words_(basis_->size() * babies_.size() * (basis_->n() / run_), unset) {}

void DiagonalGroup::put(std::size_t position, const ring::Poly<ring::Eval>& diagonal) {
  const std::size_t runs = basis_->n() / run_, count = babies_.size();
  for (std::size_t i = 0; i < basis_->size(); ++i) {
    std::uint64_t* const to = words_.data() + i * runs * count;
    const std::uint64_t* const row = diagonal.residue(i);
    if (run_ == 1) {
      std::copy_n(row, runs, to + position * runs);
    } else {
      for (std::size_t r = 0; r < runs; ++r) to[r * count + position] = row[r * run_];
    }
  }
}

void DiagonalGroup::multiply(std::size_t i, std::size_t begin, std::size_t count,
                             std::span<const std::uint64_t* const> rows, std::uint64_t* out) const {
  const arith::Modulus& q = basis_->modulus(i);
  const std::size_t runs = basis_->n() / run_, diagonals = babies_.size();
  const std::uint64_t* const words = words_.data() + i * runs * diagonals;
  const std::size_t first = rows[babies_[0]] == nullptr ? 1 : 0, used = diagonals - first;
  if (used == 0) {
    std::fill_n(out + begin, count, 0);
    return;
  }
  std::vector<const std::uint64_t*> factors;
  for (std::size_t b = first; b < diagonals; ++b) factors.push_back(rows[babies_[b]] + begin);
  if (run_ == 1) {
    std::vector<const std::uint64_t*> whole;
    for (std::size_t b = first; b < diagonals; ++b) whole.push_back(words + b * runs + begin);
    ring::rows::innerProduct(q, count, factors, whole, out + begin);
    return;
  }
  const std::size_t step = std::min(run_, count);
  for (std::size_t at = begin; at < begin + count; at += step) {
    kernel::table().linearCombination(factors.data(), words + at / run_ * diagonals + first, used,
                                      step, q.bits(), q.barrett(), out + at);
    for (const std::uint64_t*& factor : factors) factor += step;
  }
}

}  // namespace veilsum::ckks
