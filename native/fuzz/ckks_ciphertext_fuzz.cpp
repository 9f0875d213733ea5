// CKKS ciphertexts at rest.

#include "bindings/held.h"
#include "ckks/ciphertext.h"
#include "fuzz/instance.h"
#include "fuzz/same_bytes.h"
#include "random/samplers.h"

namespace veilsum::fuzz {

std::vector<ByteVector> seeds() {
  std::vector<ByteVector> all;
  for (const std::size_t level : {0, 1}) {
    for (const std::size_t parts : {2, 3}) {
      all.push_back(written(ckks::adopt(anyCiphertext<ring::Eval>(level, parts), 1024, 8, 1)));
    }
    auto seeded = anyCiphertext<ring::Eval>(level, 2);
    seeded.seed = random::Seed{1, 2, 3};
    all.push_back(written(ckks::adopt(std::move(seeded), 1024, 8, 1)));
  }
  return all;
}

void read(Bytes input) {
  // The first object of several, as the bindings take it, and one that takes all.
  const Bytes one = bindings::oneCiphertext(*context(), wire::Scheme::kCkks, input);
  requireSameBytes(wire::readCkksCiphertext(context(), one), one);
  requireSameBytes(wire::readCkksCiphertext(context(), input), input);
}

}  // namespace veilsum::fuzz
