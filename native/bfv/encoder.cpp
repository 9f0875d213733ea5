#include "bfv/encoder.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/secrecy.h"

namespace veilsum::bfv {

namespace {

[[noreturn]] void refuse(const std::string& value, std::size_t slot, const std::string& range) {
  throw Error(Code::kOutOfRange, "the value " + value + " at position " + std::to_string(slot) +
                                     " is outside " + range + "; take a larger plaintext modulus");
}

void requireCount(std::size_t count, std::size_t n) {
  if (count <= n) return;
  throw Error(Code::kOutOfRange, std::to_string(count) + " values do not fit the " +
                                     std::to_string(n) + " slots of a plaintext");
}

// Residues modulo t of values, checked, and 0 for those that are not given; whether all are in
// range is found without a branch on any.
void residuesOf(std::span<const std::uint64_t> values, std::uint64_t t,
                std::span<std::uint64_t> out) {
  requireCount(values.size(), out.size());
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    outside |= static_cast<std::uint64_t>(values[i] >= t);
    out[i] = values[i];
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(values.size()), out.end(), 0);
  // Whether a value is refused is public, and then which one.
  for (std::size_t i = 0; declassified(outside != 0) && i < values.size(); ++i) {
    if (values[i] >= t) {
      refuse(std::to_string(values[i]), i, "[0, " + std::to_string(t) + ")");
    }
  }
}

// The same of signed values.
void residuesOf(std::span<const std::int64_t> values, std::uint64_t t,
                std::span<std::uint64_t> out) {
  requireCount(values.size(), out.size());
  const Interval range = signedRange(t);
  const std::size_t outside = reduce(values, range, t, out);
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(values.size()), out.end(), 0);
  if (outside < values.size()) {
    refuse(std::to_string(values[outside]), outside,
           "[" + std::to_string(range.least) + ", " + std::to_string(range.greatest) + "]");
  }
}

std::int64_t centred(std::uint64_t x, std::uint64_t t) {
  // 2 x >= t: the borrow of t - 1 - 2 x.
  const std::uint64_t upper = 0 - ((t - 1 - 2 * x) >> 63);
  return static_cast<std::int64_t>(x - (t & upper));
}

// The caller writes all of it.
Plaintext unsetPlaintext(const ContextPtr& context) {
  return {context, Buffer<std::uint64_t, true>(context->n(), unset)};
}

void requireOut(const Plaintext& plaintext, const ContextPtr& context, std::size_t count) {
  require(plaintext.context->t() == context->t() && plaintext.context->n() == context->n(),
          Code::kParameterMismatch, "the plaintext belongs to other parameters than the encoder");
  requireCount(count, context->n());
}

}  // namespace

Interval signedRange(std::uint64_t t) {
  return {-static_cast<std::int64_t>(t / 2), static_cast<std::int64_t>((t - 1) / 2)};
}

std::size_t reduce(std::span<const std::int64_t> values, Interval range, std::uint64_t t,
                   std::span<std::uint64_t> out) noexcept {
  const auto least = static_cast<std::uint64_t>(range.least);
  const auto greatest = static_cast<std::uint64_t>(range.greatest);
  // Modulo 2^64, v - least or greatest - v has its highest bit set where v is outside, and neither
  // has where it is inside: the range is shorter than 2^63.
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto v = static_cast<std::uint64_t>(values[i]);
    outside |= (v - least) | (greatest - v);
    out[i] = v + (t & static_cast<std::uint64_t>(values[i] >> 63));
  }
  // Whether a value is refused is public, and then which one.
  if (declassified(outside >> 63 == 0)) return values.size();
  std::size_t first = 0;
  while (values[first] >= range.least && values[first] <= range.greatest) ++first;
  return first;
}

void centre(std::span<const std::uint64_t> residues, std::uint64_t t,
            std::span<std::int64_t> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = centred(residues[i], t);
}

BatchEncoder::BatchEncoder(ContextPtr context) : context_(std::move(context)) {
  const std::size_t n = context_->n();
  if (!context_->supportsBatching()) {
    throw Error(Code::kUnsupported, "batching needs a prime plaintext modulus = 1 mod " +
                                        std::to_string(2 * n) + ", and this one is " +
                                        std::to_string(context_->t()));
  }
  ntt_ = arith::Ntt::get(n, context_->t());
  position_.resize(n);
  // The transform holds m(psi^(2 rev(i) + 1)) at i: exponent e stands at rev((e - 1) / 2).
  const int bits = std::countr_zero(n);
  const auto at = [bits](std::size_t exponent) {
    std::uint32_t reversed = 0;
    for (int b = 0; b < bits; ++b) reversed |= (((exponent - 1) / 2 >> b) & 1) << (bits - 1 - b);
    return reversed;
  };
  std::size_t exponent = 1;
  for (std::size_t column = 0; column < n / 2; ++column, exponent = exponent * 3 % (2 * n)) {
    position_[column] = at(exponent);
    position_[n / 2 + column] = at(2 * n - exponent);
  }
}

Plaintext BatchEncoder::encode(Residues&& reduced) const {
  const Residues slots = std::move(reduced);
  require(slots.size() == context_->n(), Code::kUsage, "a plaintext has n slots");
  Plaintext result = unsetPlaintext(context_);
  for (std::size_t i = 0; i < slots.size(); ++i) result.coefficients[position_[i]] = slots[i];
  ntt_->inverse(result.coefficients.data());
  return result;
}

Plaintext BatchEncoder::encode(std::span<const std::uint64_t> values) const {
  Residues slots(context_->n(), unset);
  residuesOf(values, context_->t(), slots);
  return encode(std::move(slots));
}

Plaintext BatchEncoder::encodeSigned(std::span<const std::int64_t> values) const {
  Residues slots(context_->n(), unset);
  residuesOf(values, context_->t(), slots);
  return encode(std::move(slots));
}

Residues BatchEncoder::evaluate(const Plaintext& plaintext) const {
  requireOut(plaintext, context_, 0);
  Residues result = plaintext.coefficients.copy();
  ntt_->forward(result.data());
  return result;
}

void BatchEncoder::signedSlots(std::span<const std::uint64_t> evaluated,
                               std::span<std::int64_t> out) const noexcept {
  const std::uint64_t t = context_->t();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = centred(evaluated[position_[i]], t);
}

void BatchEncoder::decode(const Plaintext& plaintext, std::span<std::uint64_t> out) const {
  requireOut(plaintext, context_, out.size());
  const auto evaluated = evaluate(plaintext);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = evaluated[position_[i]];
}

void BatchEncoder::decodeSigned(const Plaintext& plaintext, std::span<std::int64_t> out) const {
  requireOut(plaintext, context_, out.size());
  signedSlots(evaluate(plaintext), out);
}

CoefficientEncoder::CoefficientEncoder(ContextPtr context) : context_(std::move(context)) {}

Plaintext CoefficientEncoder::encode(Residues&& coefficients) const {
  require(coefficients.size() == context_->n(), Code::kUsage, "a plaintext has n coefficients");
  return {context_, std::move(coefficients)};
}

Plaintext CoefficientEncoder::encode(std::span<const std::uint64_t> values) const {
  Plaintext result = unsetPlaintext(context_);
  residuesOf(values, context_->t(), result.coefficients);
  return result;
}

Plaintext CoefficientEncoder::encodeSigned(std::span<const std::int64_t> values) const {
  Plaintext result = unsetPlaintext(context_);
  residuesOf(values, context_->t(), result.coefficients);
  return result;
}

void CoefficientEncoder::decode(const Plaintext& plaintext, std::span<std::uint64_t> out) const {
  requireOut(plaintext, context_, out.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = plaintext.coefficients[i];
}

void CoefficientEncoder::decodeSigned(const Plaintext& plaintext,
                                      std::span<std::int64_t> out) const {
  requireOut(plaintext, context_, out.size());
  centre(plaintext.coefficients, context_->t(), out);
}

}  // namespace veilsum::bfv
