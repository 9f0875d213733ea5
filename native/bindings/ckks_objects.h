#ifndef VEILSUM_BINDINGS_CKKS_OBJECTS_H_
#define VEILSUM_BINDINGS_CKKS_OBJECTS_H_

#include "bindings/held.h"
#include "ckks/encoder.h"
#include "ckks/linear_transform.h"

namespace veilsum::bindings {

/// CKKS over an RLWE context.
struct CkksContext {
  rlwe::ContextPtr context;
  ckks::Encoder encoder;
};

/// Slots between Java's arrays and the core, and after decryption the bound on their error.
struct CkksSlots {
  ckks::Slots slots;
  double error = 0;
};

/// The diagonals of a matrix on their way into a linear transform.
struct CkksDiagonals {
  ckks::LinearTransform::Diagonals values;
};

template <>
std::uint64_t memoryBytes(const CkksContext& context);
template <>
std::uint64_t memoryBytes(const CkksSlots& slots);
template <>
std::uint64_t memoryBytes(const ckks::Plaintext& plaintext);
template <>
std::uint64_t memoryBytes(const ckks::Ciphertext& c);
template <>
std::uint64_t memoryBytes(const CkksDiagonals& diagonals);
template <>
std::uint64_t memoryBytes(const ckks::LinearTransform& transform);

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_CKKS_OBJECTS_H_
