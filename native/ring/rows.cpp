#include "ring/rows.h"

namespace veilsum::ring::rows {

using arith::Modulus;
using arith::u128;

void add(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = q.add(a[i], b[i]);
}

void sub(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = q.sub(a[i], b[i]);
}

void negate(const Modulus& q, std::size_t n, ConstRow a, Row out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = q.neg(a[i]);
}

void mul(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = q.mul(a[i], b[i]);
}

void mulAdd(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] = q.reduce(u128{a[i]} * b[i] + sum[i]);
}

void mulSub(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] = q.sub(sum[i], q.mul(a[i], b[i]));
}

void scale(const Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row out) {
  const arith::ShoupFactor factor = q.shoup(w);
  for (std::size_t i = 0; i < n; ++i) out[i] = q.mul(a[i], factor);
}

void scaleAdd(const Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row sum) {
  const arith::ShoupFactor factor = q.shoup(w);
  for (std::size_t i = 0; i < n; ++i) sum[i] = q.add(sum[i], q.mul(a[i], factor));
}

void subScale(const Modulus& q, std::size_t n, ConstRow a, ConstRow b, std::uint64_t w, Row out) {
  const arith::ShoupFactor factor = q.shoup(w);
  for (std::size_t i = 0; i < n; ++i) out[i] = q.mul(a[i] + (q.value() - b[i]), factor);
}

void innerProduct(const Modulus& q, std::size_t n, std::span<const ConstRow> a,
                  std::span<const ConstRow> b, Row out) {
  // Products of residues below 2^61: 32 of them and a carried residue stay below 2^128.
  constexpr std::size_t kRun = 32;
  for (std::size_t i = 0; i < n; ++i) {
    u128 sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      if (k % kRun == 0 && k != 0) sum = q.reduce(sum);
      sum += u128{a[k][i]} * b[k][i];
    }
    out[i] = q.reduce(sum);
  }
}

}  // namespace veilsum::ring::rows
