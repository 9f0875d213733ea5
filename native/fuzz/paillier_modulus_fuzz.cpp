// Foreign Paillier moduli: big-endian numbers.

#include "base/error.h"
#include "fuzz/target.h"
#include "paillier/face.h"

namespace veilsum::fuzz {

namespace face = paillier::face;

std::vector<ByteVector> seeds() {
  const std::uint8_t seed[32] = {1};
  const face::Handle secret = face::generate(seed, 2048);
  const face::Handle key = face::publicHalf(secret);
  ByteVector modulus(static_cast<std::size_t>(face::modulusBytes(key)));
  face::writeModulus(key, modulus.data());
  face::releasePublic(key);
  face::releaseSecret(secret);
  return {modulus};
}

void read(Bytes input) {
  face::releasePublic(face::readModulus(input.data(), static_cast<int>(input.size())));
}

}  // namespace veilsum::fuzz
