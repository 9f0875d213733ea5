#include "bindings/bfv_objects.h"
#include "seal_backend/bfv.h"
#include "seal_backend/face.h"
#include "seal_backend/held.h"

namespace veilsum::seal_face::bfv_face {

namespace {

namespace engine = seal_backend::bfv_engine;
using bindings::allHeld;
using bindings::BfvContext;
using bindings::BfvPlaintext;
using bindings::give;
using bindings::held;

const bfv::Ciphertext& ciphertext(Handle handle) { return held<bfv::Ciphertext>(handle); }
const bfv::Plaintext& plaintext(Handle handle) { return held<BfvPlaintext>(handle).plaintext; }

}  // namespace

Handle add(Handle e, Handle a, Handle b) {
  return give(engine::add(engineOf(e), ciphertext(a), ciphertext(b)));
}
Handle sub(Handle e, Handle a, Handle b) {
  return give(engine::sub(engineOf(e), ciphertext(a), ciphertext(b)));
}
Handle negate(Handle e, Handle a) { return give(engine::negate(engineOf(e), ciphertext(a))); }

Handle sum(Handle e, const std::int64_t* terms, int count) {
  return give(engine::sum(engineOf(e), allHeld<bfv::Ciphertext>(terms, count)));
}

Handle addPlain(Handle e, Handle a, Handle p) {
  return give(engine::addPlain(engineOf(e), ciphertext(a), plaintext(p)));
}
Handle subPlain(Handle e, Handle a, Handle p) {
  return give(engine::subPlain(engineOf(e), ciphertext(a), plaintext(p)));
}
Handle addScalar(Handle e, Handle a, std::int64_t k) {
  return give(engine::addScalar(engineOf(e), ciphertext(a), k));
}

Handle multiplyPlain(Handle e, Handle a, Handle p) { return innerProductPlain(e, &a, &p, 1); }
Handle multiplyScalar(Handle e, Handle a, std::int64_t k) {
  return give(engine::multiplyScalar(engineOf(e), ciphertext(a), k));
}

Handle innerProductPlain(Handle e, const std::int64_t* a, const std::int64_t* plaintexts,
                         int count) {
  std::vector<engine::Factor> factors;
  for (const BfvPlaintext* p : allHeld<BfvPlaintext>(plaintexts, count)) {
    factors.push_back({&p->plaintext, p->forProducts().norm});
  }
  return give(engine::innerProductPlain(engineOf(e), allHeld<bfv::Ciphertext>(a, count), factors));
}

Handle multiply(Handle e, Handle a, Handle b) { return innerProduct(e, &a, &b, 1); }

Handle innerProduct(Handle e, const std::int64_t* a, const std::int64_t* b, int count) {
  return give(engine::innerProduct(engineOf(e), allHeld<bfv::Ciphertext>(a, count),
                                   allHeld<bfv::Ciphertext>(b, count)));
}

Handle relinearize(Handle e, Handle a, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  return give(engine::relinearize(engineOf(e), ciphertext(a), both.core, both.seal));
}

Handle multiplyRelinearize(Handle e, Handle a, Handle b, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  both.core.relin();  // missing keys are told before the work
  const bfv::Ciphertext *x = &ciphertext(a), *y = &ciphertext(b);
  return give(engine::relinearize(engineOf(e), engine::innerProduct(engineOf(e), {&x, 1}, {&y, 1}),
                                  both.core, both.seal));
}

Handle switchToLevel(Handle e, Handle a, int level) {
  return give(engine::modSwitchTo(engineOf(e), ciphertext(a), checkedLevel(level)));
}

Handle rotate(Handle e, Handle a, std::int64_t steps, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  return give(engine::rotateRows(engineOf(e), ciphertext(a), steps, both.core, both.seal));
}

void rotateMany(Handle e, Handle a, const std::int64_t* steps, int count, Handle keys,
                std::int64_t* out) {
  const BothKeys both = keysOf(e, keys);
  std::vector<bfv::Ciphertext> results;
  for (int i = 0; i < count; ++i) {
    results.push_back(
        engine::rotateRows(engineOf(e), ciphertext(a), steps[i], both.core, both.seal));
  }
  bindings::giveAll(std::move(results), out);
}

Handle swapRows(Handle e, Handle a, Handle keys) {
  const BothKeys both = keysOf(e, keys);
  const bfv::Ciphertext& c = ciphertext(a);
  const std::uint64_t g = rlwe::galoisElementOfConjugation(c.context->n());
  return give(engine::applyGalois(engineOf(e), c, g, both.core, both.seal));
}

Handle decrypt(Handle e, Handle context, Handle secret_key, Handle c, int count) {
  return give(bindings::decryptedSlots(
      held<BfvContext>(context),
      engine::decrypt(engineOf(e), ciphertext(c), held<rlwe::SecretKey>(secret_key)), count));
}

Handle decryptCoefficients(Handle e, Handle context, Handle secret_key, Handle c, int count) {
  return give(bindings::decryptedCoefficients(
      held<BfvContext>(context),
      engine::decrypt(engineOf(e), ciphertext(c), held<rlwe::SecretKey>(secret_key)), count));
}

}  // namespace veilsum::seal_face::bfv_face
