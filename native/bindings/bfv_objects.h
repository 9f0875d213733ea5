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

template <>
std::uint64_t memoryBytes(const BfvContext& context);
template <>
std::uint64_t memoryBytes(const BfvPlaintext& plaintext);
template <>
std::uint64_t memoryBytes(const bfv::Ciphertext& c);

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_BFV_OBJECTS_H_
