#include "ring/base_convert.h"

#include <algorithm>

#include "kernel/table.h"
#include "ring/crt_digits.h"

namespace veilsum::ring {

using arith::Modulus;

namespace {

constexpr std::size_t kMaxPrimes = 255;  // the kernel takes 256 rows, v's among them

}  // namespace

struct BaseConverter::Tables {
  Tables(BasisPtr from_basis, BasisPtr to_basis);

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
    digits.push_back(digitFactors(q, q.shoup(q.inverse(product_without(i, q))), i == 0));
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
  forEachDigitBlock(
      t.digits, in, t.from->n(), [&](std::size_t begin, std::size_t count, auto rows) {
        for (const std::size_t j : combined) {
          const Modulus& b = t.to->modulus(j);
          kernel::table().linearCombination(rows.data(), t.factors[j].data(), rows.size(), count,
                                            t.input_bits, b.barrett(), out[j] + begin);
        }
      });
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
