#include "ckks/encoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "base/secrecy.h"
#include "ckks/constant.h"
#include "ckks/decode.h"
#include "ckks/embedding.h"
#include "ckks/noise.h"
#include "ckks/rounding.h"
#include "kernel/fft.h"

namespace veilsum::ckks {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

namespace {

constexpr double kMaxScale = 0x1p120;
constexpr double kMaxMagnitude = 0x1p500;  // squares stay doubles
constexpr double kBoundSlack = 0x1p-50;    // of |value|^2 over bound^2, for roundings of |value|

void requireEncodable(const rlwe::Context& context, const Encoding& encoding) {
  require(encoding.level <= context.maxLevel(), Code::kUsage,
          "encoding at a level above the chain's highest");
  require(encoding.scale > 0 && encoding.scale <= kMaxScale && std::isnormal(encoding.scale),
          Code::kOutOfRange, "a scale must lie in (0, 2^120]");
  if (!encoding.bound) return;
  require(
      std::isfinite(*encoding.bound) && *encoding.bound >= 0 && *encoding.bound <= kMaxMagnitude,
      Code::kOutOfRange, "the declared bound of the values must be a number in [0, 2^500]");
}

[[noreturn]] void refuseValue(std::size_t index, const Encoding& encoding) {
  throw Error(Code::kOutOfRange,
              "value " + std::to_string(index) +
                  (encoding.bound ? " is not a number, or is above the declared bound of " +
                                        std::to_string(*encoding.bound)
                                  : std::string(" is not a finite number below 2^500")));
}

// The public bound on the magnitudes: the declared one, after checking it, or the largest. One
// pass without a branch on a value; where some must be refused, a second one names the first.
double magnitudeBound(std::span<const std::complex<double>> values, const Encoding& encoding) {
  const double bound = encoding.bound.value_or(kMaxMagnitude);
  const double limit = bound * bound * (1 + kBoundSlack);
  bool refused = false;
  const double largest = kernel::fft().largestSquare(values.data(), values.size(), limit, refused);
  // Whether a value is refused is public, and then which one.
  for (std::size_t i = 0; declassified(refused) && i < values.size(); ++i) {
    const auto& v = values[i];
    if (!(v.real() * v.real() + v.imag() * v.imag() <= limit)) refuseValue(i, encoding);
  }
  // Without a declared bound the largest value is made public (Encoding::bound).
  return encoding.bound ? bound : std::sqrt(declassified(largest));
}

Plaintext finish(const rlwe::ContextPtr& context, Poly<Eval>&& poly, const Encoding& encoding,
                 double noise, double message) {
  return {context, WipedPoly<Eval>(std::move(poly)), encoding.scale, noise, message};
}

// Code::kOutOfRange where scale * message + noise reaches Q_level / 2.
void requireFits(const rlwe::Context& context, const Encoding& encoding, double noise,
                 double message) {
  const double bits = std::log2(encoding.scale * message + noise);
  const double limit = log2Limit(context, encoding.level);
  if (bits < limit) return;
  throw Error(Code::kOutOfRange,
              "encoding: scale times the largest magnitude has " + std::to_string(bits) +
                  " bits, and level " + std::to_string(encoding.level) + " holds " +
                  std::to_string(limit) + "; use a smaller scale or a higher level");
}

}  // namespace

Encoder::Encoder(rlwe::ContextPtr context)
    : context_(std::move(context)), embedding_(Embedding::get(context_->n())) {}

std::size_t Encoder::slotsOf(std::size_t count, std::size_t slots) const {
  if (slots == 0) slots = this->slots();
  require(std::has_single_bit(slots) && slots <= this->slots(), Code::kUsage,
          "the number of slots must be a power of two up to n/2");
  require(count <= slots, Code::kUsage, "more values than slots");
  return slots;
}

Slots Encoder::slotsFor(std::size_t count, std::size_t slots) const {
  return Slots(slotsOf(count, slots));
}

namespace {

// What Encoder::slotsFor gave for this encoding.
void requireSlotsOf(const Slots& slots, const Encoding& encoding, std::size_t all) {
  require(slots.size() == (encoding.slots == 0 ? all : encoding.slots), Code::kUsage,
          "the slots were made for an encoding with another number of them");
}

}  // namespace

Plaintext Encoder::encode(Slots&& filled, const Encoding& encoding) const {
  const Slots values = std::move(filled);
  requireSlotsOf(values, encoding, slots());
  return encodeAll(values, encoding);
}

ExtendedPlaintext Encoder::encodeExtended(Slots&& filled, const Encoding& encoding) const {
  const Slots values = std::move(filled);
  requireSlotsOf(values, encoding, slots());
  requireEncodable(*context_, encoding);
  Plaintext encoded = encodeOver(context_->basisQP(encoding.level), values, encoding);
  return {std::move(encoded.poly), encoded.scale, encoded.noise, encoded.message};
}

// All slots of an encoding.
Plaintext Encoder::encodeAll(std::span<const std::complex<double>> values,
                             const Encoding& encoding) const {
  requireEncodable(*context_, encoding);
  return encodeOver(context_->basisQ(encoding.level), values, encoding);
}

Plaintext Encoder::encodeOver(const ring::BasisPtr& basis,
                              std::span<const std::complex<double>> values,
                              const Encoding& encoding) const {
  const std::size_t slots = values.size();
  // One complex slot is no polynomial of X^(n/2): slots i and i + 1 would be conjugates.
  if (slots == 1) return constantOver(basis, values[0], encoding);

  const double message = magnitudeBound(values, encoding);
  const double norm = encoding.scale * message;
  const double noise = coefficientRoundingNoise(2 * slots) + transformNoise(slots, norm);
  requireFits(*context_, encoding, noise, message);

  Rounding rounding(basis, 2 * slots, bitsOf(norm + noise));
  embedding_->toCoefficients(values, rounding.halves());
  return finish(context_, std::move(rounding).finish(encoding.scale / static_cast<double>(slots)),
                encoding, noise, message);
}

namespace {

// The first slots are these values, the others 0.
template <class T>
Slots filled(std::span<const T> values, std::size_t slots) {
  Slots result(slots, unset);
  std::fill(std::copy(values.begin(), values.end(), result.begin()), result.end(), 0.0);
  return result;
}

}  // namespace

Plaintext Encoder::encode(std::span<const std::complex<double>> values,
                          const Encoding& encoding) const {
  const std::size_t slots = slotsOf(values.size(), encoding.slots);
  if (values.size() == slots) return encodeAll(values, encoding);
  return encodeAll(filled(values, slots), encoding);
}

Plaintext Encoder::encode(std::span<const double> values, const Encoding& encoding) const {
  return encodeAll(filled(values, slotsOf(values.size(), encoding.slots)), encoding);
}

Plaintext Encoder::encodeConstant(std::complex<double> value, const Encoding& encoding) const {
  requireEncodable(*context_, encoding);
  return constantOver(context_->basisQ(encoding.level), value, encoding);
}

Plaintext Encoder::constantOver(const ring::BasisPtr& basis, std::complex<double> value,
                                const Encoding& encoding) const {
  const double message = magnitudeBound({&value, 1}, encoding);
  const Constant constant = encoding.bound ? Constant::ofSecret(value, encoding.scale, message)
                                           : Constant::ofPublic(value, encoding.scale);
  requireFits(*context_, encoding, constant.noise, constant.magnitude);
  Poly<Eval> poly(basis, unset);
  for (std::size_t i = 0; i < poly.size(); ++i) {
    const ConstantRow row = constantRow(constant, poly.basis().ntt(i));
    const std::size_t quarter = poly.n() / 4;
    for (std::size_t part = 0; part < 4; ++part) {
      std::fill_n(poly.residue(i) + part * quarter, quarter, part % 2 == 0 ? row.even : row.odd);
    }
  }
  return finish(context_, std::move(poly), encoding, constant.noise, constant.magnitude);
}

double Encoder::decode(const Plaintext& plaintext, std::span<std::complex<double>> out) const {
  plaintext.context->requireSame(*context_);
  const std::size_t residues = residuesFor(*context_, plaintext.norm());
  WipedPoly<Coeff> poly(toCoeff(plaintext.poly->prefix(std::min(residues, plaintext.level() + 1))));
  return decodePhase(*poly, plaintext.scale, plaintext.noise, plaintext.message, out);
}

}  // namespace veilsum::ckks
