#ifndef VEILSUM_SEAL_BACKEND_HELD_H_
#define VEILSUM_SEAL_BACKEND_HELD_H_

#include "bindings/held.h"
#include "seal_backend/convert.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const seal_backend::EnginePtr& engine);

}  // namespace veilsum::bindings

namespace veilsum::seal_face {

inline const seal_backend::Engine& engineOf(std::int64_t handle) {
  return *bindings::held<seal_backend::EnginePtr>(handle);
}

/// The keys behind a handle, and what SEAL makes of them, made at the first use.
struct BothKeys {
  const rlwe::EvaluationKeys& core;
  const seal_backend::SwitchKeys& seal;
};
BothKeys keysOf(std::int64_t engine, std::int64_t keys);

inline std::size_t checkedLevel(int level) {
  require(level >= 0, Code::kDepth, "a level is not negative");
  return static_cast<std::size_t>(level);
}

}  // namespace veilsum::seal_face

#endif  // VEILSUM_SEAL_BACKEND_HELD_H_
