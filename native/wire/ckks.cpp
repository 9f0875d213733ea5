#include "wire/schemes.h"

namespace veilsum::wire {

std::size_t ciphertextBytes(const ckks::Ciphertext& c) { return 24 + bodyBytes(c.body); }

void write(Writer& out, const ckks::Ciphertext& c) {
  out.put(c.scale);
  out.put(c.noise);
  out.put(c.message);
  write(out, c.body);
}

ckks::Ciphertext readCkks(Reader& in, const rlwe::ContextPtr& context) {
  const auto scale = in.get<double>();
  const auto noise = in.get<double>();
  const auto message = in.get<double>();
  return ckks::adopt(readBody<ring::Eval>(in, context), scale, noise, message);
}

}  // namespace veilsum::wire
