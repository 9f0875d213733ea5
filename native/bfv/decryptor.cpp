#include "bfv/decryptor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "arith/crt.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bfv/tables.h"
#include "kernel/table.h"
#include "ring/crt_digits.h"
#include "rlwe/noise.h"

namespace veilsum::bfv {

namespace {

// round(t x / Q) mod t by the residues of t x modulo Q, centred (Halevi, Polyakov, Shoup, ePrint
// 2018/117, sections 2.2 and 2.3): see Context::Scaling. Right where t x is further than Q 2^-40
// from a half-multiple of Q, which the noise limit keeps.
void scaleToPlain(const Context& context, const ring::Poly<ring::Coeff>& x,
                  std::span<std::uint64_t> out) {
  const Context::Scaling& scaling = context.scaling(x.size() - 1);
  const kernel::Barrett t = context.plainModulus().barrett();
  std::vector<const std::uint64_t*> residues;
  for (std::size_t i = 0; i < x.size(); ++i) residues.push_back(x.residue(i));
  ring::forEachDigitBlock(
      scaling.digits, residues, x.n(), [&](std::size_t begin, std::size_t count, auto rows) {
        kernel::table().linearCombination(rows.data(), scaling.to_plain.data(), rows.size(), count,
                                          scaling.digit_bits, t, out.data() + begin);
      });
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
