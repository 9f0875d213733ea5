#include "ring/base_convert.h"

#include <algorithm>

#include "kernel/table.h"

namespace veilsum::ring {

using arith::Modulus;
using arith::ShoupFactor;
using arith::u128;

namespace {

// Binary places of the fixed-point fractions y / q. Each is at most 3 units too small, so that the
// sum of k of them is within 3 k 2^-50 < 2^-40 of the truth for k up to 255.
constexpr int kFractionBits = 50;
constexpr std::size_t kMaxPrimes = 255;  // the kernel takes 256 rows, v's among them
// Coefficients in one pass: the scratch rows of a few primes stay in the first-level cache. The
// padding keeps rows out of each other's cache sets.
constexpr std::size_t kBlock = 256, kRowStride = kBlock + 8;

}  // namespace

struct BaseConverter::Tables {
  Tables(BasisPtr from_basis, BasisPtr to_basis);

  // x = sum_i y_i (Q / q_i) - v Q with y_i = x_i (Q / q_i)^-1 mod q_i in [0, q_i) and
  // v = round(sum_i y_i / q_i).
  void digitsAndQuotients(std::span<const std::uint64_t* const> in, std::size_t begin,
                          std::size_t count, std::uint64_t* y, std::uint64_t* v) const;
  BasisPtr from, to;
  std::vector<kernel::DigitFactors> digits;  // for each q_i
  // For each b_j the factors of y_0.., v: Q / q_i mod b_j, and -Q mod b_j.
  std::vector<std::vector<std::uint64_t>> factors;
  int input_bits = 0;  // of the widest prime converted from

  // Whether all there is to do is to move what is above q_0 / 2 to the end of [0, b_j).
  bool isLift(std::size_t j) const {
    return from->size() == 1 && from->modulus(0).value() < 2 * to->modulus(j).value();
  }
};

BaseConverter::Tables::Tables(BasisPtr from_basis, BasisPtr to_basis)
    : from(std::move(from_basis)), to(std::move(to_basis)) {
  require(from->n() == to->n(), Code::kParameterMismatch,
          "base conversion between two ring degrees");
  require(from->size() <= kMaxPrimes, Code::kOutOfRange,
          "base conversion from more than 255 primes");
  const std::size_t k = from->size();
  const auto product_without = [&](std::size_t skipped, const Modulus& modulus) {
    std::uint64_t product = modulus.reduce(std::uint64_t{1});
    for (std::size_t i = 0; i < k; ++i) {
      if (i != skipped) product = modulus.mul(product, modulus.reduce(from->modulus(i).value()));
    }
    return product;
  };
  for (std::size_t i = 0; i < k; ++i) {
    const Modulus& q = from->modulus(i);
    const ShoupFactor inverse = q.shoup(q.inverse(product_without(i, q)));
    const auto reciprocal =
        static_cast<std::uint64_t>((u128{1} << (kFractionBits + q.bits())) / q.value());
    digits.push_back({q.value(), inverse.w, inverse.quotient, reciprocal, i == 0});
    input_bits = std::max(input_bits, q.bits());
  }
  for (std::size_t j = 0; j < to->size(); ++j) {
    const Modulus& b = to->modulus(j);
    std::vector<std::uint64_t> row;
    for (std::size_t i = 0; i < k; ++i) row.push_back(product_without(i, b));
    row.push_back(b.neg(product_without(k, b)));
    factors.push_back(std::move(row));
  }
}

void BaseConverter::Tables::digitsAndQuotients(std::span<const std::uint64_t* const> in,
                                               std::size_t begin, std::size_t count,
                                               std::uint64_t* y, std::uint64_t* v) const {
  std::fill_n(v, kBlock, std::uint64_t{1} << (kFractionBits - 1));
  // Each sum is odd in x up to the integer, and so is v: an exact tie goes up for y_0 <= q_0 / 2
  // and down otherwise.
  for (std::size_t i = 0; i < from->size(); ++i) {
    kernel::table().crtDigits(in[i] + begin, count, digits[i], y + i * kRowStride, v);
  }
  // A whole block, whatever the count: compilers make vectors of that.
  for (std::size_t c = 0; c < kBlock; ++c) v[c] >>= kFractionBits;
}

BaseConverter::BaseConverter(BasisPtr from, BasisPtr to)
    : tables_(std::make_unique<const Tables>(std::move(from), std::move(to))) {}
BaseConverter::~BaseConverter() = default;
BaseConverter::BaseConverter(BaseConverter&&) noexcept = default;

const BasisPtr& BaseConverter::from() const { return tables_->from; }
const BasisPtr& BaseConverter::to() const { return tables_->to; }

void BaseConverter::convert(std::span<const std::uint64_t* const> in,
                            std::span<std::uint64_t* const> out) const {
  const Tables& t = *tables_;
  require(in.size() == t.from->size() && out.size() == t.to->size(), Code::kParameterMismatch,
          "base conversion needs one row for each prime");
  std::vector<std::size_t> combined;  // the rows that take more than a lift
  for (std::size_t j = 0; j < out.size(); ++j) {
    if (t.isLift(j)) {
      kernel::table().liftCentred(in[0], t.from->n(), t.from->modulus(0).value(),
                                  t.to->modulus(j).value(), out[j]);
    } else {
      combined.push_back(j);
    }
  }
  if (combined.empty()) return;
  Buffer<std::uint64_t, true> scratch((in.size() + 1) * kRowStride);
  std::uint64_t* y = scratch.data();
  std::uint64_t* v = y + in.size() * kRowStride;
  std::vector<const std::uint64_t*> rows;  // y_0, y_1, .., v
  for (std::size_t i = 0; i <= in.size(); ++i) rows.push_back(y + i * kRowStride);
  for (std::size_t begin = 0; begin < t.from->n(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, t.from->n() - begin);
    t.digitsAndQuotients(in, begin, count, y, v);
    for (const std::size_t j : combined) {
      const Modulus& b = t.to->modulus(j);
      kernel::table().linearCombination(rows.data(), t.factors[j].data(), rows.size(), count,
                                        t.input_bits, {b.value(), b.ratioHigh(), b.ratioLow()},
                                        out[j] + begin);
    }
  }
}

void BaseConverter::convert(const std::uint64_t* in, std::uint64_t* out) const {
  std::vector<const std::uint64_t*> in_rows;
  std::vector<std::uint64_t*> out_rows;
  for (std::size_t i = 0; i < from()->size(); ++i) in_rows.push_back(in + i * from()->n());
  for (std::size_t j = 0; j < to()->size(); ++j) out_rows.push_back(out + j * to()->n());
  convert(in_rows, out_rows);
}

Poly<Coeff> BaseConverter::convert(const Poly<Coeff>& x) const {
  require(!x.empty() && x.basis() == *from(), Code::kParameterMismatch,
          "base conversion of a polynomial over another basis");
  Poly<Coeff> result(to(), unset);
  convert(x.words().data(), result.words().data());
  return result;
}

}  // namespace veilsum::ring
