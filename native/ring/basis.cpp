#include <algorithm>
#include <cmath>
#include <string>

#include "ring/poly.h"

namespace veilsum::ring {

Basis::Basis(std::size_t n, std::vector<std::shared_ptr<const arith::Ntt>> transforms)
    : n_(n), transforms_(std::move(transforms)) {}

std::shared_ptr<const Basis> Basis::create(std::size_t n, std::span<const std::uint64_t> primes) {
  require(!primes.empty(), Code::kParameterMismatch, "a basis needs at least one prime");
  std::vector<std::shared_ptr<const arith::Ntt>> transforms;
  transforms.reserve(primes.size());
  for (std::size_t i = 0; i < primes.size(); ++i) {
    if (std::find(primes.begin(), primes.begin() + i, primes[i]) != primes.begin() + i) {
      throw Error(Code::kParameterMismatch, "the prime " + std::to_string(primes[i]) +
                                                " stands twice in a basis; the primes of a basis "
                                                "must be distinct");
    }
    transforms.push_back(arith::Ntt::get(n, primes[i]));
  }
  return std::shared_ptr<const Basis>(new Basis(n, std::move(transforms)));
}

std::vector<std::uint64_t> Basis::primes() const {
  std::vector<std::uint64_t> result(size());
  for (std::size_t i = 0; i < size(); ++i) result[i] = modulus(i).value();
  return result;
}

double Basis::log2() const {
  double sum = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    sum += std::log2(static_cast<double>(modulus(i).value()));
  }
  return sum;
}

std::shared_ptr<const Basis> Basis::prefix(std::size_t count) const { return range(0, count); }

std::shared_ptr<const Basis> Basis::range(std::size_t begin, std::size_t end) const {
  if (begin >= end || end > size()) {
    throw Error(Code::kOutOfRange, "residues " + std::to_string(begin) + " to " +
                                       std::to_string(end) + " of a basis of " +
                                       std::to_string(size()) + " primes");
  }
  return std::shared_ptr<const Basis>(
      new Basis(n_, {transforms_.begin() + begin, transforms_.begin() + end}));
}

std::shared_ptr<const Basis> Basis::joined(const Basis& other) const {
  require(n_ == other.n_, Code::kParameterMismatch, "two bases of different ring degrees");
  auto transforms = transforms_;
  transforms.insert(transforms.end(), other.transforms_.begin(), other.transforms_.end());
  for (const auto& a : transforms_) {
    for (const auto& b : other.transforms_) {
      if (a->modulus() == b->modulus()) {
        throw Error(Code::kParameterMismatch,
                    "the prime " + std::to_string(a->modulus().value()) +
                        " stands in both bases; the primes of a basis must be distinct");
      }
    }
  }
  return std::shared_ptr<const Basis>(new Basis(n_, std::move(transforms)));
}

bool operator==(const Basis& a, const Basis& b) {
  if (&a == &b) return true;
  if (a.n_ != b.n_ || a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(a.modulus(i) == b.modulus(i))) return false;
  }
  return true;
}

}  // namespace veilsum::ring
