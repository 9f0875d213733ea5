#include "bindings/ckks_objects.h"
#include "seal_backend/ckks.h"
#include "seal_backend/face.h"
#include "seal_backend/held.h"

namespace veilsum::seal_face::ckks_face {

namespace {

namespace engine = seal_backend::ckks_engine;
using bindings::allHeld;
using bindings::give;
using bindings::held;

const ckks::Ciphertext& ciphertext(Handle handle) { return held<ckks::Ciphertext>(handle); }
const ckks::Plaintext& plaintext(Handle handle) { return held<ckks::Plaintext>(handle); }

}  // namespace

Handle add(Handle e, Handle a, Handle b) {
  return give(engine::add(engineOf(e), ciphertext(a), ciphertext(b)));
}
Handle sub(Handle e, Handle a, Handle b) {
  return give(engine::sub(engineOf(e), ciphertext(a), ciphertext(b)));
}
Handle negate(Handle e, Handle a) { return give(engine::negate(engineOf(e), ciphertext(a))); }

Handle sum(Handle e, const std::int64_t* terms, int count) {
  return give(engine::sum(engineOf(e), allHeld<ckks::Ciphertext>(terms, count)));
}

Handle addPlain(Handle e, Handle a, Handle p) {
  return give(engine::addPlain(engineOf(e), ciphertext(a), plaintext(p)));
}
Handle subPlain(Handle e, Handle a, Handle p) {
  return give(engine::subPlain(engineOf(e), ciphertext(a), plaintext(p)));
}
Handle addScalar(Handle e, Handle a, double value) {
  return give(engine::addScalar(engineOf(e), ciphertext(a), value));
}

Handle multiplyPlain(Handle e, Handle a, Handle p) {
  return give(engine::multiplyPlain(engineOf(e), ciphertext(a), plaintext(p)));
}
Handle multiplyScalar(Handle e, Handle a, double value, double scale) {
  return give(engine::multiplyScalar(engineOf(e), ciphertext(a), value, scale));
}
Handle multiplyInteger(Handle e, Handle a, std::int64_t factor) {
  return give(engine::multiplyInteger(engineOf(e), ciphertext(a), factor));
}

Handle innerProductPlain(Handle e, const std::int64_t* a, const std::int64_t* plaintexts,
                         int count) {
  return give(engine::innerProductPlain(engineOf(e), allHeld<ckks::Ciphertext>(a, count),
                                        allHeld<ckks::Plaintext>(plaintexts, count)));
}

Handle multiply(Handle e, Handle a, Handle b) {
  return give(engine::multiply(engineOf(e), ciphertext(a), ciphertext(b)));
}

Handle innerProduct(Handle e, const std::int64_t* a, const std::int64_t* b, int count) {
  return give(engine::innerProduct(engineOf(e), allHeld<ckks::Ciphertext>(a, count),
                                   allHeld<ckks::Ciphertext>(b, count)));
}

Handle relinearize(Handle e, Handle a, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  return give(engine::relinearize(engineOf(e), ciphertext(a), both.core, both.seal));
}

Handle rescale(Handle e, Handle a, int levels) {
  return give(engine::rescale(engineOf(e), ciphertext(a), checkedLevel(levels)));
}
Handle dropTo(Handle e, Handle a, int level) {
  return give(engine::dropTo(engineOf(e), ciphertext(a), checkedLevel(level)));
}

Handle rotate(Handle e, Handle a, std::int64_t steps, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  return give(engine::rotate(engineOf(e), ciphertext(a), steps, both.core, both.seal));
}
void rotateMany(Handle e, Handle a, const std::int64_t* steps, int count, Handle keys,
                std::int64_t* out) {
  const BothKeys both = keysOf(e, keys);
  std::vector<ckks::Ciphertext> results;
  for (int i = 0; i < count; ++i) {
    results.push_back(engine::rotate(engineOf(e), ciphertext(a), steps[i], both.core, both.seal));
  }
  bindings::giveAll(std::move(results), out);
}

Handle conjugate(Handle e, Handle a, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  return give(engine::conjugate(engineOf(e), ciphertext(a), both.core, both.seal));
}

Handle decrypt(Handle e, Handle secret_key, Handle c, int count) {
  bindings::CkksSlots result{ckks::Slots(static_cast<std::size_t>(count))};
  result.error =
      engine::decrypt(engineOf(e), ciphertext(c), held<rlwe::SecretKey>(secret_key), result.slots);
  return give(std::move(result));
}

}  // namespace veilsum::seal_face::ckks_face
