#include "seal_backend/face.h"

#include "base/buffer.h"
#include "bindings/bfv_objects.h"
#include "bindings/ckks_objects.h"
#include "seal_backend/held.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const seal_backend::EnginePtr& engine) {
  // Roots and their quotients, both ways, for each prime, as the core's context has.
  const rlwe::ParameterSet& set = engine->rlwe()->parameters();
  return 4 * 8 * set.n * (set.q.size() + set.p.size());
}

}  // namespace veilsum::bindings

namespace veilsum::seal_face {

const char* sealVersion() { return SEAL_VERSION; }

std::int64_t allocatedBytes() {
  return static_cast<std::int64_t>(veilsum::allocatedBytes() +
                                   seal::MemoryPoolHandle::Global().alloc_byte_count());
}

Handle ckksEngine(Handle ckks_context) {
  const auto& context = bindings::held<bindings::CkksContext>(ckks_context).context;
  return bindings::give(seal_backend::Engine::ckks(context));
}

Handle bfvEngine(Handle bfv_context) {
  const auto& context = bindings::held<bindings::BfvContext>(bfv_context).context;
  return bindings::give(seal_backend::Engine::bfv(context));
}

BothKeys keysOf(Handle engine, Handle keys) {
  const bindings::Keys& held = bindings::held<bindings::Keys>(keys);
  held.context->requireSame(*engineOf(engine).rlwe());
  std::call_once(held.derived->once, [&] {
    held.derived->value = std::make_shared<const seal_backend::SwitchKeys>(
        seal_backend::toSeal(engineOf(engine), held.keys));
  });
  return {held.keys, *static_cast<const seal_backend::SwitchKeys*>(held.derived->value.get())};
}

}  // namespace veilsum::seal_face
