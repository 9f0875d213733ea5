#ifndef VEILSUM_RLWE_KEY_SWITCH_H_
#define VEILSUM_RLWE_KEY_SWITCH_H_

#include <span>
#include <utility>
#include <vector>

#include "rlwe/keys.h"

namespace veilsum::rlwe {

/// Two polynomials (x_0, x_1), in most places those of x_0 + x_1 s.
template <class Form>
using PolyPair = std::pair<ring::Poly<Form>, ring::Poly<Form>>;

/// The digits of a polynomial at some level, each extended to q_0..q_level, p, in Eval form: what
/// all rotations of one ciphertext share (hoisting; Halevi and Shoup, ePrint 2018/244, section 5).
struct Decomposition {
  std::vector<ring::Poly<ring::Eval>> digits;
};

Decomposition decompose(const Context& context, const ring::Poly<ring::Coeff>& c);
/// The same, bit for bit, from Eval form; a digit's own residues need no second transform.
Decomposition decompose(const Context& context, const ring::Poly<ring::Eval>& c);
/// The digits of c(X^g).
Decomposition automorphism(const Decomposition& d, std::uint64_t g);

/// (<d, b>, <d, a>) over q_0..q_level, p.
PolyPair<ring::Eval> innerProduct(const Decomposition& d, const KeySwitchKey& key);
/// Residue i of (P x + <d, b>, <d, a>), of the digits' residues i (lazy ones too) and x's, null
/// where that is zero: rows that lie anywhere, the results none of them.
void innerProductRow(const KeySwitchKey& key, std::size_t level, std::size_t i,
                     std::span<const std::uint64_t* const> digits, const std::uint64_t* x,
                     std::uint64_t* out0, std::uint64_t* out1);
/// sums += (<d, b>, <d, a>), d the digits of c: the sums' first residues are those of q_0..q_level,
/// p (others may follow).
void addInnerProduct(const Context& context, const ring::Poly<ring::Coeff>& c,
                     const KeySwitchKey& key, ring::Poly<ring::Eval>& sum0,
                     ring::Poly<ring::Eval>& sum1);

/// round(x / P) over q_0..q_level. To rescale by dropped chain primes in the same step, pass x to
/// ring::divideAndRound with |p| + (primes to drop) instead: they stand next to p.
ring::Poly<ring::Eval> modDown(const Context& context, ring::Poly<ring::Eval>&& x);

/// decompose, innerProduct, modDown, prime after prime, so that neither digits nor sums over p are
/// ever stored as polynomials: (k_0, k_1) with k_0 + k_1 s = c s' + small. In the form of c, whose
/// bits they do not depend on.
template <class Form>
PolyPair<Form> keySwitch(const Context& context, const ring::Poly<Form>& c,
                         const KeySwitchKey& key);

/// (c_0 + k_0, c_1 + k_1), (k_0, k_1) the key switch of c_2.
template <class Form>
PolyPair<Form> relinearize(const Context& context, const ring::Poly<Form>& c0,
                           const ring::Poly<Form>& c1, const ring::Poly<Form>& c2,
                           const KeySwitchKey& key);

/// round((P c_0 + <d, b>, P c_1 + <d, a>) / (P D)), d the digits of c_2 and D the product of the
/// last `dropped` chain primes (0: none): relinearization and the division by chain primes that
/// follows it (a rescale, a modulus switch) in one rounding.
PolyPair<ring::Eval> relinearizeDivided(const Context& context, const ring::Poly<ring::Eval>& c0,
                                        const ring::Poly<ring::Eval>& c1,
                                        const ring::Poly<ring::Eval>& c2, const KeySwitchKey& key,
                                        std::size_t dropped);

/// (c_0(X^g) + k_0, k_1), (k_0, k_1) the key switch of c_1(X^g).
template <class Form>
PolyPair<Form> switchGalois(const Context& context, const ring::Poly<Form>& c0,
                            const ring::Poly<Form>& c1, std::uint64_t g, const KeySwitchKey& key);
/// The same, bit for bit, from the digits of c_1.
template <class Form>
PolyPair<Form> switchGalois(const ring::Poly<Form>& c0, const Decomposition& c1, std::uint64_t g,
                            const KeySwitchKey& key);

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_KEY_SWITCH_H_
