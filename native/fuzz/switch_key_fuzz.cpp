// Key-switching keys at rest.

#include "fuzz/instance.h"
#include "fuzz/same_bytes.h"

namespace veilsum::fuzz {

std::vector<ByteVector> seeds() {
  const std::size_t level = context()->maxLevel();
  std::vector<std::uint64_t> b;
  for (std::size_t digit = 0; digit < context()->digits(level); ++digit) {
    const auto poly = anyPoly<ring::Eval>(context()->basisQP(level));
    b.insert(b.end(), poly.words().begin(), poly.words().end());
  }
  return {written(rlwe::KeySwitchKey::load(context(), random::Seed{1, 2, 3}, b))};
}

void read(Bytes input) { requireSameBytes(wire::readKeySwitchKey(context(), input), input); }

}  // namespace veilsum::fuzz
