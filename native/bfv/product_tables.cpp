#include "bfv/product_tables.h"

#include <algorithm>

#include "rlwe/context.h"

namespace veilsum::bfv {

using arith::Modulus;

namespace {

// The product of the primes of a basis from `begin` up to `end`, without one of them, modulo m.
std::uint64_t productModulo(const ring::Basis& basis, std::size_t begin, std::size_t end,
                            std::size_t skipped, const Modulus& m) {
  std::uint64_t product = m.reduce(std::uint64_t{1});
  for (std::size_t i = begin; i < end; ++i) {
    if (i != skipped) product = m.mul(product, m.reduce(basis.modulus(i).value()));
  }
  return product;
}

int widest(const ring::Basis& basis) {
  int bits = 0;
  for (std::size_t i = 0; i < basis.size(); ++i) bits = std::max(bits, basis.modulus(i).bits());
  return bits;
}

std::vector<double> inverses(const ring::Basis& basis) {
  std::vector<double> result;
  for (const std::uint64_t prime : basis.primes()) {
    result.push_back(1.0 / static_cast<double>(prime));
  }
  return result;
}

}  // namespace

Context::Product::Product(const Context& context, std::size_t level, ring::BasisPtr second)
    : q(context.rlwe()->basisQ(level)),
      r(std::move(second)),
      qr(q->joined(*r)),
      log2_shrink(q->log2() - r->log2()),
      q_inverses(inverses(*q)),
      r_inverses(inverses(*r)) {
  const std::size_t k = q->size(), specials = context.rlwe()->parameters().p.size();
  const auto q_without = [&](std::size_t i, const Modulus& m) {
    return productModulo(*q, 0, k, i, m);
  };
  const auto r_without = [&](std::size_t j, const Modulus& m) {
    return productModulo(*r, 0, r->size(), j, m);
  };
  const auto p_without = [&](std::size_t j, const Modulus& m) {
    return productModulo(*r, 0, specials, j, m);
  };
  const int q_bits = widest(*q), r_bits = widest(*r);
  const kernel::Isa isa = kernel::activeIsa();
  // t, with what makes up for the tensor kernel's scale.
  const auto t_scaled = [&](const Modulus& m) {
    return m.mul(m.reduce(context.t()), kernel::tensorScaleInverse(m.value(), isa));
  };
  const std::size_t none = r->size() + k;

  for (std::size_t i = 0; i < k; ++i) {
    const Modulus& m = q->modulus(i);
    const std::uint64_t digit = m.inverse(q_without(i, m)), all_r = r_without(none, m);
    first_digits.push_back(m.shoup(digit));
    second_digits.push_back(m.shoup(m.mul(digit, all_r)));
    const std::uint64_t p_inverse = m.inverse(p_without(none, m));
    back.push_back(m.shoup(p_inverse));

    // t / R' = t P / R.
    const std::uint64_t r_inverse = m.inverse(all_r);
    const std::uint64_t scale = m.mul(m.mul(t_scaled(m), p_without(none, m)), r_inverse);
    std::vector<std::uint64_t> to_q, remainder;
    for (std::size_t j = 0; j < r->size(); ++j) {
      to_q.push_back(m.mul(r_without(j, m), scale));
      remainder.push_back(m.neg(m.mul(r_without(j, m), r_inverse)));
    }
    to_q.push_back(m.neg(m.mul(all_r, scale)));
    remainder.push_back(m.reduce(std::uint64_t{1}));
    r_to_q.emplace_back(m.barrett(), r_bits, to_q, isa);
    minus_remainder.emplace_back(m.barrett(), r_bits, remainder, isa);
  }

  for (std::size_t j = 0; j < r->size(); ++j) {
    const Modulus& m = r->modulus(j);
    const std::uint64_t rest_of_p = j < specials ? p_without(j, m) : m.reduce(std::uint64_t{1});
    back.push_back(m.shoup(m.inverse(rest_of_p)));

    const std::uint64_t scale = m.mul(t_scaled(m), rest_of_p);
    // b' = -[R b]_Q / Q, [R b]_Q = sum_i y_i Q / q_i - v Q.
    const std::uint64_t digit = m.inverse(r_without(j, m));
    std::vector<std::uint64_t> first, second_row;
    for (std::size_t i = 0; i < k; ++i) {
      first.push_back(m.mul(q_without(i, m), scale));
      second_row.push_back(m.neg(m.mul(m.inverse(m.reduce(q->modulus(i).value())), digit)));
    }
    first.push_back(m.neg(m.mul(q_without(none, m), scale)));
    second_row.push_back(digit);
    first_to_r.emplace_back(m.barrett(), q_bits, first, isa);
    second_to_r.emplace_back(m.barrett(), q_bits, second_row, isa);
  }
}

}  // namespace veilsum::bfv
