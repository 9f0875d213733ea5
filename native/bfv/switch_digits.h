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

/// The same of both results of rlwe::innerProduct.
template <class Form>
std::pair<ring::Poly<Form>, ring::Poly<Form>> dividedByP(
    const rlwe::Context& context, std::pair<ring::Poly<ring::Eval>, ring::Poly<ring::Eval>>&& x) {
  ring::Poly<Form> first = dividedByP<Form>(context, std::move(x.first));
  return {std::move(first), dividedByP<Form>(context, std::move(x.second))};
}

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_SWITCH_DIGITS_H_
