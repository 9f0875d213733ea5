#include "bfv/encoder.h"

#include <bit>
#include <string>

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

// Residues modulo t of values, checked; whether all are in range is found without a branch on any.
void residuesOf(std::span<const std::uint64_t> values, std::uint64_t t,
                std::span<std::uint64_t> out) {
  requireCount(values.size(), out.size());
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    outside |= static_cast<std::uint64_t>(values[i] >= t);
    out[i] = values[i];
  }
  for (std::size_t i = 0; outside && i < values.size(); ++i) {
    if (values[i] >= t) {
      refuse(std::to_string(values[i]), i, "[0, " + std::to_string(t) + ")");
    }
  }
}

void residuesOf(std::span<const std::int64_t> values, std::uint64_t t,
                std::span<std::uint64_t> out) {
  requireCount(values.size(), out.size());
  const auto least = -static_cast<std::int64_t>(t / 2);
  const auto greatest = static_cast<std::int64_t>((t - 1) / 2);
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto negative = static_cast<std::uint64_t>(values[i] >> 63);
    outside |= static_cast<std::uint64_t>(values[i] < least) |
               static_cast<std::uint64_t>(values[i] > greatest);
    out[i] = static_cast<std::uint64_t>(values[i]) + (t & negative);
  }
  for (std::size_t i = 0; outside && i < values.size(); ++i) {
    if (values[i] < least || values[i] > greatest) {
      refuse(std::to_string(values[i]), i,
             "[" + std::to_string(least) + ", " + std::to_string(greatest) + "]");
    }
  }
}

std::int64_t centred(std::uint64_t x, std::uint64_t t) {
  // 2 x >= t: the borrow of t - 1 - 2 x.
  const std::uint64_t upper = 0 - ((t - 1 - 2 * x) >> 63);
  return static_cast<std::int64_t>(x - (t & upper));
}

Plaintext emptyPlaintext(const ContextPtr& context) {
  return {context, Buffer<std::uint64_t, true>(context->n())};
}

void requireOut(const Plaintext& plaintext, const ContextPtr& context, std::size_t count) {
  require(plaintext.context->t() == context->t() && plaintext.context->n() == context->n(),
          Code::kParameterMismatch, "the plaintext belongs to other parameters than the encoder");
  requireCount(count, context->n());
}

}  // namespace

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

namespace {

template <class T>
Plaintext batch(std::span<const T> values, const ContextPtr& context, const arith::Ntt& ntt,
                std::span<const std::uint32_t> position) {
  Buffer<std::uint64_t, true> slots(context->n());
  residuesOf(values, context->t(), slots);
  Plaintext result = emptyPlaintext(context);
  for (std::size_t i = 0; i < slots.size(); ++i) result.coefficients[position[i]] = slots[i];
  ntt.inverse(result.coefficients.data());
  return result;
}

Buffer<std::uint64_t, true> values(const Plaintext& plaintext, const arith::Ntt& ntt) {
  Buffer<std::uint64_t, true> result = plaintext.coefficients.copy();
  ntt.forward(result.data());
  return result;
}

}  // namespace

Plaintext BatchEncoder::encode(std::span<const std::uint64_t> values) const {
  return batch(values, context_, *ntt_, position_);
}

Plaintext BatchEncoder::encodeSigned(std::span<const std::int64_t> values) const {
  return batch(values, context_, *ntt_, position_);
}

void BatchEncoder::decode(const Plaintext& plaintext, std::span<std::uint64_t> out) const {
  requireOut(plaintext, context_, out.size());
  const auto evaluated = values(plaintext, *ntt_);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = evaluated[position_[i]];
}

void BatchEncoder::decodeSigned(const Plaintext& plaintext, std::span<std::int64_t> out) const {
  requireOut(plaintext, context_, out.size());
  const auto evaluated = values(plaintext, *ntt_);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = centred(evaluated[position_[i]], context_->t());
  }
}

CoefficientEncoder::CoefficientEncoder(ContextPtr context) : context_(std::move(context)) {}

Plaintext CoefficientEncoder::encode(std::span<const std::uint64_t> values) const {
  Plaintext result = emptyPlaintext(context_);
  residuesOf(values, context_->t(), result.coefficients);
  return result;
}

Plaintext CoefficientEncoder::encodeSigned(std::span<const std::int64_t> values) const {
  Plaintext result = emptyPlaintext(context_);
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
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = centred(plaintext.coefficients[i], context_->t());
  }
}

}  // namespace veilsum::bfv
