#include "bindings/bfv.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "bfv/decryptor.h"
#include "bfv/encryptor.h"
#include "bfv/evaluator.h"
#include "bfv/noise.h"
#include "bfv/operands.h"
#include "bindings/bfv_objects.h"
#include "bindings/exchange.h"
#include "rlwe/noise.h"
#include "wire/ciphertext_bytes.h"
#include "wire/residues.h"

namespace veilsum::bindings {

template <>
std::uint64_t memoryBytes(const BfvContext& context) {
  return 4 * 8 * context.context->n() * context.context->rlwe()->parameters().q.size();
}
template <>
std::uint64_t memoryBytes(const BfvValues& values) {
  return values.residues.size() * 8;
}
template <>
std::uint64_t memoryBytes(const BfvPlaintext& plaintext) {
  return plaintext.plaintext.coefficients.size() * 8;
}
template <>
std::uint64_t memoryBytes(const bfv::Ciphertext& c) {
  return bodyBytes(c.body);
}

namespace {

void requireCount(int count, const bfv::Context& context) {
  if (count >= 0 && static_cast<std::size_t>(count) <= context.n()) return;
  throw Error(Code::kOutOfRange, std::to_string(count) + " values do not fit the " +
                                     std::to_string(context.n()) + " slots of a plaintext");
}

}  // namespace

BfvValues decryptedSlots(const BfvContext& context, const bfv::Plaintext& plaintext, int count) {
  requireCount(count, *context.context);
  return {.residues = context.slots().evaluate(plaintext), .transformed = true};
}

BfvValues decryptedCoefficients(const BfvContext& context, bfv::Plaintext&& plaintext, int count) {
  requireCount(count, *context.context);
  return {.residues = std::move(plaintext.coefficients)};
}

namespace bfv_face {

namespace {

const bfv::Ciphertext& ciphertext(Handle handle) { return held<bfv::Ciphertext>(handle); }
const bfv::Plaintext& plaintext(Handle handle) { return held<BfvPlaintext>(handle).plaintext; }
const rlwe::EvaluationKeys& evaluationKeys(Handle handle) { return held<Keys>(handle).keys; }

std::span<const std::int64_t> span(const std::int64_t* values, int count) {
  return {values, static_cast<std::size_t>(count)};
}

// The residues of values that all kept their range.
bfv::Residues residuesWithin(Handle handle) {
  auto& values = held<BfvValues>(handle);
  if (values.outside == BfvValues::kNone) return std::move(values.residues);
  throw Error(Code::kOutOfRange, "value " + std::to_string(values.outside) +
                                     " is outside of the range " +
                                     std::to_string(values.range.least) + ".." +
                                     std::to_string(values.range.greatest));
}

std::size_t checkedLevel(int level) {
  require(level >= 0, Code::kDepth, "a level is not negative");
  return static_cast<std::size_t>(level);
}

}  // namespace

Handle context(Handle rlwe_context, std::int64_t t) {
  auto context =
      bfv::Context::create(held<rlwe::ContextPtr>(rlwe_context), static_cast<std::uint64_t>(t));
  BfvContext result{context, bfv::CoefficientEncoder(context), std::nullopt};
  if (context->supportsBatching()) result.batch.emplace(context);
  return give(std::move(result));
}

Handle values(Handle context, int count, std::int64_t least, std::int64_t greatest) {
  const bfv::Context& bfv = *held<BfvContext>(context).context;
  requireCount(count, bfv);
  const bfv::Interval all = bfv::signedRange(bfv.t());
  require(all.least <= least && least <= greatest && greatest <= all.greatest, Code::kOutOfRange,
          "the range of the values must lie within that of the plaintext modulus");
  return give(BfvValues{.residues = bfv::Residues(bfv.n()), .range = {least, greatest}});
}

void put(Handle context, Handle values, const std::int64_t* from, int offset, int count) noexcept {
  auto& to = known<BfvValues>(values);
  const auto all = span(from + offset, count);
  const std::size_t first =
      bfv::reduce(all, to.range, known<BfvContext>(context).context->t(), to.residues);
  to.outside = first < all.size() ? first : BfvValues::kNone;
}

void take(Handle context, Handle values, std::int64_t* to, int offset, int count) noexcept {
  const auto& bfv = known<BfvContext>(context);
  const auto& from = known<BfvValues>(values);
  const std::span out(to + offset, static_cast<std::size_t>(count));
  if (from.transformed) {
    bfv.batch->signedSlots(from.residues, out);
  } else {
    bfv::centre(from.residues, bfv.context->t(), out);
  }
}

Handle encode(Handle context, Handle values) {
  const bfv::BatchEncoder& encoder = held<BfvContext>(context).slots();
  return give(BfvPlaintext{encoder.encode(residuesWithin(values))});
}

Handle encodeCoefficients(Handle context, Handle values) {
  const bfv::CoefficientEncoder& encoder = held<BfvContext>(context).coefficients;
  return give(BfvPlaintext{encoder.encode(residuesWithin(values))});
}

Handle encrypt(Handle public_key, Handle p, int level) {
  return give(bfv::encrypt(plaintext(p), held<rlwe::PublicKey>(public_key), checkedLevel(level)));
}

Handle encryptSeeded(Handle secret_key, Handle p, int level) {
  return give(bfv::encrypt(plaintext(p), held<rlwe::SecretKey>(secret_key), checkedLevel(level)));
}

Handle decrypt(Handle context, Handle secret_key, Handle c, int count) {
  const auto& bfv = held<BfvContext>(context);
  return give(
      decryptedSlots(bfv, bfv::decrypt(ciphertext(c), held<rlwe::SecretKey>(secret_key)), count));
}

Handle decryptCoefficients(Handle context, Handle secret_key, Handle c, int count) {
  const auto& bfv = held<BfvContext>(context);
  return give(decryptedCoefficients(
      bfv, bfv::decrypt(ciphertext(c), held<rlwe::SecretKey>(secret_key)), count));
}

int level(Handle c) { return static_cast<int>(ciphertext(c).level()); }
int degree(Handle c) { return static_cast<int>(ciphertext(c).degree()); }
double log2Noise(Handle c) { return ciphertext(c).log2_noise; }
double noiseBudgetBits(Handle c) { return bfv::noiseBudgetBits(ciphertext(c)); }

std::int64_t packedBytes(Handle c) {
  return static_cast<std::int64_t>(wire::packedSize(ciphertext(c)));
}

void pack(Handle c, std::int64_t out, std::int64_t bytes) {
  wire::write(ciphertext(c), bytesAt(out, bytes));
}

Handle load(Handle context, std::int64_t in, std::int64_t bytes, std::int64_t* consumed) {
  const auto& parameters = held<BfvContext>(context).context;
  const auto packed = oneCiphertext(*parameters->rlwe(), wire::Scheme::kBfv, bytesAt(in, bytes));
  *consumed = static_cast<std::int64_t>(packed.size());
  return give(wire::readBfvCiphertext(parameters, packed));
}

Handle readResidues(Handle context, int level, int parts, std::int64_t in, std::int64_t bytes,
                    int generator, const signed char* seed, double log2_noise) {
  const bfv::ContextPtr& bfv = held<BfvContext>(context).context;
  auto body = wire::readResidues<ring::Coeff>(bfv->rlwe(), checkedLevel(level),
                                              static_cast<std::size_t>(parts), bytesAt(in, bytes),
                                              sealSeed(generator, seed));
  if (std::isnan(log2_noise)) {
    log2_noise = bfv::log2FreshPublicNoise(*bfv);
  } else if (log2_noise == -std::numeric_limits<double>::infinity()) {
    log2_noise = std::log2(rlwe::freshSwitchedNoise(*bfv->rlwe(), body.level()) +
                           bfv::plaintextRoundingNoise(*bfv));
  }
  return give(bfv::adopt(bfv, std::move(body), log2_noise));
}

void writeResidues(Handle c, std::int64_t out, std::int64_t bytes) {
  wire::writeResidues(ciphertext(c).body, bytesAt(out, bytes));
}

void encryptOfSeed(Handle secret_key, Handle p, int level, int generator, const signed char* seed,
                   std::int64_t out, std::int64_t bytes) {
  const auto& secret = held<rlwe::SecretKey>(secret_key);
  const bfv::Plaintext& message = plaintext(p);
  secret.context()->requireSame(*message.context->rlwe());
  auto c0 = wire::encryptZero<ring::Coeff>(secret, checkedLevel(level),
                                           sealSeed(generator, seed).value());
  bfv::addScaled(*message.context, c0, message.coefficients, false);
  wire::writePoly(c0, bytesAt(out, bytes));
}

Handle readPlaintextResidues(Handle context, std::int64_t in, std::int64_t bytes) {
  const bfv::ContextPtr& bfv = held<BfvContext>(context).context;
  Buffer<std::uint64_t, true> coefficients(bfv->n(), unset);
  require(static_cast<std::size_t>(bytes) == 8 * bfv->n(), Code::kCorrupt,
          "a plaintext has a coefficient for each power of X");
  std::memcpy(coefficients.data(), bytesAt(in, bytes).data(), 8 * bfv->n());
  std::uint64_t above = 0;
  for (const std::uint64_t x : coefficients) above |= static_cast<std::uint64_t>(x >= bfv->t());
  require(above == 0, Code::kCorrupt, "a plaintext holds a coefficient that is not below t");
  return give(BfvPlaintext{bfv::Plaintext{bfv, std::move(coefficients)}});
}

void writePlaintextResidues(Handle p, std::int64_t out, std::int64_t bytes) {
  const auto& coefficients = plaintext(p).coefficients;
  require(static_cast<std::size_t>(bytes) == 8 * coefficients.size(), Code::kUsage,
          "a plaintext has a coefficient for each power of X");
  std::memcpy(bytesAt(out, bytes).data(), coefficients.data(), 8 * coefficients.size());
}

Handle add(Handle a, Handle b) { return give(bfv::add(ciphertext(a), ciphertext(b))); }
Handle sub(Handle a, Handle b) { return give(bfv::sub(ciphertext(a), ciphertext(b))); }
Handle negate(Handle a) { return give(bfv::negate(ciphertext(a))); }

Handle sum(const std::int64_t* terms, int count) {
  return give(bfv::sum(allHeld<bfv::Ciphertext>(terms, count)));
}

Handle addPlain(Handle a, Handle p) { return give(bfv::addPlain(ciphertext(a), plaintext(p))); }
Handle subPlain(Handle a, Handle p) { return give(bfv::subPlain(ciphertext(a), plaintext(p))); }
Handle addScalar(Handle a, std::int64_t k) { return give(bfv::addScalar(ciphertext(a), k)); }

Handle multiplyPlain(Handle a, Handle p) {
  return give(bfv::multiplyPlain(ciphertext(a), held<BfvPlaintext>(p).forProducts()));
}

Handle multiplyScalar(Handle a, std::int64_t k) {
  return give(bfv::multiplyScalar(ciphertext(a), k));
}

Handle innerProductPlain(const std::int64_t* a, const std::int64_t* plaintexts, int count) {
  std::vector<const bfv::EvalPlaintext*> prepared;
  for (const BfvPlaintext* p : allHeld<BfvPlaintext>(plaintexts, count)) {
    prepared.push_back(&p->forProducts());
  }
  return give(bfv::innerProductPlain(allHeld<bfv::Ciphertext>(a, count), prepared));
}

Handle multiply(Handle a, Handle b) { return give(bfv::multiply(ciphertext(a), ciphertext(b))); }
Handle square(Handle a) { return give(bfv::square(ciphertext(a))); }

Handle relinearize(Handle a, Handle keys) {
  return give(bfv::relinearize(ciphertext(a), evaluationKeys(keys)));
}

Handle multiplyRelinearize(Handle a, Handle b, Handle keys) {
  return give(a == b
                  ? bfv::squareRelinearize(ciphertext(a), evaluationKeys(keys))
                  : bfv::multiplyRelinearize(ciphertext(a), ciphertext(b), evaluationKeys(keys)));
}

Handle innerProduct(const std::int64_t* a, const std::int64_t* b, int count) {
  const auto left = allHeld<bfv::Ciphertext>(a, count);
  const auto right = allHeld<bfv::Ciphertext>(b, count);
  return give(bfv::innerProduct(bfv::CiphertextRefs(left), bfv::CiphertextRefs(right)));
}

Handle switchToLevel(Handle a, int level) {
  return give(bfv::modSwitchTo(ciphertext(a), checkedLevel(level)));
}

Handle rotate(Handle a, std::int64_t steps, Handle keys) {
  return give(bfv::rotateRows(ciphertext(a), steps, evaluationKeys(keys)));
}

void rotateMany(Handle a, const std::int64_t* steps, int count, Handle keys, std::int64_t* out) {
  giveAll(bfv::rotateRowsHoisted(ciphertext(a), span(steps, count), evaluationKeys(keys)), out);
}

Handle swapRows(Handle a, Handle keys) {
  return give(bfv::rotateColumns(ciphertext(a), evaluationKeys(keys)));
}

}  // namespace bfv_face

}  // namespace veilsum::bindings
