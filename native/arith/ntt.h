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
/// [0, q). Immutable; safe to share between threads. All paths of the kernel table agree bit for
/// bit.
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

  /// In place, n words, 64-byte aligned.
  void forward(std::uint64_t* a) const;
  void inverse(std::uint64_t* a) const;

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
