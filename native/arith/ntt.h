#ifndef VEILSUM_ARITH_NTT_H_
#define VEILSUM_ARITH_NTT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "arith/modulus.h"

namespace veilsum::arith {

/// The negacyclic number-theoretic transform of length n (a power of two, 16 to 131072) modulo a
/// prime q = 1 mod 2n. psi is the smallest primitive 2n-th root of unity; position i of the
/// transform holds a(psi^(2 rev(i) + 1)), rev reversing log2(n) bits. Inputs and outputs are in
/// [0, q) unless a line says otherwise. Immutable; safe to share between threads. All paths of the
/// kernel table agree bit for bit.
class Ntt {
 public:
  /// The transform of (n, q), shared by all who hold it now. Its tables, 4 n words or more, are
  /// made when it first transforms: to name a ring takes no memory in proportion to it.
  static std::shared_ptr<const Ntt> get(std::size_t n, std::uint64_t q);

  virtual ~Ntt() = default;
  Ntt(const Ntt&) = delete;
  Ntt& operator=(const Ntt&) = delete;

  std::size_t n() const { return n_; }
  const Modulus& modulus() const { return modulus_; }
  std::uint64_t psi() const { return psi_; }

  /// Rows are n words, 64-byte aligned; `out` may be `in`.
  void forward(const std::uint64_t* in, std::uint64_t* out) const;
  void inverse(const std::uint64_t* in, std::uint64_t* out) const;
  void forward(std::uint64_t* a) const { forward(a, a); }
  void inverse(std::uint64_t* a) const { inverse(a, a); }

  /// The forward transform of integers below 2^bits in absolute value, bits at most 62, lifted as
  /// they are loaded; `out` may be `in`.
  void forwardIntegers(const std::int64_t* in, int bits, std::uint64_t* out) const;

  /// The inverse times a public factor, which costs nothing beside the transform.
  void inverse(const std::uint64_t* in, std::uint64_t* out, ShoupFactor factor) const;
  /// The forward transform with lazy outputs, for what multiplies them next (the first operands of
  /// kernel::Table::innerProduct): for q of at most 50 bits words of which the low 52 bits are
  /// congruent to the residue modulo q and the others are noise, residues for larger q.
  void forwardLazy(const std::uint64_t* in, std::uint64_t* out) const;
  /// Whether residues modulo an odd `from` can be lifted as they are loaded: below 2 q always, and
  /// on some paths from wider moduli.
  bool lifts(std::uint64_t from) const;
  /// The same of residues modulo another such `from` that stand for the integers in (-from / 2,
  /// from / 2): lifted to q (kernel::Table::liftCentred) as they are loaded.
  void forwardLiftedLazy(const std::uint64_t* in, std::uint64_t from, std::uint64_t* out) const;
  /// The same of signed coefficients |x| < q, lifted as they are loaded.
  void forwardSmallLazy(const std::int8_t* in, std::uint64_t* out) const;
  /// out = (x - forward(in)) * w, in [0, q). `in` is the working space and left undefined; `out`
  /// may be `in` or `x`.
  void forwardSubtractScale(std::uint64_t* in, const std::uint64_t* x, ShoupFactor w,
                            std::uint64_t* out) const;
  /// The same of residues modulo `from`, lifted as above. `in` is left as it is, unless it is
  /// `out`; `out` is not `x`.
  void forwardLiftedSubtractScale(const std::uint64_t* in, std::uint64_t from,
                                  const std::uint64_t* x, ShoupFactor w, std::uint64_t* out) const;

 protected:
  Ntt(std::size_t n, std::uint64_t q);

 private:
  std::size_t n_;
  Modulus modulus_;
  std::uint64_t psi_;
  struct Tables;
  mutable std::once_flag once_;
  mutable std::unique_ptr<const Tables> tables_;
  const Tables& tables() const;
};

}  // namespace veilsum::arith

#endif  // VEILSUM_ARITH_NTT_H_
