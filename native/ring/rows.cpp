#include "ring/rows.h"

#include <algorithm>
#include <array>

#include "kernel/table.h"

namespace veilsum::ring::rows {

using arith::Modulus;

namespace {

kernel::Barrett barrett(const Modulus& q) { return {q.value(), q.ratioHigh(), q.ratioLow()}; }

// Operations of several passes go through a row in pieces that stay in the first-level cache.
constexpr std::size_t kPiece = 1024;

template <class Pass>
void inPieces(std::size_t n, Pass pass) {
  for (std::size_t begin = 0; begin < n; begin += kPiece) pass(begin, std::min(kPiece, n - begin));
}

}  // namespace

void add(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  kernel::table().add(a, b, n, q.value(), out);
}

void sub(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  kernel::table().subtract(a, b, n, q.value(), out);
}

void sum(const Modulus& q, std::size_t n, std::span<const ConstRow> terms, Row out) {
  require(!terms.empty(), Code::kInternal, "a sum of no rows");
  // As many in a pass as the processor follows streams, and as 63 bits hold.
  const std::size_t together = std::min<std::size_t>(16, std::size_t{1} << (63 - q.bits()));
  std::array<ConstRow, 16> rows{};
  std::size_t count = 0;
  for (const ConstRow term : terms) {
    rows[count++] = term;
    if (count < together) continue;
    kernel::table().sum(rows.data(), count, n, q.value(), out);
    rows[0] = out;
    count = 1;
  }
  if (count > 1 || terms.size() == 1) {
    kernel::table().sum(rows.data(), count, n, q.value(), out);
  }
}

void negate(const Modulus& q, std::size_t n, ConstRow a, Row out) {
  kernel::table().negate(a, n, q.value(), out);
}

void mul(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  kernel::table().multiply(a, b, n, barrett(q), out);
}

void mulAdd(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum) {
  kernel::table().multiplyAdd(a, b, n, barrett(q), sum);
}

void lazyMulAdd(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, ConstRow c, Row sum) {
  kernel::table().lazyMultiplyAdd(a, b, c, n, barrett(q), sum);
}

void lazyMul(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  kernel::table().innerProduct(&a, &b, 1, n, barrett(q), out);
}

void addSigned(const Modulus& q, std::size_t n, const std::int8_t* a, Row sum) {
  kernel::table().addSigned(a, n, q.value(), sum);
}

void mulSub(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum) {
  // In place, as -(a b - sum): a product by a secret is not to be left in memory of its own.
  inPieces(n, [&](std::size_t begin, std::size_t count) {
    negate(q, count, sum + begin, sum + begin);
    mulAdd(q, count, a + begin, b + begin, sum + begin);
    negate(q, count, sum + begin, sum + begin);
  });
}

void scale(const Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row out) {
  const arith::ShoupFactor factor = q.shoup(w);
  kernel::table().multiplyScalar(a, n, factor.w, factor.quotient, q.value(), out);
}

void scaleAdd(const Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row sum) {
  const arith::ShoupFactor factor = q.shoup(w);
  kernel::table().multiplyScalarAdd(a, n, factor.w, factor.quotient, q.value(), sum);
}

void subScale(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, std::uint64_t w, Row out) {
  const arith::ShoupFactor factor = q.shoup(w);
  inPieces(n, [&](std::size_t begin, std::size_t count) {
    kernel::table().subtract(a + begin, b + begin, count, q.value(), out + begin);
    kernel::table().multiplyScalar(out + begin, count, factor.w, factor.quotient, q.value(),
                                   out + begin);
  });
}

void innerProduct(const Modulus& q, std::size_t n, std::span<const ConstRow> a,
                  std::span<const ConstRow> b, Row out) {
  require(a.size() == b.size() && a.size() <= 256, Code::kInternal,
          "an inner product takes two equal lists of at most 256 rows");
  kernel::table().innerProduct(a.data(), b.data(), a.size(), n, barrett(q), out);
}

}  // namespace veilsum::ring::rows
