#ifndef VEILSUM_RING_ROWS_H_
#define VEILSUM_RING_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "arith/modulus.h"

namespace veilsum::ring::rows {

/// Operations on single residues: rows of n words in [0, q), one modulus each. Polynomials over a
/// basis, or over a part of one, are made of these. All are constant time in the words; `out` may
/// be one of the inputs.
using Row = std::uint64_t*;
using ConstRow = const std::uint64_t*;

void add(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out);
void sub(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out);
/// out = the sum of the terms, at least one; `out` is the first of them or none.
void sum(const arith::Modulus& q, std::size_t n, std::span<const ConstRow> terms, Row out);
void negate(const arith::Modulus& q, std::size_t n, ConstRow a, Row out);
void mul(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out);
/// sum += a b
void mulAdd(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum);
/// sum = a b + sum + c with lazy a and sum (arith::Ntt::forwardLazy); c may be null, for zero.
void lazyMulAdd(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, ConstRow c,
                Row sum);
/// out = a b with a lazy a.
void lazyMul(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row out);
/// sum += a for small signed a, |a| < q.
void addSigned(const arith::Modulus& q, std::size_t n, const std::int8_t* a, Row sum);
/// sum -= a b
void mulSub(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, Row sum);
/// out = a w
void scale(const arith::Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row out);
/// sum += a w
void scaleAdd(const arith::Modulus& q, std::size_t n, ConstRow a, std::uint64_t w, Row sum);
/// out = (a - b) w
void subScale(const arith::Modulus& q, std::size_t n, ConstRow a, ConstRow b, std::uint64_t w,
              Row out);
/// out = sum_k a[k] b[k], at most 256 products, reduced once at the end. `out` is no input.
void innerProduct(const arith::Modulus& q, std::size_t n, std::span<const ConstRow> a,
                  std::span<const ConstRow> b, Row out);

}  // namespace veilsum::ring::rows

#endif  // VEILSUM_RING_ROWS_H_
