#ifndef VEILSUM_CKKS_CIPHERTEXT_H_
#define VEILSUM_CKKS_CIPHERTEXT_H_

#include <cstddef>
#include <utility>

#include "rlwe/ciphertext.h"

namespace veilsum::ckks {

/// A polynomial that may hold a secret: its words are wiped when it goes. Move-only.
template <class Form>
class WipedPoly {
 public:
  explicit WipedPoly(ring::Poly<Form>&& poly) : poly_(std::move(poly)) {}
  WipedPoly(WipedPoly&&) noexcept = default;
  WipedPoly& operator=(WipedPoly&&) noexcept = default;
  ~WipedPoly() { wipe(poly_.words().data(), poly_.words().size_bytes()); }

  ring::Poly<Form>& operator*() { return poly_; }
  const ring::Poly<Form>& operator*() const { return poly_; }
  ring::Poly<Form>* operator->() { return &poly_; }
  const ring::Poly<Form>* operator->() const { return &poly_; }

 private:
  ring::Poly<Form> poly_;
};

/// An encoded message of CKKS (Cheon, Kim, Kim, Song, ePrint 2016/421): an integer polynomial p
/// with
///     |p(zeta^(3^i)) - scale * slot_i| <= noise   and   |slot_i| <= message
/// for every slot i, zeta = e^(i pi / n). `scale`, `noise` (the rounding of the encoding, in the
/// canonical embedding, units of the ring) and `message` are public, whatever the slots are.
/// Move-only; wiped when it goes.
struct Plaintext {
  rlwe::ContextPtr context;
  WipedPoly<ring::Eval> poly;
  double scale;
  double noise;
  double message;

  std::size_t level() const { return poly->size() - 1; }
  /// A bound on the canonical norm of the polynomial: max_j |p(zeta^j)|.
  double norm() const { return scale * message + noise; }
  Plaintext copy() const {
    return {context, WipedPoly<ring::Eval>(poly->copy()), scale, noise, message};
  }
};

/// A ciphertext whose phase sum c_i s^i is such a polynomial: at every slot it is
/// scale * slot_i + e_i with |slot_i| <= message and |e_i| <= noise, so a decrypted slot is off by
/// at most noise / scale. The three are public doubles; every operation updates them without the
/// key. `noise` is a high-probability bound (rlwe/noise.h). Move-only; copy() copies.
struct Ciphertext {
  rlwe::Ciphertext<ring::Eval> body;
  double scale;
  double noise;
  double message;

  const rlwe::ContextPtr& context() const { return body.context; }
  std::size_t level() const { return body.level(); }
  std::size_t degree() const { return body.degree(); }
  /// A bound on the canonical norm of the phase, and so on its coefficients.
  double norm() const { return scale * message + noise; }
  /// A bound on the error of a decrypted slot, without the rounding of doubles.
  double error() const { return noise / scale; }
  Ciphertext copy() const { return {body.copy(), scale, noise, message}; }
};

/// Bits between the norm of the phase and Q_level / 2, where decryption would wrap around. Public:
/// it takes no key. Zero or more for every ciphertext that this library made.
double capacityBits(const Ciphertext& c);

/// A ciphertext from elsewhere, its scale and bounds as stated by the caller. Code::kCorrupt where
/// the shape is wrong, c_1 = 0 (transparent), or scale and bounds are not finite and positive
/// (bounds may be 0); Code::kNoiseBudget where the norm reaches Q_level / 2.
Ciphertext adopt(rlwe::Ciphertext<ring::Eval>&& body, double scale, double noise, double message);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_CIPHERTEXT_H_
