#ifndef VEILSUM_FUZZ_INSTANCE_H_
#define VEILSUM_FUZZ_INSTANCE_H_

#include <random>

#include "arith/primes.h"
#include "bfv/context.h"
#include "fuzz/target.h"
#include "rlwe/ciphertext.h"

// The smallest ring that the engine has, and polynomials over it that no key made: readers check
// residues, not what they hide.
namespace veilsum::fuzz {

/// N = 1024, a chain of 20 and 30 bits and a special prime of 30 bits.
inline const rlwe::ContextPtr& context() {
  static const rlwe::ContextPtr instance = [] {
    const auto wide = arith::largestPrimes(30, 2048, 2);
    return rlwe::Context::create(
        {.n = 1024, .q = {arith::largestPrimes(20, 2048, 1)[0], wide[0]}, .p = {wide[1]}});
  }();
  return instance;
}

inline const bfv::ContextPtr& bfvContext() {
  static const bfv::ContextPtr instance = bfv::Context::create(context(), 257);
  return instance;
}

/// The same numbers in every process.
inline std::mt19937_64& numbers() {
  static std::mt19937_64 generator(1);
  return generator;
}

template <class Form>
ring::Poly<Form> anyPoly(const ring::BasisPtr& basis) {
  ring::Poly<Form> poly(basis);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    for (std::size_t k = 0; k < basis->n(); ++k) {
      poly.residue(i)[k] = numbers()() % basis->modulus(i).value();
    }
  }
  return poly;
}

template <class Form>
rlwe::Ciphertext<Form> anyCiphertext(std::size_t level, std::size_t parts) {
  rlwe::Ciphertext<Form> c{context(), {}, {}};
  for (std::size_t i = 0; i < parts; ++i) {
    c.parts.push_back(anyPoly<Form>(context()->basisQ(level)));
  }
  return c;
}

}  // namespace veilsum::fuzz

#endif  // VEILSUM_FUZZ_INSTANCE_H_
