#include "arith/crt.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>

#include "base/error.h"

namespace veilsum::arith {
namespace {

using Words = std::span<std::uint64_t>;
using ConstWords = std::span<const std::uint64_t>;

// acc += a * w; the word that overflows.
std::uint64_t addProduct(Words acc, ConstWords a, std::uint64_t w) {
  u128 carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    carry += u128{a[i]} * w + acc[i];
    acc[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return static_cast<std::uint64_t>(carry);
}

// 1 where a < b, else 0.
std::uint64_t lessThan(ConstWords a, ConstWords b) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    borrow = static_cast<std::uint64_t>((u128{a[i]} - b[i] - borrow) >> 64) & 1;
  }
  return borrow;
}

// a -= b & mask.
void subtractMasked(Words a, ConstWords b, std::uint64_t mask) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const u128 d = u128{a[i]} - (b[i] & mask) - borrow;
    a[i] = static_cast<std::uint64_t>(d);
    borrow = static_cast<std::uint64_t>(d >> 64) & 1;
  }
}

// The inverse of a modulo q for coprime a and q, q not necessarily prime; both are public.
std::uint64_t inverseModulo(std::uint64_t a, const Modulus& modulus) {
  std::int64_t r0 = static_cast<std::int64_t>(modulus.value()), r1 = static_cast<std::int64_t>(a);
  std::int64_t t0 = 0, t1 = 1;
  while (r1 != 0) {
    const std::int64_t quotient = r0 / r1;
    t0 = std::exchange(t1, t0 - quotient * t1);
    r0 = std::exchange(r1, r0 - quotient * r1);
  }
  return modulus.fromSigned(t0);
}

// x 2^exponent, rounded once. Two powers, so that each is a normal double; beyond 2^+-2044 nothing
// of x is left. std::ldexp branches on x and on the exponent.
double timesPowerOfTwo(double x, int exponent) {
  const int bounded = std::min(std::max(exponent, -2044), 2044);
  const int half = bounded >> 1;
  const auto power = [](int e) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
  };
  return x * power(half) * power(bounded - half);
}

}  // namespace

Crt::Crt(std::span<const Modulus> moduli) : moduli_(moduli.begin(), moduli.end()) {
  if (moduli_.empty()) throw Error(Code::kOutOfRange, "a CRT basis needs at least one modulus");
  for (std::size_t i = 0; i < moduli_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (std::gcd(moduli_[i].value(), moduli_[j].value()) != 1) {
        throw Error(Code::kOutOfRange, "the moduli " + std::to_string(moduli_[j].value()) +
                                           " and " + std::to_string(moduli_[i].value()) +
                                           " of a CRT basis share a factor");
      }
    }
  }
  // Products with the factor `except` left out, of as many words as Q needs.
  const auto productWithout = [&](std::size_t except, std::size_t words) {
    std::vector<std::uint64_t> product(words, 0), scratch(words);
    product[0] = 1;
    for (std::size_t i = 0; i < moduli_.size(); ++i) {
      if (i == except) continue;
      std::fill(scratch.begin(), scratch.end(), 0);
      addProduct(scratch, product, moduli_[i].value());
      std::swap(product, scratch);
    }
    return product;
  };
  product_ = productWithout(moduli_.size(), moduli_.size());
  while (product_.size() > 1 && product_.back() == 0) product_.pop_back();
  words_ = product_.size();

  half_ = product_;
  for (std::size_t i = 0; i < words_; ++i) {
    half_[i] = half_[i] >> 1 | (i + 1 < words_ ? half_[i + 1] << 63 : 0);
  }
  for (std::size_t i = 0; i < moduli_.size(); ++i) {
    const Modulus& q = moduli_[i];
    punctured_.push_back(productWithout(i, words_));
    std::uint64_t residue = 1 % q.value();
    for (std::size_t j = 0; j < moduli_.size(); ++j) {
      if (j != i) residue = q.mul(residue, q.reduce(moduli_[j].value()));
    }
    inverses_.push_back(q.shoup(inverseModulo(residue, q)));
  }
}

double Crt::log2Product() const {
  double sum = 0;
  for (const Modulus& q : moduli_) sum += std::log2(static_cast<double>(q.value()));
  return sum;
}

void Crt::compose(ConstWords residues, Words out) const {
  require(residues.size() == moduli_.size() && out.size() == words_, Code::kInternal,
          "CRT: one residue for each modulus, and words() words");
  std::fill(out.begin(), out.end(), 0);
  for (std::size_t i = 0; i < moduli_.size(); ++i) {
    // The sum stays below 2 Q: it and the term are below Q each. The bit above the words counts.
    const std::uint64_t factor = moduli_[i].mul(residues[i], inverses_[i]);
    const std::uint64_t overflow = addProduct(out, punctured_[i], factor);
    const std::uint64_t subtract = overflow | (1 - lessThan(out, product_));
    subtractMasked(out, product_, 0 - subtract);
  }
}

double Crt::toCentredDouble(ConstWords value, int shift) const {
  require(value.size() == words_, Code::kInternal, "CRT: a value has words() words");
  const std::uint64_t negative = lessThan(half_, value);
  const std::uint64_t mask = 0 - negative;
  // The magnitude's highest non-zero word, the word below it, and the place of the former, picked
  // by masks: the magnitude is never an index.
  std::uint64_t top = 0, below = 0, place = 0, borrow = 0, previous = 0;
  for (std::size_t i = 0; i < words_; ++i) {
    const u128 difference = u128{product_[i]} - value[i] - borrow;
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
    const std::uint64_t word = (static_cast<std::uint64_t>(difference) & mask) | (value[i] & ~mask);
    const std::uint64_t keep = ((word | (0 - word)) >> 63) - 1;  // all ones where word is 0
    top = (top & keep) | (word & ~keep);
    below = (below & keep) | (previous & ~keep);
    place = (place & keep) | (i & ~keep);
    previous = word;
  }
  // The 64 leading bits: what is cut is 2^-63 of the value at most, and one rounding follows.
  const int zeros = std::countl_zero(top | 1);
  const std::uint64_t mantissa = (top << zeros) | ((below >> 1) >> (63 - zeros));
  const auto rounded =
      static_cast<double>(static_cast<std::int64_t>(mantissa >> 1 | (mantissa & 1)));
  const double magnitude =
      timesPowerOfTwo(rounded, 1 - zeros + 64 * static_cast<int>(place) - shift);
  return magnitude * (1.0 - 2.0 * static_cast<double>(static_cast<std::int64_t>(negative)));
}

void Crt::decompose(ConstWords value, Words residues) const {
  for (std::size_t i = 0; i < moduli_.size(); ++i) {
    std::uint64_t residue = 0;
    for (std::size_t word = value.size(); word-- > 0;) {
      residue = moduli_[i].reduce(u128{residue} << 64 | value[word]);
    }
    residues[i] = residue;
  }
}

}  // namespace veilsum::arith
