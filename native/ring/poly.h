#ifndef VEILSUM_RING_POLY_H_
#define VEILSUM_RING_POLY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "arith/ntt.h"
#include "base/buffer.h"

namespace veilsum::ring {

/// An ordered list of NTT primes for one ring degree n: the moduli of R_Q = Z_Q[X]/(X^n + 1).
/// Immutable; compared by value.
class Basis {
 public:
  static std::shared_ptr<const Basis> create(std::size_t n, std::span<const std::uint64_t> primes);

  std::size_t n() const { return n_; }
  std::size_t size() const { return transforms_.size(); }
  const arith::Ntt& ntt(std::size_t i) const { return *transforms_[i]; }
  const arith::Modulus& modulus(std::size_t i) const { return transforms_[i]->modulus(); }
  std::vector<std::uint64_t> primes() const;
  /// log2 of the product of the primes.
  double log2() const;

  /// The first `count` primes.
  std::shared_ptr<const Basis> prefix(std::size_t count) const;
  /// The primes from `begin` up to, not including, `end`.
  std::shared_ptr<const Basis> range(std::size_t begin, std::size_t end) const;
  /// These primes, then the other's.
  std::shared_ptr<const Basis> joined(const Basis& other) const;

  friend bool operator==(const Basis& a, const Basis& b);

 private:
  Basis(std::size_t n, std::vector<std::shared_ptr<const arith::Ntt>> transforms);
  std::size_t n_;
  std::vector<std::shared_ptr<const arith::Ntt>> transforms_;
};

using BasisPtr = std::shared_ptr<const Basis>;

/// Form tags: coefficients, or values at the odd powers of psi in the order of arith::Ntt.
struct Coeff {};
struct Eval {};

/// An element of R_Q in residue form, residue-major: n words for each prime, all in [0, q). The
/// form is in the type: operations that need the other form do not compile. Move-only; copy()
/// copies.
template <class Form>
class Poly {
 public:
  Poly() = default;
  /// Zero.
  explicit Poly(BasisPtr basis) : basis_(std::move(basis)), words_(basis_->n() * basis_->size()) {}

  /// Any words: the caller writes all of them.
  Poly(BasisPtr basis, Unset)
      : basis_(std::move(basis)), words_(basis_->n() * basis_->size(), unset) {}

  const Basis& basis() const { return *basis_; }
  const BasisPtr& basisPtr() const { return basis_; }
  std::size_t n() const { return basis_->n(); }
  /// The number of residues.
  std::size_t size() const { return basis_->size(); }
  bool empty() const { return basis_ == nullptr; }

  std::uint64_t* residue(std::size_t i) { return words_.data() + i * n(); }
  const std::uint64_t* residue(std::size_t i) const { return words_.data() + i * n(); }
  std::span<std::uint64_t> words() { return words_; }
  std::span<const std::uint64_t> words() const { return words_; }

  Poly copy() const;
  /// Keeps the first `count` residues (the element modulo a divisor of Q).
  Poly prefix(std::size_t count) const;

 private:
  friend Poly<Eval> toEval(Poly<Coeff>&& a);
  friend Poly<Coeff> toCoeff(Poly<Eval>&& a);
  BasisPtr basis_;
  Buffer<std::uint64_t> words_;
};

/// The transforms, in place of their argument's memory.
Poly<Eval> toEval(Poly<Coeff>&& a);
Poly<Coeff> toCoeff(Poly<Eval>&& a);

/// a + b and a - b over `basis`, which both begin with.
template <class Form>
Poly<Form> add(const Poly<Form>& a, const Poly<Form>& b, const BasisPtr& basis);
template <class Form>
Poly<Form> sub(const Poly<Form>& a, const Poly<Form>& b, const BasisPtr& basis);
template <class Form>
Poly<Form> negated(const Poly<Form>& a);
/// a times one scalar for each residue, given in [0, q_i).
template <class Form>
Poly<Form> scaled(const Poly<Form>& a, std::span<const std::uint64_t> scalars);
template <class Form>
void addInto(Poly<Form>& a, const Poly<Form>& b);  // a += b
template <class Form>
void subInto(Poly<Form>& a, const Poly<Form>& b);  // a -= b
/// a *= the same.
template <class Form>
void scale(Poly<Form>& a, std::span<const std::uint64_t> scalars);
void mulInto(Poly<Eval>& a, const Poly<Eval>& b);                            // a *= b
Poly<Eval> mul(const Poly<Eval>& a, const Poly<Eval>& b);                    // a * b
void mulAddInto(Poly<Eval>& sum, const Poly<Eval>& a, const Poly<Eval>& b);  // sum += a * b

/// X -> X^g for an odd Galois element g in [1, 2n).
template <class Form>
Poly<Form> automorphism(const Poly<Form>& a, std::uint64_t g);
template <>
Poly<Coeff> automorphism(const Poly<Coeff>& a, std::uint64_t g);
template <>
Poly<Eval> automorphism(const Poly<Eval>& a, std::uint64_t g);

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_POLY_H_
