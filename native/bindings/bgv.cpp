#include "bindings/bgv.h"

#include "bgv/encryption.h"
#include "bgv/evaluator.h"
#include "bindings/bfv_objects.h"
#include "wire/ciphertext_bytes.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const bgv::Ciphertext& c) {
  return bodyBytes(c.body);
}

namespace bgv_face {

namespace {

const bgv::Ciphertext& ciphertext(Handle handle) { return held<bgv::Ciphertext>(handle); }
const bfv::Plaintext& plaintext(Handle handle) { return held<BfvPlaintext>(handle).plaintext; }
const rlwe::EvaluationKeys& evaluationKeys(Handle handle) { return held<Keys>(handle).keys; }
const rlwe::SecretKey& secretKey(Handle handle) { return held<rlwe::SecretKey>(handle); }

std::size_t checkedLevel(int level) {
  require(level >= 0, Code::kDepth, "a level is not negative");
  return static_cast<std::size_t>(level);
}

// The value behind a handle where it is of this kind, otherwise null.
template <class T>
const T* heldOrNull(Handle handle) {
  auto* object = dynamic_cast<Held<T>*>(reinterpret_cast<Object*>(handle));
  return object == nullptr ? nullptr : &object->value();
}

}  // namespace

Handle asBgv(Handle c) {
  if (const auto* a = heldOrNull<bgv::Ciphertext>(c)) return give(a->copy());
  return give(bgv::fromBfv(held<bfv::Ciphertext>(c).copy()));
}

Handle asBfv(Handle c) {
  if (const auto* a = heldOrNull<bfv::Ciphertext>(c)) return give(a->copy());
  return give(bgv::toBfv(ciphertext(c).copy()));
}

Handle encrypt(Handle public_key, Handle p, int level) {
  return give(bgv::encrypt(plaintext(p), held<rlwe::PublicKey>(public_key), checkedLevel(level)));
}

Handle encryptSeeded(Handle secret_key, Handle p, int level) {
  return give(bgv::encrypt(plaintext(p), secretKey(secret_key), checkedLevel(level)));
}

Handle decrypt(Handle context, Handle secret_key, Handle c, int count) {
  const auto& bfv = held<BfvContext>(context);
  return give(decryptedSlots(bfv, bgv::decrypt(ciphertext(c), secretKey(secret_key)), count));
}

Handle decryptCoefficients(Handle context, Handle secret_key, Handle c, int count) {
  const auto& bfv = held<BfvContext>(context);
  return give(
      decryptedCoefficients(bfv, bgv::decrypt(ciphertext(c), secretKey(secret_key)), count));
}

int level(Handle c) { return static_cast<int>(ciphertext(c).level()); }
int degree(Handle c) { return static_cast<int>(ciphertext(c).degree()); }
double log2Noise(Handle c) { return ciphertext(c).log2_noise; }
double noiseBudgetBits(Handle c) { return bfv::noiseBudgetBits(ciphertext(c)); }

std::int64_t packedBytes(Handle handle) {
  const bgv::Ciphertext& c = ciphertext(handle);
  return static_cast<std::int64_t>(wire::ciphertextSize(*c.context->rlwe(), wire::Scheme::kBfv,
                                                        c.level(), c.body.parts.size(),
                                                        c.body.seed.has_value()));
}

void pack(Handle c, std::int64_t out, std::int64_t bytes) {
  wire::write(bgv::toBfv(ciphertext(c).copy()), bytesAt(out, bytes));
}

Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed) {
  const auto& parameters = held<BfvContext>(context).context;
  const auto packed = oneCiphertext(*parameters->rlwe(), wire::Scheme::kBfv, bytesAt(in, bytes));
  *consumed = static_cast<std::int64_t>(packed.size());
  return give(bgv::fromBfv(wire::readBfvCiphertext(parameters, packed)));
}

Handle add(Handle a, Handle b) { return give(bgv::add(ciphertext(a), ciphertext(b))); }
Handle sub(Handle a, Handle b) { return give(bgv::sub(ciphertext(a), ciphertext(b))); }
Handle negate(Handle a) { return give(bgv::negate(ciphertext(a))); }

Handle sum(const std::int64_t* terms, int count) {
  return give(bgv::sum(allHeld<bgv::Ciphertext>(terms, count)));
}

Handle addPlain(Handle a, Handle p) { return give(bgv::addPlain(ciphertext(a), plaintext(p))); }
Handle subPlain(Handle a, Handle p) { return give(bgv::subPlain(ciphertext(a), plaintext(p))); }
Handle addScalar(Handle a, std::int64_t k) { return give(bgv::addScalar(ciphertext(a), k)); }

Handle multiplyPlain(Handle a, Handle p) {
  return give(bgv::multiplyPlain(ciphertext(a), held<BfvPlaintext>(p).forProducts()));
}

Handle multiplyScalar(Handle a, std::int64_t k) {
  return give(bgv::multiplyScalar(ciphertext(a), k));
}

Handle innerProductPlain(const std::int64_t* a, const std::int64_t* plaintexts, int count) {
  std::vector<const bfv::EvalPlaintext*> prepared;
  for (const BfvPlaintext* p : allHeld<BfvPlaintext>(plaintexts, count)) {
    prepared.push_back(&p->forProducts());
  }
  return give(bgv::innerProductPlain(allHeld<bgv::Ciphertext>(a, count), prepared));
}

Handle multiply(Handle a, Handle b) { return give(bgv::multiply(ciphertext(a), ciphertext(b))); }
Handle square(Handle a) { return give(bgv::square(ciphertext(a))); }

Handle relinearize(Handle a, Handle keys) {
  return give(bgv::relinearize(ciphertext(a), evaluationKeys(keys)));
}

Handle multiplyRelinearize(Handle a, Handle b, Handle keys) {
  return give(bgv::multiplyRelinearize(ciphertext(a), ciphertext(b), evaluationKeys(keys)));
}

Handle innerProduct(const std::int64_t* a, const std::int64_t* b, int count) {
  return give(
      bgv::innerProduct(allHeld<bgv::Ciphertext>(a, count), allHeld<bgv::Ciphertext>(b, count)));
}

Handle switchToLevel(Handle a, int level) {
  return give(bgv::modSwitchTo(ciphertext(a), checkedLevel(level)));
}

Handle rotate(Handle a, std::int64_t steps, Handle keys) {
  return give(bgv::rotateRows(ciphertext(a), steps, evaluationKeys(keys)));
}

void rotateMany(Handle a, const std::int64_t* steps, int count, Handle keys, std::int64_t* out) {
  giveAll(bgv::rotateRowsHoisted(ciphertext(a), {steps, static_cast<std::size_t>(count)},
                                 evaluationKeys(keys)),
          out);
}

Handle swapRows(Handle a, Handle keys) {
  return give(bgv::rotateColumns(ciphertext(a), evaluationKeys(keys)));
}

}  // namespace bgv_face

}  // namespace veilsum::bindings
