#ifndef VEILSUM_BASE_SECRECY_H_
#define VEILSUM_BASE_SECRECY_H_

#include <cstddef>
#include <type_traits>

#if defined(VEILSUM_CONSTANT_TIME)
#include <valgrind/memcheck.h>
#endif

namespace veilsum {

// Marks for the dynamic check of constant time (constant_time/, scripts/constant-time): Valgrind's
// memcheck follows what is marked as secret as if it had never been written, and reports each
// branch and each address that depends on it (Langley, ctgrind, 2010). In every other build they
// are nothing.

/// From here on these bytes are secret, and so is what is computed from them.
inline void markSecret([[maybe_unused]] const void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(VEILSUM_CONSTANT_TIME)
  VALGRIND_MAKE_MEM_UNDEFINED(data, bytes);
#endif
}

/// From here on these bytes are public. Every use says why.
inline void declassify([[maybe_unused]] const void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(VEILSUM_CONSTANT_TIME)
  VALGRIND_MAKE_MEM_DEFINED(data, bytes);
#endif
}

/// The same value, public.
template <class T>
T declassified(T value) {
  static_assert(std::is_trivially_copyable_v<T>);
  declassify(&value, sizeof(value));
  return value;
}

}  // namespace veilsum

#endif  // VEILSUM_BASE_SECRECY_H_
