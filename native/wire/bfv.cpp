#include "wire/schemes.h"

namespace veilsum::wire {

std::size_t ciphertextBytes(const bfv::Ciphertext& c) { return 8 + bodyBytes(c.body); }

void write(Writer& out, const bfv::Ciphertext& c) {
  out.put(c.log2_noise);
  write(out, c.body);
}

bfv::Ciphertext readBfv(Reader& in, const bfv::ContextPtr& context) {
  const auto log2_noise = in.get<double>();
  return bfv::adopt(context, readBody<ring::Coeff>(in, context->rlwe()), log2_noise);
}

}  // namespace veilsum::wire
