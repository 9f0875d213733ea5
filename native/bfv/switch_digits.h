#ifndef VEILSUM_BFV_SWITCH_DIGITS_H_
#define VEILSUM_BFV_SWITCH_DIGITS_H_

#include <type_traits>
#include <utility>

#include "ring/base_convert.h"
#include "rlwe/key_switch.h"

namespace veilsum::bfv {

/// round(x / P). For coefficients the division is done in that form, so that the special primes'
/// residues are never transformed again; in Eval form only those are.
template <class Form>
ring::Poly<Form> dividedByP(const rlwe::Context& context, ring::Poly<ring::Eval>&& x) {
  if constexpr (std::is_same_v<Form, ring::Eval>) {
    return rlwe::modDown(context, std::move(x));
  } else {
    return ring::divideAndRound(toCoeff(std::move(x)), context.basisP()->size());
  }
}

/// round((<d, b>, <d, a>) / P).
template <class Form>
std::pair<ring::Poly<Form>, ring::Poly<Form>> switchDigits(const rlwe::Context& context,
                                                           const rlwe::Decomposition& digits,
                                                           const rlwe::KeySwitchKey& key) {
  auto [k0, k1] = rlwe::innerProduct(digits, key);
  ring::Poly<Form> first = dividedByP<Form>(context, std::move(k0));
  return {std::move(first), dividedByP<Form>(context, std::move(k1))};
}

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_SWITCH_DIGITS_H_
