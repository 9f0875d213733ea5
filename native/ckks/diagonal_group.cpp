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

// Rows of many factors are multiplied in pieces that stay in the cache.
constexpr std::size_t kPiece = 1024;

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

void DiagonalGroup::multiply(std::size_t i, std::span<const std::uint64_t* const> rows,
                             std::uint64_t* out) const {
  const arith::Modulus& q = basis_->modulus(i);
  const std::size_t n = basis_->n(), runs = n / run_, count = babies_.size();
  const std::uint64_t* const words = words_.data() + i * runs * count;
  const std::size_t first = rows[babies_[0]] == nullptr ? 1 : 0, used = count - first;
  if (used == 0) {
    std::fill_n(out, n, 0);
    return;
  }
  std::vector<const std::uint64_t*> factors;
  for (std::size_t b = first; b < count; ++b) factors.push_back(rows[babies_[b]]);
  if (run_ > 1) {
    for (std::size_t r = 0; r < runs; ++r) {
      kernel::table().linearCombination(factors.data(), words + r * count + first, used, run_,
                                        q.bits(), q.barrett(), out + r * run_);
      for (const std::uint64_t*& factor : factors) factor += run_;
    }
    return;
  }
  std::vector<const std::uint64_t*> diagonals;
  for (std::size_t b = first; b < count; ++b) diagonals.push_back(words + b * n);
  for (std::size_t begin = 0; begin < n; begin += kPiece) {
    const std::size_t piece = std::min(kPiece, n - begin);
    ring::rows::innerProduct(q, piece, factors, diagonals, out + begin);
    for (auto* const pointers : {&factors, &diagonals}) {
      for (const std::uint64_t*& row : *pointers) row += piece;
    }
  }
}

}  // namespace veilsum::ckks
