#ifndef VEILSUM_FUZZ_SAME_BYTES_H_
#define VEILSUM_FUZZ_SAME_BYTES_H_

#include <algorithm>

#include "fuzz/target.h"
#include "wire/ciphertext_bytes.h"

namespace veilsum::fuzz {

template <class T>
ByteVector written(const T& object) {
  ByteVector bytes(wire::packedSize(object));
  wire::write(object, bytes);
  return bytes;
}

/// An object has one form: what was read must be written as it was.
template <class T>
void requireSameBytes(const T& object, Bytes input) {
  require(std::ranges::equal(written(object), input), Code::kInternal,
          "an object is not written as it was read");
}

}  // namespace veilsum::fuzz

#endif  // VEILSUM_FUZZ_SAME_BYTES_H_
