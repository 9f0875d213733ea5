#ifndef VEILSUM_BINDINGS_BFV_OBJECTS_H_
#define VEILSUM_BINDINGS_BFV_OBJECTS_H_

#include <memory>
#include <mutex>
#include <optional>

#include "bfv/encoder.h"
#include "bfv/evaluator.h"
#include "bindings/held.h"

namespace veilsum::bindings {

/// BFV over an RLWE context, with both encodings.
struct BfvContext {
  bfv::ContextPtr context;
  bfv::CoefficientEncoder coefficients;
  std::optional<bfv::BatchEncoder> batch;

  const bfv::BatchEncoder& slots() const {
    require(batch.has_value(), Code::kUnsupported,
            "this plain modulus is not a prime = 1 mod 2N, so there are no slots: use the "
            "coefficient encoding");
    return *batch;
  }
};

/// A plaintext, and its form for products, made at the first product at the highest level so that
/// it serves at all.
struct BfvPlaintext {
  bfv::Plaintext plaintext;
  struct Prepared {
    std::once_flag once;
    std::optional<bfv::EvalPlaintext> value;
  };
  std::unique_ptr<Prepared> prepared = std::make_unique<Prepared>();

  const bfv::EvalPlaintext& forProducts() const {
    std::call_once(prepared->once, [&] {
      prepared->value = bfv::prepare(plaintext, plaintext.context->maxLevel());
    });
    return *prepared->value;
  }
};

/// Values between Java's arrays and plaintexts. On their way in: n residues modulo t in their
/// order, with the range that the values were declared to keep, and which of them did not. On their
/// way out: the slots in the order of the transform, or the coefficients.
struct BfvValues {
  bfv::Residues residues;
  bfv::Interval range{0, 0};
  std::size_t outside = kNone;
  bool transformed = false;

  static constexpr std::size_t kNone = ~std::size_t{0};
};

/// The first `count` slots or coefficients are asked for; Code::kOutOfRange where there are fewer.
BfvValues decryptedSlots(const BfvContext& context, const bfv::Plaintext& plaintext, int count);
BfvValues decryptedCoefficients(const BfvContext& context, bfv::Plaintext&& plaintext, int count);

template <>
std::uint64_t memoryBytes(const BfvContext& context);
template <>
std::uint64_t memoryBytes(const BfvValues& values);
template <>
std::uint64_t memoryBytes(const BfvPlaintext& plaintext);
template <>
std::uint64_t memoryBytes(const bfv::Ciphertext& c);

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_BFV_OBJECTS_H_
