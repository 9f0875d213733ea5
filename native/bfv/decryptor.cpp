#include "bfv/decryptor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "arith/crt.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/tables.h"
#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

// round(t x / Q) mod t: the sum over i of t y_i / q_i, y_i = [x (Q / q_i)^-1]_{q_i}, integer parts
// modulo t and fractions in 64-bit fixed point (Halevi, Polyakov, Shoup, ePrint 2018/117, section
// 2.3). Each fraction is short by less than 2^-63.
void scaleToPlain(const Context& context, const ring::Poly<ring::Coeff>& x,
                  std::span<std::uint64_t> out) {
  const Context::Scaling& scaling = context.scaling(x.size() - 1);
  const arith::Modulus& t = context.plainModulus();
  Buffer<std::uint64_t, true> fraction(x.n());
  std::fill(fraction.begin(), fraction.end(), std::uint64_t{1} << 63);  // round, not floor
  std::fill(out.begin(), out.end(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Context::Scaling::Residue& r = scaling.residues[i];
    const std::uint64_t* row = x.residue(i);
    for (std::size_t k = 0; k < x.n(); ++k) {
      const std::uint64_t y = r.q.divisor().mul(row[k], r.punctured_inverse);
      const auto [whole, remainder] = r.q.divide(arith::u128{y} * t.value());
      const auto part =
          static_cast<std::uint64_t>((arith::u128{remainder} * r.reciprocal) >> r.shift);
      fraction[k] += part;
      const auto carry = static_cast<std::uint64_t>(fraction[k] < part);
      out[k] = t.add(out[k], t.reduce(whole + carry));
    }
  }
}

}  // namespace

Plaintext decrypt(const Ciphertext& c, const rlwe::SecretKey& secret) {
  requireKeyOf(c.context, secret.context());
  requireBudget(*c.context, c.level(), 0, c.log2_noise, "decryption");
  return decryptPhase(c.context, rlwe::phase(c.body, secret));
}

Plaintext decryptPhase(const ContextPtr& context, ring::Poly<ring::Coeff>&& phase) {
  Plaintext result{context, Buffer<std::uint64_t, true>(context->n())};
  scaleToPlain(*context, phase, result.coefficients);
  wipe(phase.words().data(), phase.words().size_bytes());
  return result;
}

double log2MeasuredNoise(const Ciphertext& c, const rlwe::SecretKey& secret) {
  requireKeyOf(c.context, secret.context());
  // t phase = Q m + t w modulo Q t, so t w is t phase modulo Q, centred.
  ring::Poly<ring::Coeff> x = rlwe::phase(c.body, secret);
  ring::scale(x, c.context->scaling(c.level()).t_mod_q);
  std::vector<arith::Modulus> moduli;
  for (std::size_t i = 0; i < x.size(); ++i) moduli.push_back(x.basis().modulus(i));
  const arith::Crt crt(moduli);

  const double log2_t = std::log2(static_cast<double>(c.context->t()));
  const int shift = std::max(0, static_cast<int>(c.log2_noise + log2_t) - 400);
  std::vector<std::uint64_t> residues(x.size()), value(crt.words());
  std::vector<double> noise(x.n());
  for (std::size_t k = 0; k < x.n(); ++k) {
    for (std::size_t i = 0; i < x.size(); ++i) residues[i] = x.residue(i)[k];
    crt.compose(residues, value);
    noise[k] = crt.toCentredDouble(value, shift);
  }
  wipe(x.words().data(), x.words().size_bytes());
  return std::log2(rlwe::canonicalNorm(noise)) + shift - log2_t;
}

}  // namespace veilsum::bfv
