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
  // h in lane 0 and its inverse modulo M in lane 1.
  SquareLanes::Element pair(moduli.elementWords());
  lanes.leave(base, nullptr, pair);
  const OddModulus& m = moduli.modulus(0);
  const Limbs inverse = m.inverse(m.reduce(gather(pair.data(), 0, moduli.k(), m.limbs() + 1)));
  SquareLanes::Element step = lanes.enter(allLanes(inverse));
  for (std::size_t i = 0; i < words_; ++i) step[i * kLanes] = base[i * kLanes];
  // h^(64^i) for eight rows, then their entries.
  for (std::size_t first = 0; first < rows_; first += kLanes) {
    SquareLanes::Element bases = lanes.one(), inverses = lanes.one();
    const std::size_t rows = std::min(kLanes, rows_ - first);
    for (std::size_t lane = 0; lane < rows; ++lane) {
      for (std::size_t i = 0; i < words_; ++i) {
        bases[i * kLanes + lane] = step[i * kLanes];
        inverses[i * kLanes + lane] = step[i * kLanes + 1];
      }
      if (first + lane + 1 == rows_) break;
      for (std::size_t bit = 0; bit < kDigitBits; ++bit) lanes.square(step, step);
    }
    fill(lanes, moduli, bases, inverses, first, rows);
  }
  lanes.finish();
}

void FixedBase::fill(SquareLanes& lanes, const SquareModuli& moduli,
                     const SquareLanes::Element& bases, const SquareLanes::Element& inverses,
                     std::size_t first, std::size_t rows) {
  const std::size_t k = moduli.k(), limbs = k * kLanes;
  SquareLanes::Element power = lanes.one();
  // What is stored, and the inverse of the power itself, without R.
  SquareLanes::Element entry(moduli.elementWords()), inverse(moduli.elementWords());
  for (std::size_t lane = 0; lane < kLanes; ++lane) inverse[lane] = 1;
  for (std::size_t number = 0; number < ifma::kRowEntries; ++number) {
    if (number > 0) {
      lanes.multiply(power, bases, power);
      lanes.product(inverse.data(), inverses.data(), inverse.data());
    }
    // u = h^d R modulo M, so v / u = v h^-d / R.
    std::copy_n(power.data(), limbs, entry.data());
    lanes.product(power.data() + limbs, inverse.data(), entry.data() + limbs);
    std::copy_n(power.data() + 2 * limbs, kLanes, entry.data() + 2 * limbs);
    ifma::checksum(k, entry.data() + limbs, entry.data() + 2 * limbs + kLanes);
    for (std::size_t lane = 0; lane < rows; ++lane) {
      ifma::Word* row = table_.data() + (first + lane) * words_ * ifma::kRowEntries;
      for (std::size_t i = 0; i < words_; ++i) {
        row[i * ifma::kRowEntries + number] = entry[i * kLanes + lane];
      }
    }
  }
}

std::vector<SquareLanes::Element> FixedBase::powers(SquareLanes& lanes,
                                                    std::span<const LaneNumbers> exponents) const {
  const std::size_t size = words_ * kLanes, limbs = (words_ - 2) / 2 * kLanes;
  std::vector<Windows> windows;
  std::vector<SquareLanes::Element> result;  // products of u
  std::vector<LaneWords> sums;               // of w, with their checksums
  for (const LaneNumbers& group : exponents) {
    windows.emplace_back(group, exponentBits_, kDigitBits);
    result.emplace_back(size);
    sums.emplace_back(limbs + kLanes);
  }
  SquareLanes::Element entry(size);
  for (std::size_t row = 0; row < rows_; ++row) {
    const ifma::Word* stored = table_.data() + row * words_ * ifma::kRowEntries;
    for (std::size_t group = 0; group < result.size(); ++group) {
      SquareLanes::Element& product = result[group];
      ifma::lookup(stored, words_, windows[group].digits.data() + (rows_ - 1 - row) * kLanes,
                   entry.data());
      const ifma::Word *w = entry.data() + limbs, *checksums = entry.data() + 2 * limbs;
      if (row == 0) {
        std::copy_n(entry.data(), limbs, product.data());
        std::copy_n(checksums, kLanes, product.data() + 2 * limbs);
      } else {
        lanes.multiplyFactor(product, entry.data(), checksums, product);
      }
      ifma::accumulate(limbs, w, sums[group].data());
      ifma::accumulate(kLanes, checksums + kLanes, sums[group].data() + limbs);
    }
  }
  for (std::size_t group = 0; group < result.size(); ++group) {
    lanes.shift(result[group], sums[group].data(), sums[group].data() + limbs);
  }
  return result;
}

}  // namespace veilsum::paillier
