#include "ring/base_convert.h"

#include <algorithm>

namespace veilsum::ring {

using arith::Modulus;
using arith::ShoupFactor;
using arith::u128;

namespace {

// Binary places of the fixed-point fractions y / q. Each is at most 3 units too small, so that the
// sum of k of them is within 3 k 2^-50 < 2^-40 of the truth for k up to 256.
constexpr int kFractionBits = 50;
constexpr std::size_t kMaxPrimes = 256;
// Coefficients in one pass: the scratch rows of a few primes stay in the first-level cache. The
// padding keeps rows out of each other's cache sets.
constexpr std::size_t kBlock = 256, kRowStride = kBlock + 8;

// y -> about 2^50 y / q for 0 <= y <= q / 2, in words that fit 52-bit multiplication.
struct Fraction {
  explicit Fraction(const Modulus& q)
      : left(std::max(0, 52 - q.bits())),
        right(std::max(0, q.bits() - 52)),
        ratio(static_cast<std::uint64_t>((u128{1} << (kFractionBits + q.bits())) / q.value())) {}

  std::uint64_t of(std::uint64_t y) const {
    return static_cast<std::uint64_t>((u128{(y << left) >> right} * ratio) >> 52);
  }

  int left, right;
  std::uint64_t ratio;
};

// All ones where y > half, for words below 2^63.
std::uint64_t maskAbove(std::uint64_t y, std::uint64_t half) { return 0 - ((half - y) >> 63); }

}  // namespace

struct BaseConverter::Tables {
  Tables(BasisPtr from_basis, BasisPtr to_basis);

  // x = sum_i y_i (Q / q_i) - v Q with y_i = x_i (Q / q_i)^-1 mod q_i in [0, q_i) and
  // v = round(sum_i y_i / q_i).
  void digitsAndQuotients(std::span<const std::uint64_t* const> in, std::size_t begin,
                          std::size_t count, std::uint64_t* y, std::uint64_t* v) const;
  void combine(std::size_t j, std::size_t count, const std::uint64_t* y, const std::uint64_t* v,
               std::uint64_t* out) const;
  void convertFromOnePrime(const std::uint64_t* in, std::size_t j, std::uint64_t* out) const;

  BasisPtr from, to;
  std::vector<ShoupFactor> inverses;     // (Q / q_i)^-1 mod q_i
  std::vector<Fraction> fractions;       // y -> y / q_i
  std::vector<std::uint64_t> punctured;  // Q / q_i mod b_j at j * from->size() + i
  std::vector<std::uint64_t> minus_q;    // -Q mod b_j
};

BaseConverter::Tables::Tables(BasisPtr from_basis, BasisPtr to_basis)
    : from(std::move(from_basis)), to(std::move(to_basis)) {
  require(from->n() == to->n(), Code::kParameterMismatch,
          "base conversion between two ring degrees");
  require(from->size() <= kMaxPrimes, Code::kOutOfRange,
          "base conversion from more than 256 primes");
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
    inverses.push_back(q.shoup(q.inverse(product_without(i, q))));
    fractions.emplace_back(q);
  }
  for (std::size_t j = 0; j < to->size(); ++j) {
    const Modulus& b = to->modulus(j);
    for (std::size_t i = 0; i < k; ++i) punctured.push_back(product_without(i, b));
    minus_q.push_back(b.neg(product_without(k, b)));
  }
}

void BaseConverter::Tables::digitsAndQuotients(std::span<const std::uint64_t* const> in,
                                               std::size_t begin, std::size_t count,
                                               std::uint64_t* y, std::uint64_t* v) const {
  std::fill_n(v, count, std::uint64_t{1} << (kFractionBits - 1));
  for (std::size_t i = 0; i < from->size(); ++i) {
    const Modulus& q = from->modulus(i);
    const ShoupFactor inverse = inverses[i];
    const Fraction& fraction = fractions[i];
    const std::uint64_t half = q.value() / 2;
    const std::uint64_t* x = in[i] + begin;
    std::uint64_t* row = y + i * kRowStride;
    for (std::size_t c = 0; c < count; ++c) {
      const std::uint64_t digit = q.mul(x[c], inverse);
      const std::uint64_t above = maskAbove(digit, half);
      // y / q, where y is above q / 2 as 1 - (q - y) / q: the sum is then odd up to the integer.
      const std::uint64_t part = fraction.of(digit ^ ((digit ^ (q.value() - digit)) & above));
      v[c] += (above & ((std::uint64_t{1} << kFractionBits) - 2 * part)) + part;
      // An exact tie goes up for y_0 <= q_0 / 2 and down otherwise, so that it is odd too.
      if (i == 0) v[c] += above;
      row[c] = digit;
    }
  }
  for (std::size_t c = 0; c < count; ++c) v[c] >>= kFractionBits;
}

void BaseConverter::Tables::combine(std::size_t j, std::size_t count, const std::uint64_t* y,
                                    const std::uint64_t* v, std::uint64_t* out) const {
  constexpr std::size_t kRun = 32;  // products below 2^122 that a 128-bit sum takes
  const Modulus& b = to->modulus(j);
  const std::size_t k = from->size();
  const std::uint64_t* row = punctured.data() + j * k;
  for (std::size_t c = 0; c < count; ++c) {
    u128 sum = u128{v[c]} * minus_q[j];
    for (std::size_t i = 0; i < k; ++i) {
      if (i % kRun == kRun - 1) sum = b.reduce(sum);
      sum += u128{y[i * kRowStride + c]} * row[i];
    }
    out[c] = b.reduce(sum);
  }
}

void BaseConverter::Tables::convertFromOnePrime(const std::uint64_t* in, std::size_t j,
                                                std::uint64_t* out) const {
  const Modulus& b = to->modulus(j);
  const std::uint64_t half = from->modulus(0).value() / 2, minus_q_j = minus_q[j];
  for (std::size_t c = 0; c < from->n(); ++c) {
    out[c] = b.add(b.reduce(in[c]), maskAbove(in[c], half) & minus_q_j);
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
    for (std::size_t j = 0; j < out.size(); ++j) t.convertFromOnePrime(in[0], j, out[j]);
    return;
  }
  Buffer<std::uint64_t, true> scratch((in.size() + 1) * kRowStride);
  std::uint64_t* y = scratch.data();
  std::uint64_t* v = y + in.size() * kRowStride;
  for (std::size_t begin = 0; begin < t.from->n(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, t.from->n() - begin);
    t.digitsAndQuotients(in, begin, count, y, v);
    for (std::size_t j = 0; j < out.size(); ++j) t.combine(j, count, y, v, out[j] + begin);
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
  Poly<Coeff> result(to());
  convert(x.words().data(), result.words().data());
  return result;
}

}  // namespace veilsum::ring
