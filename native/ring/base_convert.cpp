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
  // For each b_j that of y_0.., v: the factors Q / q_i mod b_j, and -Q mod b_j.
  std::vector<kernel::DigitCombination> combinations;

  // Whether all there is to do is to move what is above q_0 / 2 to the end of [0, b_j).
  bool isLift(std::size_t j) const {
    return from->size() == 1 && from->modulus(0).value() < 2 * to->modulus(j).value();
  }

  // Residue j of the residues modulo a single prime.
  void convertSingle(const std::uint64_t* in, std::size_t j, std::uint64_t* out) const {
    const std::uint64_t q = from->modulus(0).value();
    const Modulus& b = to->modulus(j);
    if (isLift(j)) {
      kernel::table().liftCentred(in, from->n(), q, b.value(), out);
    } else {
      kernel::table().reduceCentred(in, from->n(), q, b.barrett(), out);
    }
  }

  // Words [0, count) of residue j from those of y_0, .., v.
  void combine(std::span<const std::uint64_t* const> rows, std::size_t j, std::size_t count,
               std::uint64_t* out) const {
    kernel::table().combineDigits(combinations[j], rows.data(), nullptr, count, out);
  }
};

BaseConverter::Tables::Tables(BasisPtr from_basis, BasisPtr to_basis)
    : from(std::move(from_basis)), to(std::move(to_basis)) {
  require(from->n() == to->n(), Code::kParameterMismatch,
          "base conversion between two ring degrees");
  require(from->size() <= kMaxPrimes, Code::kOutOfRange,
          "base conversion from more than 255 primes");
  const std::size_t k = from->size();
  int input_bits = 0;  // of the widest prime converted from
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
    combinations.emplace_back(b.barrett(), input_bits, row, kernel::activeIsa());
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
  if (in.size() == 1) {
    for (std::size_t j = 0; j < out.size(); ++j) t.convertSingle(in[0], j, out[j]);
    return;
  }
  forEachDigitBlock(t.digits, in, t.from->n(),
                    [&](std::size_t begin, std::size_t count, auto rows) {
                      for (std::size_t j = 0; j < out.size(); ++j)
                        t.combine(rows, j, count, out[j] + begin);
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

std::size_t BaseConverter::spreadRows() const {
  const std::size_t primes = from()->size();
  return primes == 1 ? 1 : primes + 1;
}

arith::ShoupFactor BaseConverter::spreadFactor(std::size_t i) const {
  const kernel::DigitFactors& factors = tables_->digits[i];
  return {factors.inverse, factors.inverseQuotient};
}

void BaseConverter::finishSpread(std::span<std::uint64_t* const> spread) const {
  require(spread.size() == spreadRows(), Code::kInternal, "a base conversion lacks rows");
  if (spread.size() == 1) return;
  kernel::table().crtQuotient(spread.data(), tables_->digits.data(), from()->size(), from()->n(),
                              spread.back());
}

void BaseConverter::combine(std::span<const std::uint64_t* const> spread, std::size_t j,
                            std::uint64_t* out) const {
  require(spread.size() == spreadRows(), Code::kInternal, "a base conversion lacks rows");
  if (spread.size() == 1) return tables_->convertSingle(spread[0], j, out);
  tables_->combine(spread, j, from()->n(), out);
}

bool BaseConverter::isLift(std::size_t j) const {
  return from()->size() == 1 && to()->ntt(j).lifts(from()->modulus(0).value());
}

}  // namespace veilsum::ring
