// Public keys at rest.

#include "fuzz/instance.h"
#include "fuzz/same_bytes.h"

namespace veilsum::fuzz {

std::vector<ByteVector> seeds() {
  const auto b = anyPoly<ring::Eval>(context()->basisQ(context()->maxLevel()));
  return {written(rlwe::PublicKey::load(context(), random::Seed{1, 2, 3}, b.words()))};
}

void read(Bytes input) { requireSameBytes(wire::readPublicKey(context(), input), input); }

}  // namespace veilsum::fuzz
