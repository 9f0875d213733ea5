#ifndef VEILSUM_BFV_OPERANDS_H_
#define VEILSUM_BFV_OPERANDS_H_

// Checks on operands, and bringing them to one level; used inside this layer only.

#include <optional>

#include "bfv/evaluator.h"
#include "rlwe/keys.h"

namespace veilsum::bfv {

/// Code::kParameterMismatch unless both are the same instance or have equal numbers.
void requireSameContext(const ContextPtr& a, const ContextPtr& b);
void requireKeyOf(const ContextPtr& context, const rlwe::ContextPtr& key);
/// Code::kUsage unless a ciphertext has this degree.
void requireDegree(std::size_t has, std::size_t degree, const char* operation);
template <class Form>
void requireDegree(const CiphertextIn<Form>& a, std::size_t degree, const char* operation) {
  requireDegree(a.degree(), degree, operation);
}
/// Code::kDepth where the context has no such level.
void requireLevel(const ContextPtr& context, std::size_t level);
/// Code::kUsage for empty lists or lists of different lengths.
void requireLists(std::size_t a, std::size_t b, const char* operation);

/// The lowest level of a list of ciphertexts of one context.
std::size_t commonLevel(CiphertextRefs operands);
std::size_t commonLevel(EvalCiphertextRefs operands);

/// A ciphertext as seen at a level at most its own: itself, or switched down.
template <class Form>
class AtLevel {
 public:
  AtLevel(const CiphertextIn<Form>& c, std::size_t level) : original_(c) {
    if (c.level() != level) switched_ = modSwitchTo(c, level);
  }
  AtLevel(const AtLevel&) = delete;
  const CiphertextIn<Form>& operator*() const { return switched_ ? *switched_ : original_; }
  const CiphertextIn<Form>* operator->() const { return &**this; }

 private:
  const CiphertextIn<Form>& original_;
  std::optional<CiphertextIn<Form>> switched_;
};

/// poly += sign * floor((Q m + floor((t + 1) / 2)) / t), m given by `coefficients` (n or fewer).
void addScaled(const Context& context, ring::Poly<ring::Coeff>& poly,
               std::span<const std::uint64_t> coefficients, bool subtract);
/// The same in Eval form; a single coefficient, a constant, needs no transform.
void addScaled(const Context& context, ring::Poly<ring::Eval>& poly,
               std::span<const std::uint64_t> coefficients, bool subtract);

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_OPERANDS_H_
