#ifndef VEILSUM_BFV_SWITCH_DIGITS_H_
#define VEILSUM_BFV_SWITCH_DIGITS_H_

#include <utility>

#include "ring/base_convert.h"
#include "rlwe/key_switch.h"

namespace veilsum::bfv {

/// round((<d, b>, <d, a>) / P) in coefficient form: the division is done there, so that the special
/// primes' residues are never transformed again.
inline std::pair<ring::Poly<ring::Coeff>, ring::Poly<ring::Coeff>> switchDigits(
    const rlwe::Context& context, const rlwe::Decomposition& digits,
    const rlwe::KeySwitchKey& key) {
  auto [k0, k1] = rlwe::innerProduct(digits, key);
  const std::size_t special = context.basisP()->size();
  return {ring::divideAndRound(toCoeff(std::move(k0)), special),
          ring::divideAndRound(toCoeff(std::move(k1)), special)};
}

}  // namespace veilsum::bfv

#endif  // VEILSUM_BFV_SWITCH_DIGITS_H_
