#include "rlwe/context.h"

#include <algorithm>
#include <bit>
#include <string>

#include "arith/primes.h"
#include "rlwe/tables.h"

namespace veilsum::rlwe {

namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(Code::kParameterMismatch, message);
}

void validate(const ParameterSet& set) {
  constexpr std::size_t kMaxPrimes = 256;
  if (!std::has_single_bit(set.n) || set.n < 1024 || set.n > 131072) {
    refuse("the ring degree " + std::to_string(set.n) +
           " is not a power of two from 1024 to 131072");
  }
  if (set.q.empty()) refuse("the modulus chain is empty; it needs at least one prime");
  if (set.q.size() + set.p.size() > kMaxPrimes) {
    refuse(std::to_string(set.q.size() + set.p.size()) + " primes; at most 256 are supported");
  }
  std::vector<std::uint64_t> primes = set.q;
  primes.insert(primes.end(), set.p.begin(), set.p.end());
  for (const std::uint64_t prime : primes) {
    const int bits = std::bit_width(prime);
    if (bits < 20 || bits > 60) {
      refuse("the modulus " + std::to_string(prime) + " has " + std::to_string(bits) +
             " bits; primes of 20 to 60 bits are supported");
    }
    if (prime % (2 * set.n) != 1) {
      refuse("the modulus " + std::to_string(prime) +
             " is not 1 modulo 2n = " + std::to_string(2 * set.n));
    }
    if (!arith::isPrime(prime)) refuse("the modulus " + std::to_string(prime) + " is not a prime");
  }
  std::sort(primes.begin(), primes.end());
  if (const auto twice = std::adjacent_find(primes.begin(), primes.end()); twice != primes.end()) {
    refuse("the prime " + std::to_string(*twice) + " stands twice; the primes must be distinct");
  }
  if (set.digit_primes == 0 || set.digit_primes > set.q.size()) {
    refuse(std::to_string(set.digit_primes) + " primes in a digit; 1 to " +
           std::to_string(set.q.size()) + " (the length of the chain) are possible");
  }
}

std::vector<Digit> digitsAt(const ring::Basis& qp, std::size_t q_size, std::size_t digit_primes) {
  std::vector<Digit> digits;
  for (std::size_t begin = 0; begin < q_size; begin += digit_primes) {
    const std::size_t end = std::min(begin + digit_primes, q_size);
    // p is not empty here, so there is always a residue above the digit's.
    ring::BasisPtr others = qp.range(end, qp.size());
    if (begin > 0) others = qp.prefix(begin)->joined(*others);
    digits.push_back({begin, end, ring::BaseConverter(qp.range(begin, end), others)});
  }
  return digits;
}

}  // namespace

Context::Tables::Tables(ParameterSet parameters) : set(std::move(parameters)) {
  validate(set);
  const ring::BasisPtr all_q = ring::Basis::create(set.n, set.q);
  if (!set.p.empty()) p = ring::Basis::create(set.n, set.p);
  for (std::size_t level = 0; level < set.q.size(); ++level) {
    q.push_back(level + 1 == set.q.size() ? all_q : all_q->prefix(level + 1));
    qp.push_back(p ? q[level]->joined(*p) : q[level]);
    if (!p) continue;
    digits.push_back(digitsAt(*qp[level], level + 1, set.digit_primes));
    by_p.push_back(std::make_shared<const ring::Division>(qp[level], set.p.size()));
    key_switch_error.push_back(keySwitchErrorBound(*this, level));
  }
  for (std::size_t i = 0; i < set.q.size(); ++i) {
    const arith::Modulus& modulus = all_q->modulus(i);
    std::uint64_t product = 1;
    for (const std::uint64_t prime : set.p) product = modulus.mul(product, modulus.reduce(prime));
    p_mod_q.push_back(product);
  }
}

std::shared_ptr<const Context> Context::create(ParameterSet set) {
  return std::shared_ptr<const Context>(new Context(std::move(set)));
}

Context::Context(ParameterSet set) : tables_(std::make_unique<const Tables>(std::move(set))) {}
Context::~Context() = default;

const ParameterSet& Context::parameters() const { return tables_->set; }
std::size_t Context::n() const { return tables_->set.n; }
std::size_t Context::maxLevel() const { return tables_->set.q.size() - 1; }
const ring::BasisPtr& Context::basisP() const { return tables_->p; }
bool Context::canKeySwitch() const { return tables_->p != nullptr; }
std::uint64_t Context::pModQ(std::size_t i) const { return tables_->p_mod_q.at(i); }
const Context::Tables& Context::tables() const { return *tables_; }

const ring::BasisPtr& Context::basisQ(std::size_t level) const {
  requireLevel(level);
  return tables_->q[level];
}

const ring::BasisPtr& Context::basisQP(std::size_t level) const {
  requireLevel(level);
  return tables_->qp[level];
}

std::size_t Context::digits(std::size_t level) const {
  requireLevel(level);
  return level / tables_->set.digit_primes + 1;
}

void Context::requireLevel(std::size_t level) const {
  if (level <= maxLevel()) return;
  throw Error(Code::kOutOfRange, "level " + std::to_string(level) +
                                     " of a modulus chain whose highest level is " +
                                     std::to_string(maxLevel()));
}

void Context::requireSame(const Context& other) const {
  if (this == &other || parameters() == other.parameters()) return;
  throw Error(Code::kParameterMismatch,
              "objects of different parameters (degrees " + std::to_string(n()) + " and " +
                  std::to_string(other.n()) + ", " + std::to_string(maxLevel() + 1) + " and " +
                  std::to_string(other.maxLevel() + 1) +
                  " chain primes); use objects of one parameter set");
}

}  // namespace veilsum::rlwe
