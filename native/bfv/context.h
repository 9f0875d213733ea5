#ifndef VEILSUM_BFV_CONTEXT_H_
#define VEILSUM_BFV_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "rlwe/context.h"

namespace veilsum::bfv {

/// An RLWE instance with a plaintext modulus t: the scale-invariant scheme of Brakerski
/// (ePrint 2012/078) and Fan and Vercauteren (ePrint 2012/144) over R_t = Z_t[X]/(X^n + 1).
/// Immutable, shared between threads; every table is derived once.
class Context {
 public:
  /// 2 <= t < 2^60, prime to every q_i and below the product of the chain:
  /// Code::kParameterMismatch otherwise.
  static std::shared_ptr<const Context> create(rlwe::ContextPtr rlwe, std::uint64_t t);
  ~Context();

  const rlwe::ContextPtr& rlwe() const;
  std::size_t n() const;
  std::size_t maxLevel() const;
  std::uint64_t t() const;
  const arith::Modulus& plainModulus() const;
  /// Whether t is a prime = 1 mod 2n, so that BatchEncoder exists.
  bool supportsBatching() const;

  /// log2(Q_l / (2 t)): decryption at level l is right while the noise stays below it.
  double log2NoiseLimit(std::size_t level) const;

  /// What scaling between R_t and R_Q takes at one level.
  struct Scaling;
  const Scaling& scaling(std::size_t level) const;
  /// What one multiplication takes at one level: the auxiliary basis B and the converters between
  /// Q and B. Built at first use.
  struct Multiplication;
  const Multiplication& multiplication(std::size_t level) const;
  /// What one product over Q R takes at one level, R the shortest of a growing list of moduli that
  /// `suits` says yes to, given log2(Q / R), or the longest. Built at first use.
  struct Product;
  const Product& product(std::size_t level,
                         const std::function<bool(double log2_shrink)>& suits) const;

 private:
  Context(rlwe::ContextPtr rlwe, std::uint64_t t);
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

using ContextPtr = std::shared_ptr<const Context>;

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_CONTEXT_H_
