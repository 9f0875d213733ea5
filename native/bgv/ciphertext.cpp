#include "bgv/ciphertext.h"

namespace veilsum::bgv {

Ciphertext fromBfv(bfv::Ciphertext&& c) {
  Ciphertext result{c.context, {c.body.context, {}, c.body.seed}, c.log2_noise};
  for (auto& part : c.body.parts) result.body.parts.push_back(toEval(std::move(part)));
  return result;
}

bfv::Ciphertext toBfv(Ciphertext&& c) {
  bfv::Ciphertext result{c.context, {c.body.context, {}, c.body.seed}, c.log2_noise};
  for (auto& part : c.body.parts) result.body.parts.push_back(toCoeff(std::move(part)));
  return result;
}

}  // namespace veilsum::bgv
