#include "paillier/fixed_base.h"

#include <algorithm>

namespace veilsum::paillier {

FixedBase::FixedBase(const SquareModuli& moduli, const SquareLanes::Element& base,
                     std::size_t exponentBits)
    : exponentBits_(exponentBits),
      words_(moduli.elementWords() / kLanes),
      rows_((exponentBits + kDigitBits - 1) / kDigitBits),
      table_(rows_ * words_ * ifma::kRowEntries, unset) {
  SquareLanes lanes(moduli);
  // h^(64^i) for every row, in lane 0, then eight rows at a time.
  SquareLanes::Element step = base.copy();
  for (std::size_t first = 0; first < rows_; first += kLanes) {
    SquareLanes::Element bases(moduli.elementWords()), entry = lanes.one();
    const std::size_t rows = std::min(kLanes, rows_ - first);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      for (std::size_t i = 0; i < words_; ++i) bases[i * kLanes + lane] = step[i * kLanes];
      if (lane + 1 >= rows && first + rows >= rows_) continue;
      for (std::size_t bit = 0; bit < kDigitBits; ++bit) lanes.square(step, step);
    }
    for (std::size_t number = 0; number < ifma::kRowEntries; ++number) {
      if (number == 1) std::copy_n(bases.data(), bases.size(), entry.data());
      if (number > 1) lanes.multiply(entry, bases, entry);
      for (std::size_t lane = 0; lane < rows; ++lane) {
        ifma::Word* row = table_.data() + (first + lane) * words_ * ifma::kRowEntries;
        for (std::size_t i = 0; i < words_; ++i) {
          row[i * ifma::kRowEntries + number] = entry[i * kLanes + lane];
        }
      }
    }
  }
  lanes.finish();
}

std::vector<SquareLanes::Element> FixedBase::powers(SquareLanes& lanes,
                                                    std::span<const LaneNumbers> exponents) const {
  std::vector<Windows> windows;
  std::vector<SquareLanes::Element> result;
  for (const LaneNumbers& group : exponents) {
    windows.emplace_back(group, exponentBits_, kDigitBits);
    result.emplace_back(words_ * kLanes);
  }
  SquareLanes::Element factor(words_ * kLanes);
  for (std::size_t row = 0; row < rows_; ++row) {
    const ifma::Word* entries = table_.data() + row * words_ * ifma::kRowEntries;
    for (std::size_t group = 0; group < result.size(); ++group) {
      const ifma::Word* digits = windows[group].digits.data() + (rows_ - 1 - row) * kLanes;
      ifma::lookup(entries, words_, digits, row == 0 ? result[group].data() : factor.data());
      if (row != 0) lanes.multiply(result[group], factor, result[group]);
    }
  }
  return result;
}

}  // namespace veilsum::paillier
