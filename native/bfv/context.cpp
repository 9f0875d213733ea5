#include "bfv/context.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "arith/primes.h"
#include "bfv/product_tables.h"
#include "bfv/tables.h"
#include "ring/crt_digits.h"

namespace veilsum::bfv {

using arith::Modulus;

namespace {

constexpr int kAuxiliaryBits = 46;    // the kernels' fast path
constexpr double kHeadroomBits = 3;   // 8 tensors or more in one sum
constexpr double kSwitchingBits = 6;  // by which the longest R passes Q, for a fresh operand's sake
constexpr double kSafetyBits = 1;     // the last bit that a centred conversion needs, and rounding
constexpr double kMarginBits = 0.01;  // room for the fixed-point error of decryption, below 2^-40

std::uint64_t productModulo(const ring::Basis& basis, const Modulus& m) {
  std::uint64_t product = 1 % m.value();
  for (std::size_t i = 0; i < basis.size(); ++i) {
    product = m.mul(product, m.reduce(basis.modulus(i).value()));
  }
  return product;
}

// log2 of what B must exceed for one product: n t Q.
double log2ProductRange(const Context& context, const ring::Basis& q) {
  return q.log2() + std::log2(static_cast<double>(context.t())) +
         std::log2(static_cast<double>(q.n()));
}

// `primes`, then the largest 46-bit primes that are neither among them nor in the chain, so that
// the product has `bits` bits or more.
ring::BasisPtr auxiliaryBasis(const ring::Basis& q, std::vector<std::uint64_t> primes,
                              double bits) {
  std::vector<std::uint64_t> taken = q.primes();
  taken.insert(taken.end(), primes.begin(), primes.end());
  for (const std::uint64_t p : primes) bits -= std::log2(static_cast<double>(p));
  const auto enough = static_cast<std::size_t>(std::max(0.0, bits) / (kAuxiliaryBits - 1)) + 2;
  for (std::uint64_t p : arith::largestPrimes(kAuxiliaryBits, 2 * q.n(), enough + taken.size())) {
    if (bits <= 0) break;
    if (std::find(taken.begin(), taken.end(), p) != taken.end()) continue;
    primes.push_back(p);
    bits -= std::log2(static_cast<double>(p));
  }
  return ring::Basis::create(q.n(), primes);
}

}  // namespace

struct Context::Tables {
  rlwe::ContextPtr rlwe;
  Modulus t;
  bool batching;
  std::vector<Scaling> scaling;

  struct Level {
    std::once_flag once;
    std::unique_ptr<const Multiplication> multiplication;
  };
  std::vector<Level> levels;
  std::once_flag auxiliary_once;
  ring::BasisPtr auxiliary;

  std::mutex products_mutex;
  ring::BasisPtr second;  // the longest R
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<const Product>> products;

  Tables(rlwe::ContextPtr r, std::uint64_t plain)
      : rlwe(std::move(r)),
        t(plain),
        batching((plain - 1) % (2 * rlwe->n()) == 0 && arith::isPrime(plain)),
        levels(rlwe->maxLevel() + 1) {
    for (std::size_t l = 0; l <= rlwe->maxLevel(); ++l) scaling.emplace_back(*rlwe->basisQ(l), t);
  }
};

Context::Scaling::Scaling(const ring::Basis& q, const Modulus& t) : q_mod_t(productModulo(q, t)) {
  for (std::size_t i = 0; i < q.size(); ++i) {
    const Modulus& qi = q.modulus(i);
    t_mod_q.push_back(qi.reduce(t.value()));
    t_inverse.push_back(qi.inverse(t_mod_q.back()));

    std::uint64_t punctured = 1;
    for (std::size_t j = 0; j < q.size(); ++j) {
      if (j != i) punctured = qi.mul(punctured, qi.reduce(q.modulus(j).value()));
    }
    punctured_inverse.push_back(qi.shoup(qi.inverse(punctured)));
    const arith::ShoupFactor to_digit =
        qi.shoup(qi.mul(punctured_inverse.back().w, t_mod_q.back()));
    digits.push_back(ring::digitFactors(qi, to_digit, i == 0));
    digit_bits = std::max(digit_bits, qi.bits());
    to_plain.push_back(t.neg(t.inverseOfPublic(qi.value())));
  }
  to_plain.push_back(1 % t.value());
}

Context::Multiplication::Multiplication(ring::BasisPtr q, ring::BasisPtr auxiliary,
                                        const Context& context)
    : b(std::move(auxiliary)), qb(q->joined(*b)), q_to_b(q, b), b_to_q(b, q) {
  // k tensors of centred operands have coefficients of at most k n Q^2 / 2 (the middle one sums two
  // products), so that t / Q times them is at most k n t Q / 2: centred modulo B where
  // k n t Q < B. One more bit covers operands lifted to a neighbour, |x| <= Q/2 (1 + 2^-39), the
  // rounding, and the converter's own margin of B 2^-40.
  const double spare = b->log2() - log2ProductRange(context, *q) - kSafetyBits;
  max_terms = static_cast<std::size_t>(std::exp2(std::min(spare, 30.0)));

  for (std::size_t i = 0; i < q->size(); ++i) {
    t_scaled.push_back(q->modulus(i).shoup(q->modulus(i).reduce(context.t())));
  }
  for (std::size_t j = 0; j < b->size(); ++j) {
    const Modulus& bj = b->modulus(j);
    const std::uint64_t q_inverse = bj.inverse(productModulo(*q, bj));
    minus_q_inverse.push_back(bj.neg(q_inverse));
    t_scaled.push_back(bj.shoup(bj.mul(bj.reduce(context.t()), q_inverse)));
  }
}

std::shared_ptr<const Context> Context::create(rlwe::ContextPtr rlwe, std::uint64_t t) {
  if (t < 2 || t >= (std::uint64_t{1} << 60)) {
    throw Error(Code::kParameterMismatch,
                "the plaintext modulus " + std::to_string(t) + " is not in [2, 2^60)");
  }
  const ring::Basis& q = *rlwe->basisQ(rlwe->maxLevel());
  for (std::uint64_t prime : q.primes()) {
    if (t % prime == 0) {
      throw Error(Code::kParameterMismatch, "the plaintext modulus " + std::to_string(t) +
                                                " is a multiple of the chain's prime " +
                                                std::to_string(prime));
    }
  }
  if (std::log2(static_cast<double>(t)) + 1 >= q.log2()) {
    throw Error(Code::kParameterMismatch, "the plaintext modulus " + std::to_string(t) +
                                              " leaves no room in a chain of " +
                                              std::to_string(q.log2()) + " bits; take more primes");
  }
  return std::shared_ptr<const Context>(new Context(std::move(rlwe), t));
}

Context::Context(rlwe::ContextPtr rlwe, std::uint64_t t)
    : tables_(std::make_unique<Tables>(std::move(rlwe), t)) {}
Context::~Context() = default;

const rlwe::ContextPtr& Context::rlwe() const { return tables_->rlwe; }
std::size_t Context::n() const { return tables_->rlwe->n(); }
std::size_t Context::maxLevel() const { return tables_->rlwe->maxLevel(); }
std::uint64_t Context::t() const { return tables_->t.value(); }
const Modulus& Context::plainModulus() const { return tables_->t; }
bool Context::supportsBatching() const { return tables_->batching; }
const Context::Scaling& Context::scaling(std::size_t level) const {
  return tables_->scaling[level];
}

double Context::log2NoiseLimit(std::size_t level) const {
  return rlwe()->basisQ(level)->log2() - 1 - std::log2(static_cast<double>(t())) - kMarginBits;
}

const Context::Multiplication& Context::multiplication(std::size_t level) const {
  const ring::BasisPtr& top = rlwe()->basisQ(maxLevel());
  std::call_once(tables_->auxiliary_once, [&] {
    const double bits = log2ProductRange(*this, *top) + kSafetyBits + kHeadroomBits;
    tables_->auxiliary = auxiliaryBasis(*top, {}, bits);
  });
  Tables::Level& entry = tables_->levels[level];
  std::call_once(entry.once, [&] {
    const ring::BasisPtr& q = rlwe()->basisQ(level);
    const double bits = log2ProductRange(*this, *q) + kSafetyBits + kHeadroomBits;
    std::size_t count = 1;
    while (tables_->auxiliary->prefix(count)->log2() < bits) ++count;
    entry.multiplication =
        std::make_unique<const Multiplication>(q, tables_->auxiliary->prefix(count), *this);
  });
  return *entry.multiplication;
}

const Context::Product& Context::product(
    std::size_t level, const std::function<bool(double log2_shrink)>& suits) const {
  const std::lock_guard lock(tables_->products_mutex);
  const std::vector<std::uint64_t>& specials = rlwe()->parameters().p;
  if (!tables_->second) {
    const ring::Basis& top = *rlwe()->basisQ(maxLevel());
    tables_->second = auxiliaryBasis(top, specials, top.log2() + kSwitchingBits);
  }
  const ring::Basis& second = *tables_->second;
  const double log2_q = rlwe()->basisQ(level)->log2();
  std::size_t count = std::max<std::size_t>(specials.size(), 1);
  while (count < second.size() && !suits(log2_q - second.prefix(count)->log2())) ++count;
  auto& entry = tables_->products[{level, count}];
  if (!entry) entry = std::make_unique<const Product>(*this, level, second.prefix(count));
  return *entry;
}

}  // namespace veilsum::bfv
