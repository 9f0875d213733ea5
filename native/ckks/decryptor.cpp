#include "ckks/decryptor.h"

#include <algorithm>

#include "ckks/decode.h"
#include "ckks/noise.h"

namespace veilsum::ckks {

namespace {

// The phase is as small as its norm, so a few residues determine it: the others are left out.
WipedPoly<ring::Coeff> shortPhase(const Ciphertext& c, const rlwe::SecretKey& secret) {
  requireCapacity(*c.context(), c.level(), c.norm(), "decrypt");
  return WipedPoly<ring::Coeff>(rlwe::phase(c.body, secret, residuesFor(*c.context(), c.norm())));
}

}  // namespace

double decrypt(const Ciphertext& c, const rlwe::SecretKey& secret,
               std::span<std::complex<double>> out) {
  require(out.size() <= c.context()->n() / 2, Code::kUsage, "decrypt: more slots than n/2");
  return decodePhase(*shortPhase(c, secret), c.scale, c.noise, c.message, out);
}

double decrypt(const Ciphertext& c, const rlwe::SecretKey& secret, std::span<double> out) {
  Buffer<std::complex<double>, true> slots(out.size(), unset);
  const double error =
      decrypt(c, secret, std::span<std::complex<double>>(slots.data(), slots.size()));
  std::transform(slots.begin(), slots.end(), out.begin(), [](const auto& v) { return v.real(); });
  return error;
}

}  // namespace veilsum::ckks
