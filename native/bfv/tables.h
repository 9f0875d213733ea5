#ifndef VEILSUM_BFV_TABLES_H_
#define VEILSUM_BFV_TABLES_H_

// What bfv::Context derives for each level; used inside this layer only.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bfv/context.h"
#include "kernel/table.h"
#include "ring/base_convert.h"

namespace veilsum::bfv {

struct Context::Scaling {
  Scaling(const ring::Basis& q, const arith::Modulus& t);

  // m -> floor((Q m + h) / t) = (Q m + h - u) / t, h = floor((t + 1) / 2), u = (Q m + h) mod t:
  // that is (h - u) t^-1 modulo each q_i.
  std::uint64_t q_mod_t;
  std::vector<std::uint64_t> t_mod_q, t_inverse;  ///< t and t^-1 modulo each q_i

  // x -> round(t x / Q) = (t x - r) / Q, r = t x mod Q, centred. With r = sum_i y_i Q / q_i - v Q,
  // y_i = [t x (Q / q_i)^-1]_{q_i}, v the sum of y_i / q_i rounded, that is v - sum_i y_i / q_i
  // modulo t.
  std::vector<kernel::DigitFactors> digits;           ///< x to y_i
  std::vector<std::uint64_t> to_plain;                ///< -q_i^-1 mod t for each i, then 1
  int digit_bits = 0;                                 ///< of the widest q_i
  std::vector<arith::ShoupFactor> punctured_inverse;  ///< (Q / q_i)^-1 mod q_i
};

struct Context::Multiplication {
  Multiplication(ring::BasisPtr q, ring::BasisPtr b, const Context& context);

  ring::BasisPtr b, qb;
  ring::BaseConverter q_to_b, b_to_q;
  std::vector<arith::ShoupFactor> t_scaled;    ///< t mod q_i, then t Q^-1 mod b_j
  std::vector<std::uint64_t> minus_q_inverse;  ///< -Q^-1 mod b_j
  std::size_t max_terms;                       ///< tensors whose sum still fits B
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_TABLES_H_
