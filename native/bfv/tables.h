#ifndef VEILSUM_BFV_TABLES_H_
#define VEILSUM_BFV_TABLES_H_

// What bfv::Context derives for each level; used inside this layer only.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bfv/context.h"
#include "bfv/divider.h"
#include "ring/base_convert.h"

namespace veilsum::bfv {

struct Context::Scaling {
  Scaling(const ring::Basis& q, const arith::Modulus& t);

  // m -> floor((Q m + h) / t) = floor(Q / t) m + floor(((Q mod t) m + h) / t), h = floor((t+1)/2).
  std::uint64_t q_mod_t;
  std::vector<arith::ShoupFactor> floor_q_over_t;  ///< modulo each q_i
  std::vector<std::uint64_t> t_mod_q;              ///< t modulo each q_i

  // x -> t x / Q = sum_i t y_i / q_i mod t, y_i = [x (Q / q_i)^-1]_{q_i}.
  struct Residue {
    Divider q;
    arith::ShoupFactor punctured_inverse;  ///< (Q / q_i)^-1 mod q_i
    std::uint64_t reciprocal;              ///< floor(2^(63 + bits) / q_i)
    int shift;                             ///< bits - 1: r reciprocal >> shift = 2^64 r / q_i
  };
  std::vector<Residue> residues;
};

struct Context::Multiplication {
  Multiplication(ring::BasisPtr q, ring::BasisPtr b, const Context& context);

  ring::BasisPtr b, qb;
  ring::BaseConverter q_to_b, b_to_q;
  std::vector<std::uint64_t> t_scaled;         ///< t mod q_i, then t Q^-1 mod b_j
  std::vector<std::uint64_t> minus_q_inverse;  ///< -Q^-1 mod b_j
  std::size_t max_terms;                       ///< tensors whose sum still fits B
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_TABLES_H_
