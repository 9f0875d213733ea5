#include "bindings/ckks.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bindings/ckks_objects.h"
#include "bindings/exchange.h"
#include "ckks/decryptor.h"
#include "ckks/encryptor.h"
#include "ckks/evaluator.h"
#include "ckks/noise.h"
#include "rlwe/noise.h"
#include "wire/ciphertext_bytes.h"
#include "wire/residues.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const CkksContext& context) {
  return 16 * context.context->n();
}
template <>
std::uint64_t memoryBytes(const CkksSlots& slots) {
  return slots.slots.size() * sizeof(std::complex<double>);
}
template <>
std::uint64_t memoryBytes(const ckks::Plaintext& plaintext) {
  return polyBytes(*plaintext.poly);
}
template <>
std::uint64_t memoryBytes(const ckks::Ciphertext& c) {
  return bodyBytes(c.body);
}
template <>
std::uint64_t memoryBytes(const CkksDiagonals& diagonals) {
  std::uint64_t bytes = 0;
  for (const auto& [index, values] : diagonals.values) {
    bytes += values.size() * sizeof(std::complex<double>);
  }
  return bytes;
}
template <>
std::uint64_t memoryBytes(const ckks::LinearTransform& transform) {
  return transform.words() * sizeof(std::uint64_t);
}

namespace ckks_face {

namespace {

const ckks::Ciphertext& ciphertext(Handle handle) { return held<ckks::Ciphertext>(handle); }
const ckks::Plaintext& plaintext(Handle handle) { return held<ckks::Plaintext>(handle); }
const rlwe::EvaluationKeys& evaluationKeys(Handle handle) { return held<Keys>(handle).keys; }
const ckks::Encoder& encoder(Handle context) { return held<CkksContext>(context).encoder; }

std::size_t checkedLevel(int level) {
  require(level >= 0, Code::kDepth, "a level is not negative");
  return static_cast<std::size_t>(level);
}

ckks::Encoding encoding(double bound, int slots, int level, double scale) {
  require(slots >= 0, Code::kUsage, "the number of slots is not negative");
  return {.level = checkedLevel(level),
          .scale = scale,
          .slots = static_cast<std::size_t>(slots),
          .bound = bound};
}

}  // namespace

Handle context(Handle rlwe_context) {
  const auto& context = held<rlwe::ContextPtr>(rlwe_context);
  return give(CkksContext{context, ckks::Encoder(context)});
}

Handle slots(Handle context, int count, int slots) {
  require(count >= 0 && slots >= 0, Code::kUsage, "the number of slots is not negative");
  return give(CkksSlots{
      encoder(context).slotsFor(static_cast<std::size_t>(count), static_cast<std::size_t>(slots))});
}

void putReal(Handle slots, const double* values, int offset, int count) noexcept {
  std::copy_n(values + offset, count, known<CkksSlots>(slots).slots.begin());
}

void putComplex(Handle slots, const double* real, const double* imaginary, int offset,
                int count) noexcept {
  const auto complex = [](double re, double im) { return std::complex<double>(re, im); };
  std::transform(real + offset, real + offset + count, imaginary + offset,
                 known<CkksSlots>(slots).slots.begin(), complex);
}

void takeReal(Handle slots, double* values, int offset, int count) noexcept {
  std::transform(known<CkksSlots>(slots).slots.begin(),
                 known<CkksSlots>(slots).slots.begin() + count, values + offset,
                 [](const auto& slot) { return slot.real(); });
}

void takeComplex(Handle slots, double* real, double* imaginary, int offset, int count) noexcept {
  const ckks::Slots& from = known<CkksSlots>(slots).slots;
  for (int i = 0; i < count; ++i) {
    real[offset + i] = from[static_cast<std::size_t>(i)].real();
    imaginary[offset + i] = from[static_cast<std::size_t>(i)].imag();
  }
}

Handle encode(Handle context, Handle slots, double bound, int level, double scale) {
  ckks::Slots& values = held<CkksSlots>(slots).slots;
  const int count = static_cast<int>(values.size());
  return give(encoder(context).encode(std::move(values), encoding(bound, count, level, scale)));
}

Handle encodeConstant(Handle context, double value, double bound, int level, double scale) {
  return give(encoder(context).encodeConstant(value, encoding(bound, 0, level, scale)));
}

int plaintextLevel(Handle p) { return static_cast<int>(plaintext(p).level()); }
double plaintextScale(Handle p) { return plaintext(p).scale; }

Handle encrypt(Handle public_key, Handle p) {
  return give(ckks::encrypt(plaintext(p), held<rlwe::PublicKey>(public_key)));
}

Handle encryptSeeded(Handle secret_key, Handle p) {
  return give(ckks::encrypt(plaintext(p), held<rlwe::SecretKey>(secret_key)));
}

Handle decrypt(Handle secret_key, Handle c, int count) {
  CkksSlots result{ckks::Slots(static_cast<std::size_t>(count))};
  result.error = ckks::decrypt(ciphertext(c), held<rlwe::SecretKey>(secret_key),
                               std::span<std::complex<double>>(result.slots));
  return give(std::move(result));
}

double error(Handle decrypted) { return held<CkksSlots>(decrypted).error; }

int level(Handle c) { return static_cast<int>(ciphertext(c).level()); }
int degree(Handle c) { return static_cast<int>(ciphertext(c).degree()); }
double scale(Handle c) { return ciphertext(c).scale; }
double noise(Handle c) { return ciphertext(c).noise; }
double message(Handle c) { return ciphertext(c).message; }
double capacityBits(Handle c) { return ckks::capacityBits(ciphertext(c)); }

std::int64_t packedBytes(Handle c) {
  return static_cast<std::int64_t>(wire::packedSize(ciphertext(c)));
}

void pack(Handle c, std::int64_t out, std::int64_t bytes) {
  wire::write(ciphertext(c), bytesAt(out, bytes));
}

Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed) {
  const auto& parameters = held<CkksContext>(context).context;
  const auto packed = oneCiphertext(*parameters, wire::Scheme::kCkks, bytesAt(in, bytes));
  *consumed = static_cast<std::int64_t>(packed.size());
  return give(wire::readCkksCiphertext(parameters, packed));
}

namespace {

// Encoding alone: rounding to integers, and the transform's doubles.
double encodingNoise(const rlwe::Context& context, double scale, double message) {
  return ckks::coefficientRoundingNoise(context.n()) +
         ckks::transformNoise(context.n() / 2, scale * message);
}

}  // namespace

Handle readResidues(Handle rlwe_context, int level, int parts, std::int64_t in, std::int64_t bytes,
                    int generator, const signed char* seed, double scale, double noise,
                    double message) {
  const auto& context = held<rlwe::ContextPtr>(rlwe_context);
  auto body =
      wire::readResidues<ring::Eval>(context, checkedLevel(level), static_cast<std::size_t>(parts),
                                     bytesAt(in, bytes), sealSeed(generator, seed));
  if (!std::isfinite(noise)) {
    const double fresh = std::isnan(noise) ? rlwe::freshPublicNoise(*context)
                                           : rlwe::freshSwitchedNoise(*context, body.level());
    noise = fresh + encodingNoise(*context, scale, message);
  }
  return give(ckks::adopt(std::move(body), scale, noise, message));
}

void writeResidues(Handle c, std::int64_t out, std::int64_t bytes) {
  wire::writeResidues(ciphertext(c).body, bytesAt(out, bytes));
}

void encryptOfSeed(Handle secret_key, Handle p, int generator, const signed char* seed,
                   std::int64_t out, std::int64_t bytes) {
  const auto& secret = held<rlwe::SecretKey>(secret_key);
  const ckks::Plaintext& message = plaintext(p);
  secret.context()->requireSame(*message.context);
  auto c0 =
      wire::encryptZero<ring::Eval>(secret, message.level(), sealSeed(generator, seed).value());
  addInto(c0, *message.poly);
  wire::writePoly(c0, bytesAt(out, bytes));
}

Handle readPlaintextResidues(Handle rlwe_context, int level, std::int64_t in, std::int64_t bytes,
                             double scale, double message) {
  const auto& context = held<rlwe::ContextPtr>(rlwe_context);
  context->requireLevel(checkedLevel(level));
  auto poly = wire::readPoly<ring::Eval>(context->basisQ(checkedLevel(level)), bytesAt(in, bytes));
  require(std::isnormal(scale) && scale > 0 && std::isfinite(message) && message >= 0,
          Code::kCorrupt, "a plaintext's scale and message bound must be finite and positive");
  const double noise = encodingNoise(*context, scale, message);
  ckks::requireCapacity(*context, checkedLevel(level), scale * message + noise,
                        "loading a plaintext");
  return give(ckks::Plaintext{context, ckks::WipedPoly<ring::Eval>(std::move(poly)), scale, noise,
                              message});
}

void writePlaintextResidues(Handle p, std::int64_t out, std::int64_t bytes) {
  wire::writePoly(*plaintext(p).poly, bytesAt(out, bytes));
}

Handle add(Handle a, Handle b) { return give(ckks::add(ciphertext(a), ciphertext(b))); }
Handle sub(Handle a, Handle b) { return give(ckks::sub(ciphertext(a), ciphertext(b))); }
Handle negate(Handle a) { return give(ckks::negate(ciphertext(a))); }

Handle sum(const std::int64_t* terms, int count) {
  return give(ckks::sum(allHeld<ckks::Ciphertext>(terms, count)));
}

Handle addPlain(Handle a, Handle p) { return give(ckks::addPlain(ciphertext(a), plaintext(p))); }
Handle subPlain(Handle a, Handle p) { return give(ckks::subPlain(ciphertext(a), plaintext(p))); }
Handle addScalar(Handle a, double value) { return give(ckks::addScalar(ciphertext(a), value)); }

Handle multiplyPlain(Handle a, Handle p) {
  return give(ckks::multiplyPlain(ciphertext(a), plaintext(p)));
}

Handle multiplyScalar(Handle a, double value, double scale) {
  return give(ckks::multiplyScalar(ciphertext(a), value, scale));
}

Handle multiplyInteger(Handle a, std::int64_t factor) {
  return give(ckks::multiplyInteger(ciphertext(a), factor));
}

Handle innerProductPlain(const std::int64_t* a, const std::int64_t* plaintexts, int count) {
  return give(ckks::innerProductPlain(allHeld<ckks::Ciphertext>(a, count),
                                      allHeld<ckks::Plaintext>(plaintexts, count)));
}

Handle multiply(Handle a, Handle b) { return give(ckks::multiply(ciphertext(a), ciphertext(b))); }
Handle square(Handle a) { return give(ckks::square(ciphertext(a))); }

Handle relinearize(Handle a, Handle keys) {
  return give(ckks::relinearize(ciphertext(a), evaluationKeys(keys)));
}

Handle relinearizeRescale(Handle a, Handle keys) {
  return give(ckks::relinearizeRescale(ciphertext(a), evaluationKeys(keys)));
}

Handle innerProduct(const std::int64_t* a, const std::int64_t* b, int count) {
  return give(
      ckks::innerProduct(allHeld<ckks::Ciphertext>(a, count), allHeld<ckks::Ciphertext>(b, count)));
}

Handle rescale(Handle a, int levels) {
  return give(ckks::rescale(ciphertext(a), checkedLevel(levels)));
}

Handle dropTo(Handle a, int level) {
  return give(ckks::dropTo(ciphertext(a), checkedLevel(level)));
}

Handle adjust(Handle a, int level, double scale) {
  return give(ckks::adjust(ciphertext(a), checkedLevel(level), scale));
}

Handle rotate(Handle a, std::int64_t steps, Handle keys) {
  return give(ckks::rotate(ciphertext(a), steps, evaluationKeys(keys)));
}

void rotateMany(Handle a, const std::int64_t* steps, int count, Handle keys, std::int64_t* out) {
  giveAll(ckks::rotateHoisted(ciphertext(a), std::span(steps, static_cast<std::size_t>(count)),
                              evaluationKeys(keys)),
          out);
}

Handle conjugate(Handle a, Handle keys) {
  return give(ckks::conjugate(ciphertext(a), evaluationKeys(keys)));
}

namespace {

std::size_t checkedCount(int count) {
  require(count >= 0, Code::kUsage, "a count, dimension or index is not negative");
  return static_cast<std::size_t>(count);
}

const ckks::LinearTransform& transformOf(Handle handle) {
  return held<ckks::LinearTransform>(handle);
}

}  // namespace

Handle diagonals(Handle context) {
  held<CkksContext>(context);
  return give(CkksDiagonals{});
}

void putDiagonal(Handle diagonals, int index, Handle slots) {
  const ckks::Slots values = std::move(held<CkksSlots>(slots).slots);
  held<CkksDiagonals>(diagonals).values[checkedCount(index)].assign(values.begin(), values.end());
}

int babySteps(Handle context, int level, int dimension, const std::int64_t* indices, int count) {
  const auto& parameters = held<CkksContext>(context).context;
  parameters->requireLevel(checkedLevel(level));
  return static_cast<int>(
      ckks::babyStepsFor(*parameters, checkedLevel(level), checkedCount(dimension),
                         std::vector<std::size_t>(indices, indices + checkedCount(count))));
}

Handle linearTransform(Handle context, Handle diagonals, int dimension, int baby_steps, int level,
                       double scale) {
  const auto values = std::move(held<CkksDiagonals>(diagonals).values);
  return give(ckks::LinearTransform(held<CkksContext>(context).context, values,
                                    {.dimension = checkedCount(dimension),
                                     .level = checkedLevel(level),
                                     .scale = scale,
                                     .baby_steps = checkedCount(baby_steps)}));
}

Handle apply(Handle transform, Handle a, Handle keys) {
  return give(ckks::apply(transformOf(transform), ciphertext(a), evaluationKeys(keys)));
}

Handle applyRescale(Handle transform, Handle a, Handle keys) {
  return give(ckks::applyRescale(transformOf(transform), ciphertext(a), evaluationKeys(keys)));
}

}  // namespace ckks_face

}  // namespace veilsum::bindings
