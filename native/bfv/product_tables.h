#ifndef VEILSUM_BFV_PRODUCT_TABLES_H_
#define VEILSUM_BFV_PRODUCT_TABLES_H_

// What bfv::Context derives for evaluate_product.cpp; used inside this layer only.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bfv/context.h"

namespace veilsum::bfv {

/// The constants of a product over Q R (evaluate_product.cpp), R = r_0 r_1 .. = P R', the special
/// primes first. With x = sum_i y_i Q / q_i - v Q, y_i = [x (Q / q_i)^-1]_{q_i}, v the rounded sum
/// of y_i / q_i, a base conversion is a combination of the digits y_0, y_1, .. and v; every other
/// constant that the product takes, the scale of the tensor kernel too, is merged into its factors,
/// or into those of the inverse transforms.
struct Context::Product {
  Product(const Context& context, std::size_t level, ring::BasisPtr r);

  /// A combination of y_0, y_1, .., v for each target prime.
  using Combinations = std::vector<kernel::DigitCombination>;

  ring::BasisPtr q, r, qr;
  double log2_shrink;  ///< log2(Q / R)

  std::vector<double> q_inverses, r_inverses;  ///< 1 / q_i and 1 / r_j

  // The first operand a to t (P / p) a mod p, and to t a modulo the primes of R'.
  std::vector<arith::ShoupFactor> first_digits;  ///< (Q / q_i)^-1
  Combinations first_to_r;

  // The second operand b to b' = (R b - [R b]_Q) / Q modulo R, as its digits [b' (R /
  // r_j)^-1]_{r_j}.
  std::vector<arith::ShoupFactor> second_digits;  ///< R (Q / q_i)^-1
  Combinations second_to_r;
  // Those digits to (t / R') b' modulo q_i, b' centred.
  Combinations r_to_q;

  // Of the tensor x, times the constants above, and of what key switching adds to it, to
  // (t / R) x mod q_i and to the digits of [t x]_R.
  std::vector<arith::ShoupFactor> back;  ///< P^-1 mod q_i, (P / p)^-1 mod p, 1
  // (t x - [t x]_R) / R mod q_i less (t / R) x: the factors of the digits, and 1.
  Combinations minus_remainder;
};

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_PRODUCT_TABLES_H_
