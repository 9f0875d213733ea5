// BFV ciphertexts at rest.

#include "bfv/ciphertext.h"
#include "bindings/held.h"
#include "fuzz/instance.h"
#include "fuzz/same_bytes.h"
#include "random/samplers.h"

namespace veilsum::fuzz {

std::vector<ByteVector> seeds() {
  std::vector<ByteVector> all;
  for (const std::size_t level : {0, 1}) {
    for (const std::size_t parts : {2, 3}) {
      all.push_back(written(bfv::adopt(bfvContext(), anyCiphertext<ring::Coeff>(level, parts), 3)));
    }
    auto seeded = anyCiphertext<ring::Coeff>(level, 2);
    seeded.seed = random::Seed{1, 2, 3};
    all.push_back(written(bfv::adopt(bfvContext(), std::move(seeded), 3)));
  }
  return all;
}

void read(Bytes input) {
  // The first object of several, as the bindings take it, and one that takes all.
  const Bytes one = bindings::oneCiphertext(*context(), wire::Scheme::kBfv, input);
  requireSameBytes(wire::readBfvCiphertext(bfvContext(), one), one);
  requireSameBytes(wire::readBfvCiphertext(bfvContext(), input), input);
}

}  // namespace veilsum::fuzz
