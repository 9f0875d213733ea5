#ifndef VEILSUM_GRADIENT_CODEC_H_
#define VEILSUM_GRADIENT_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ring/poly.h"
#include "rlwe/context.h"

namespace veilsum::gradient {

/// How numbers stand in a coefficient: `per_coefficient` digits of `digit_bits` bits, of which a
/// client's number takes the lowest `bits`; the bits above are headroom for the sum over clients.
struct Layout {
  int bits;             ///< b, 2 to 32
  int digit_bits;       ///< s, b to 62
  int per_coefficient;  ///< m, with m s <= 256
};

/// Vectors of numbers as messages modulo t = 2^(m s) that add up exactly. A chunk of m n numbers
/// v_0, v_1, ... is the polynomial M with coefficients M_i = sum_j v_(j n + i) 2^(j s). Messages
/// stand in the low part of what is encrypted, and errors are multiples of t, as in BGV (Brakerski,
/// Gentry, Vaikuntanathan, ePrint 2011/277, section 3): c_0 + c_1 s = M + t e modulo Q. A sum of
/// ciphertexts decodes while |e| <= Q / (2 t) - 1. Immutable.
class Codec {
 public:
  /// The context has no special primes, and its chain ascends. Code::kParameterMismatch otherwise,
  /// and where the layout is out of range or leaves no room for an error.
  static std::shared_ptr<const Codec> create(rlwe::ContextPtr context, Layout layout);

  const rlwe::ContextPtr& context() const { return context_; }
  const ring::BasisPtr& basis() const { return context_->basisQ(context_->maxLevel()); }
  const Layout& layout() const { return layout_; }
  std::size_t n() const { return context_->n(); }
  /// Numbers of one chunk: m n.
  std::size_t chunkNumbers() const {
    return n() * static_cast<std::size_t>(layout_.per_coefficient);
  }
  /// Bytes of one packed polynomial (wire/packed.h).
  std::size_t polynomialBytes() const { return polynomial_bytes_; }
  /// t modulo prime i: what errors are multiplied by.
  std::uint64_t errorFactor(std::size_t i) const { return scalars_[i].back(); }

  /// out = M + t e modulo prime i: `numbers` are chunkNumbers() words of `bits` bits, `error` n
  /// residues modulo prime i. Constant time.
  void encodeRow(std::size_t i, std::span<const std::uint64_t> numbers,
                 std::span<const std::uint64_t> error, std::span<std::uint64_t> out) const;

  /// The digits of M = (x modulo t), where x = M + t e in centred form: chunkNumbers() words, each
  /// of digit_bits bits. x is used up. Constant time.
  void decode(ring::Poly<ring::Coeff>& x, std::span<std::uint64_t> digits) const;

 private:
  Codec(rlwe::ContextPtr context, Layout layout);
  template <std::size_t kWords>
  void digitsOf(const ring::Poly<ring::Coeff>& mixed, std::span<std::uint64_t> digits) const;

  rlwe::ContextPtr context_;
  Layout layout_;
  std::size_t polynomial_bytes_ = 0;
  // Of prime i: 2^(j s) for each digit j, then t.
  std::vector<std::vector<std::uint64_t>> scalars_;
  // t floor(Q / (2 t)), which centres what is decoded, modulo prime i.
  std::vector<std::uint64_t> centre_;
  // q_j^-1 modulo q_i, j < i.
  std::vector<std::vector<std::uint64_t>> inverses_;
  // q_0 ... q_(i-1) modulo 2^256, four words each.
  std::vector<std::vector<std::uint64_t>> products_;
};

}  // namespace veilsum::gradient

#endif  // VEILSUM_GRADIENT_CODEC_H_
