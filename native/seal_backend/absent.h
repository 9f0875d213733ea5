#ifndef VEILSUM_SEAL_BACKEND_ABSENT_H_
#define VEILSUM_SEAL_BACKEND_ABSENT_H_

#include "bindings/object.h"

/// The functions of seal_backend/face.h where no SEAL was found: the version is empty, and every
/// other one refuses.
namespace veilsum::seal_face {

[[noreturn]] inline std::int64_t refuse() {
  throw Error(Code::kUnsupported, "this build has no Microsoft SEAL");
}

inline const char* sealVersion() { return ""; }
inline std::int64_t allocatedBytes() { return 0; }

#define VEILSUM_ABSENT(name)          \
  template <class... Arguments>       \
  std::int64_t name(Arguments&&...) { \
    return refuse();                  \
  }

VEILSUM_ABSENT(ckksEngine)
VEILSUM_ABSENT(bfvEngine)

#define VEILSUM_ABSENT_FROM_BOTH    \
  VEILSUM_ABSENT(add)               \
  VEILSUM_ABSENT(sub)               \
  VEILSUM_ABSENT(negate)            \
  VEILSUM_ABSENT(sum)               \
  VEILSUM_ABSENT(addPlain)          \
  VEILSUM_ABSENT(subPlain)          \
  VEILSUM_ABSENT(addScalar)         \
  VEILSUM_ABSENT(multiplyPlain)     \
  VEILSUM_ABSENT(multiplyScalar)    \
  VEILSUM_ABSENT(innerProductPlain) \
  VEILSUM_ABSENT(multiply)          \
  VEILSUM_ABSENT(innerProduct)      \
  VEILSUM_ABSENT(relinearize)       \
  VEILSUM_ABSENT(rotateMany)        \
  VEILSUM_ABSENT(rotate)            \
  VEILSUM_ABSENT(decrypt)

namespace ckks_face {
VEILSUM_ABSENT_FROM_BOTH
VEILSUM_ABSENT(multiplyInteger)
VEILSUM_ABSENT(rescale)
VEILSUM_ABSENT(dropTo)
VEILSUM_ABSENT(conjugate)
}  // namespace ckks_face

namespace bfv_face {
VEILSUM_ABSENT_FROM_BOTH
VEILSUM_ABSENT(multiplyRelinearize)
VEILSUM_ABSENT(switchToLevel)
VEILSUM_ABSENT(swapRows)
VEILSUM_ABSENT(decryptCoefficients)
}  // namespace bfv_face

#undef VEILSUM_ABSENT_FROM_BOTH
#undef VEILSUM_ABSENT

}  // namespace veilsum::seal_face

#endif  // VEILSUM_SEAL_BACKEND_ABSENT_H_
