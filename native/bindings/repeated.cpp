#include "bindings/repeated.h"

#include <chrono>
#include <ctime>

#include "bfv/decryptor.h"
#include "bfv/encryptor.h"
#include "bindings/bfv_objects.h"
#include "bindings/ckks_objects.h"
#include "ckks/decryptor.h"
#include "ckks/encryptor.h"
#include "ckks/evaluator.h"

namespace veilsum::bindings::repeated_face {

std::int64_t clock() noexcept {
#if defined(CLOCK_THREAD_CPUTIME_ID)
  std::timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }
#endif
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

namespace {

// The time of `times` calls; what a call gives is freed before the next one.
template <class Call>
std::int64_t nanoseconds(int times, Call call) {
  const std::int64_t start = clock();
  for (int i = 0; i < times; ++i) call();
  return clock() - start;
}

const rlwe::EvaluationKeys& evaluationKeys(Handle handle) { return held<Keys>(handle).keys; }
const rlwe::PublicKey& publicKey(Handle handle) { return held<rlwe::PublicKey>(handle); }
const rlwe::SecretKey& secretKey(Handle handle) { return held<rlwe::SecretKey>(handle); }
const ckks::Ciphertext& ckksCiphertext(Handle handle) { return held<ckks::Ciphertext>(handle); }
const bfv::Ciphertext& bfvCiphertext(Handle handle) { return held<bfv::Ciphertext>(handle); }

}  // namespace

std::int64_t ckksEncode(Handle context, const double* values, int count, double bound, int level,
                        double scale, int times) {
  const auto& encoder = held<CkksContext>(context).encoder;
  const std::span slots(values, static_cast<std::size_t>(count));
  const ckks::Encoding encoding{
      .level = static_cast<std::size_t>(level), .scale = scale, .slots = 0, .bound = bound};
  return nanoseconds(times, [&] { return encoder.encode(slots, encoding); });
}

std::int64_t ckksEncrypt(Handle public_key, Handle plaintext, int times) {
  const auto& key = publicKey(public_key);
  const auto& message = held<ckks::Plaintext>(plaintext);
  return nanoseconds(times, [&] { return ckks::encrypt(message, key); });
}

std::int64_t ckksDecrypt(Handle secret_key, Handle c, int count, int times) {
  const auto& secret = secretKey(secret_key);
  const auto& ciphertext = ckksCiphertext(c);
  Buffer<double, true> out(static_cast<std::size_t>(count));
  return nanoseconds(times, [&] { return ckks::decrypt(ciphertext, secret, std::span(out)); });
}

std::int64_t ckksAdd(Handle a, Handle b, int times) {
  const auto &x = ckksCiphertext(a), &y = ckksCiphertext(b);
  return nanoseconds(times, [&] { return ckks::add(x, y); });
}

std::int64_t ckksMultiply(Handle a, Handle b, int times) {
  const auto &x = ckksCiphertext(a), &y = ckksCiphertext(b);
  return nanoseconds(times, [&] { return ckks::multiply(x, y); });
}

std::int64_t ckksRelinearize(Handle a, Handle keys, int times) {
  const auto& x = ckksCiphertext(a);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return ckks::relinearize(x, all); });
}

std::int64_t ckksRescale(Handle a, int times) {
  const auto& x = ckksCiphertext(a);
  return nanoseconds(times, [&] { return ckks::rescale(x); });
}

std::int64_t ckksRotate(Handle a, int steps, Handle keys, int times) {
  const auto& x = ckksCiphertext(a);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return ckks::rotate(x, steps, all); });
}

std::int64_t ckksMultiplyRelinearizeRescale(Handle a, Handle b, Handle keys, int times) {
  const auto &x = ckksCiphertext(a), &y = ckksCiphertext(b);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return ckks::relinearizeRescale(ckks::multiply(x, y), all); });
}

std::int64_t bfvEncode(Handle context, const std::int64_t* values, int count, int times) {
  const auto& encoder = held<BfvContext>(context).slots();
  const std::span slots(values, static_cast<std::size_t>(count));
  return nanoseconds(times, [&] { return encoder.encodeSigned(slots); });
}

std::int64_t bfvEncrypt(Handle public_key, Handle plaintext, int level, int times) {
  const auto& key = publicKey(public_key);
  const auto& message = held<BfvPlaintext>(plaintext).plaintext;
  const auto at = static_cast<std::size_t>(level);
  return nanoseconds(times, [&] { return bfv::encrypt(message, key, at); });
}

std::int64_t bfvDecrypt(Handle context, Handle secret_key, Handle c, int count, int times) {
  const auto& encoder = held<BfvContext>(context).slots();
  const auto& secret = secretKey(secret_key);
  const auto& ciphertext = bfvCiphertext(c);
  Buffer<std::int64_t, true> out(static_cast<std::size_t>(count));
  return nanoseconds(times, [&] { encoder.decodeSigned(bfv::decrypt(ciphertext, secret), out); });
}

std::int64_t bfvAdd(Handle a, Handle b, int times) {
  const auto &x = bfvCiphertext(a), &y = bfvCiphertext(b);
  return nanoseconds(times, [&] { return bfv::add(x, y); });
}

std::int64_t bfvMultiply(Handle a, Handle b, int times) {
  const auto &x = bfvCiphertext(a), &y = bfvCiphertext(b);
  return nanoseconds(times, [&] { return bfv::multiply(x, y); });
}

std::int64_t bfvRelinearize(Handle a, Handle keys, int times) {
  const auto& x = bfvCiphertext(a);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return bfv::relinearize(x, all); });
}

std::int64_t bfvRotate(Handle a, int steps, Handle keys, int times) {
  const auto& x = bfvCiphertext(a);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return bfv::rotateRows(x, steps, all); });
}

std::int64_t bfvMultiplyRelinearize(Handle a, Handle b, Handle keys, int times) {
  const auto &x = bfvCiphertext(a), &y = bfvCiphertext(b);
  const auto& all = evaluationKeys(keys);
  return nanoseconds(times, [&] { return bfv::multiplyRelinearize(x, y, all); });
}

}  // namespace veilsum::bindings::repeated_face
