#include "ckks/linear_transform.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "ckks/encoder.h"

namespace veilsum::ckks {

namespace {

constexpr std::size_t kMostInGroup = 256;  // what the kernels sum up at once

using Values = std::vector<std::complex<double>>;

[[noreturn]] void refuse(const std::string& message) { throw Error(Code::kUsage, message); }

bool isZero(const Values& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const std::complex<double>& v) { return v == 0.0; });
}

// The indices of the diagonals that are not zero.
std::vector<std::size_t> checkedDiagonals(const rlwe::Context& context,
                                          const LinearTransform::Diagonals& diagonals,
                                          const LinearTransform::Encoding& encoding) {
  const std::size_t d = encoding.dimension;
  if (!std::has_single_bit(d) || d > context.n() / 2) {
    refuse("a linear transform of dimension " + std::to_string(d) +
           "; a power of two up to n/2 = " + std::to_string(context.n() / 2) +
           " is needed, so fill the matrix up with zeros");
  }
  require(encoding.level <= context.maxLevel(), Code::kUsage,
          "a linear transform at a level above the chain's highest");
  require(encoding.baby_steps <= d, Code::kUsage,
          "more baby steps than the linear transform has dimensions");
  std::vector<std::size_t> result;
  for (const auto& [k, values] : diagonals) {
    if (k >= d || values.size() != d) {
      refuse("diagonal " + std::to_string(k) + " of " + std::to_string(values.size()) +
             " values in a linear transform of dimension " + std::to_string(d));
    }
    if (!isZero(values)) result.push_back(k);
  }
  require(!result.empty(), Code::kUsage,
          "a linear transform needs a diagonal that is not zero: its results would be zeros, in "
          "the clear");
  return result;
}

// The largest of the sums of |diagonal_k[i]| over k, for a row i of M. Doubles' roundings are
// covered: 4 units for each term.
class RowSums {
 public:
  explicit RowSums(std::size_t d) : sums_(d) {}
  void add(const Values& values) {
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += std::abs(values[i]);
    ++terms_;
  }
  double largest() const {
    const double slack = 4 * std::numeric_limits<double>::epsilon() * static_cast<double>(terms_);
    return *std::max_element(sums_.begin(), sums_.end()) * (1 + slack);
  }

 private:
  std::vector<double> sums_;
  std::size_t terms_ = 0;
};

}  // namespace

LinearTransform::LinearTransform(rlwe::ContextPtr context, const Diagonals& diagonals,
                                 const Encoding& encoding)
    : context_(std::move(context)), encoding_(encoding) {
  const std::vector<std::size_t> indices = checkedDiagonals(*context_, diagonals, encoding_);
  const std::size_t d = dimension();
  if (encoding_.baby_steps == 0) {
    encoding_.baby_steps = babyStepsFor(*context_, level(), d, indices);
  }
  std::map<std::size_t, std::vector<std::size_t>> by_giant;  // giant step -> its baby steps
  std::set<std::size_t> babies;
  for (const std::size_t k : indices) {
    const std::size_t baby = k % babySteps();
    by_giant[k - baby].push_back(baby);
    babies.insert(baby);
  }
  babies_.assign(babies.begin(), babies.end());

  const Encoder encoder(context_);
  RowSums all(d), rotated(d);
  for (const auto& [giant, steps] : by_giant) {
    require(steps.size() <= kMostInGroup, Code::kUsage,
            "a giant step of a linear transform takes at most 256 diagonals; give fewer baby "
            "steps");
    std::vector<std::size_t> places;
    for (const std::size_t baby : steps) {
      places.push_back(static_cast<std::size_t>(
          std::lower_bound(babies_.begin(), babies_.end(), baby) - babies_.begin()));
    }
    DiagonalGroup group(giant, std::move(places), context_->basisQP(level()), d);
    for (std::size_t position = 0; position < steps.size(); ++position) {
      const Values& values = diagonals.at(giant + steps[position]);
      // Turned to the right, as the giant step turns its sum to the left.
      Slots turned = encoder.slotsFor(d, d);
      std::rotate_copy(values.begin(), values.end() - static_cast<std::ptrdiff_t>(giant),
                       values.end(), turned.begin());
      const ExtendedPlaintext encoded = encoder.encodeExtended(
          std::move(turned), {.level = level(), .scale = scale(), .slots = d});
      group.put(position, *encoded.poly);
      all.add(values);
      all_.noise += encoded.noise;
      if (steps[position] == 0) continue;
      rotated.add(values);
      rotated_.noise += encoded.noise;
    }
    groups_.push_back(std::move(group));
  }
  all_.message = all.largest();
  rotated_.message = rotated.largest();
}

std::vector<std::int64_t> LinearTransform::rotations() const {
  std::set<std::int64_t> steps;
  for (const std::size_t baby : babies_) steps.insert(static_cast<std::int64_t>(baby));
  for (const DiagonalGroup& group : groups_) steps.insert(static_cast<std::int64_t>(group.step()));
  steps.erase(0);
  return {steps.begin(), steps.end()};
}

std::size_t LinearTransform::words() const {
  std::size_t words = 0;
  for (const DiagonalGroup& group : groups_) words += group.words();
  return words;
}

std::size_t babyStepsFor(const rlwe::Context& context, std::size_t level, std::size_t dimension,
                         std::span<const std::size_t> diagonals) {
  if (!context.canKeySwitch()) return dimension;
  // In passes over a residue: a product is one, a transform about five (docs/performance.md).
  constexpr double kTransform = 5, kKeyProducts = 3;  // two, and the digit's permutation
  const auto digits = static_cast<double>(context.digits(level));
  const double baby = kKeyProducts * digits, giant = baby + kTransform * (digits + 1);
  std::size_t best = dimension;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t n1 = 1; n1 <= dimension; n1 *= 2) {
    std::set<std::size_t> babies, giants;
    std::map<std::size_t, std::size_t> in_group;
    std::size_t largest = 0;
    for (const std::size_t k : diagonals) {
      babies.insert(k % n1);
      giants.insert(k - k % n1);
      largest = std::max(largest, ++in_group[k - k % n1]);
    }
    babies.erase(0);
    giants.erase(0);
    const double cost =
        baby * static_cast<double>(babies.size()) + giant * static_cast<double>(giants.size());
    if (cost < least && largest <= kMostInGroup) {
      least = cost;
      best = n1;
    }
  }
  return best;
}

}  // namespace veilsum::ckks
