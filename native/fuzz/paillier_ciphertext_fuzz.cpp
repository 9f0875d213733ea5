// Paillier ciphertexts and packed plaintexts of one key of 2048 bits.

#include <algorithm>

#include "fuzz/target.h"
#include "paillier/face.h"

namespace veilsum::fuzz {

namespace {

namespace face = paillier::face;

face::Handle key() {
  static const face::Handle instance = [] {
    const std::uint8_t seed[32] = {1};
    const face::Handle secret = face::generate(seed, 2048);
    const face::Handle half = face::publicHalf(secret);
    face::releaseSecret(secret);
    return half;
  }();
  return instance;
}

std::size_t plaintextBytes() { return static_cast<std::size_t>(face::modulusBytes(key())); }

}  // namespace

std::vector<ByteVector> seeds() {
  // A random-looking number below N^2: N's own bytes twice, made smaller.
  ByteVector number(2 * plaintextBytes());
  face::writeModulus(key(), number.data());
  face::writeModulus(key(), number.data() + plaintextBytes());
  number[0] /= 2;
  number.back() = 2;
  return {number};
}

void read(Bytes input) {
  ByteVector number(2 * plaintextBytes());
  std::copy_n(input.begin(), std::min(input.size(), number.size()), number.begin());
  face::validate(key(), number.data(), 1);
  ByteVector sum(number.size());
  face::add(key(), number.data(), number.data(), sum.data(), 1);
  face::validate(key(), sum.data(), 1);
}

}  // namespace veilsum::fuzz
