#include "gradient/update.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/secrecy.h"
#include "kernel/table.h"
#include "random/samplers.h"
#include "ring/rows.h"
#include "wire/packed.h"

namespace veilsum::gradient {

namespace {

constexpr std::uint64_t kMostChunks = std::uint64_t{1} << 24;

template <class Real>
[[noreturn]] void refuseNotFinite(std::span<const Real> values, std::uint64_t first) {
  std::size_t i = 0;
  while (i < values.size() && std::isfinite(values[i])) ++i;
  throw Error(Code::kBadInput, "the value at index " + std::to_string(first + i) + " is " +
                                   (std::isnan(values[i]) ? "NaN" : "infinite") +
                                   "; only finite numbers can be added up");
}

template <class Real, class Kernel>
void quantizeReal(std::span<const Real> values, Kernel kernel, const kernel::Quantizer& quantizer,
                  random::Stream& rounding, std::uint64_t first, std::uint64_t* out) {
  constexpr std::size_t kBatch = 2048;
  Buffer<std::uint32_t, true> random(kBatch);
  for (std::size_t begin = 0; begin < values.size(); begin += kBatch) {
    const auto batch = values.subspan(begin, std::min(kBatch, values.size() - begin));
    rounding.fill({reinterpret_cast<std::uint8_t*>(random.data()), 4 * batch.size()});
    // Whether a value is refused is public, and then which one.
    if (!declassified(kernel(batch.data(), random.data(), batch.size(), quantizer, out + begin))) {
      refuseNotFinite(batch, first + begin);
    }
  }
}

void copyIntegers(std::span<const std::uint64_t> values, int bits, std::uint64_t first,
                  std::uint64_t* out) {
  std::uint64_t all = 0;
  for (const std::uint64_t value : values) all |= value;
  // Whether a value is refused is public, and then which one.
  if (declassified(all >> bits != 0)) {
    std::size_t i = 0;
    while (values[i] >> bits == 0) ++i;
    throw Error(Code::kOutOfRange, "the integer at index " + std::to_string(first + i) +
                                       " does not have " + std::to_string(bits) + " bits");
  }
  std::copy(values.begin(), values.end(), out);
}

}  // namespace

void quantize(const Codec& codec, const Numbers& numbers, Clip clip, random::Stream& rounding,
              std::uint64_t first, std::span<std::uint64_t> out) {
  const std::size_t count = std::visit([](const auto& values) { return values.size(); }, numbers);
  require(count <= out.size() && out.size() == codec.chunkNumbers(), Code::kUsage,
          "more numbers than a chunk holds");
  if (const auto* integers = std::get_if<std::span<const std::uint64_t>>(&numbers)) {
    copyIntegers(*integers, codec.layout().bits, first, out.data());
  } else {
    require(clip.clip >= 0x1p-100 && clip.clip <= 0x1p100, Code::kOutOfRange,
            "the clip must lie in [2^-100, 2^100]");
    const double most = std::ldexp(1.0, codec.layout().bits) - 1;
    const kernel::Quantizer quantizer{clip.clip, most / (2 * clip.clip), most};
    if (const auto* floats = std::get_if<std::span<const float>>(&numbers)) {
      quantizeReal(*floats, kernel::table().quantizeFloats, quantizer, rounding, first, out.data());
    } else {
      quantizeReal(std::get<std::span<const double>>(numbers), kernel::table().quantizeDoubles,
                   quantizer, rounding, first, out.data());
    }
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(count), out.end(), 0);
}

Update::Update(std::shared_ptr<const Codec> codec)
    : codec_(std::move(codec)),
      seed_(random::systemSeed()),
      secret_seed_(std::make_unique<const rlwe::FreshSeed>()),
      mutex_(std::make_unique<std::mutex>()) {}

void Update::use(std::uint64_t chunk) {
  if (chunk >= kMostChunks) {
    throw Error(Code::kOutOfRange, "an update has at most " + std::to_string(kMostChunks) +
                                       " chunks of " + std::to_string(codec_->chunkNumbers()) +
                                       " numbers; split it");
  }
  const std::lock_guard lock(*mutex_);
  if (used_.size() <= chunk) used_.resize(chunk + 1);
  require(!used_[chunk], Code::kUsage,
          "this chunk of the update is encrypted already; begin another update");
  used_[chunk] = true;
}

void Update::encrypt(const rlwe::SecretKey& secret, std::uint64_t chunk, const Numbers& numbers,
                     Clip clip, std::uint64_t first, std::span<std::uint8_t> out) {
  const Codec& codec = *codec_;
  secret.context()->requireSame(*codec.context());
  require(out.size() == codec.polynomialBytes(), Code::kUsage,
          "the output of a chunk has another size");
  use(chunk);
  const std::size_t n = codec.n();
  const ring::Basis& basis = *codec.basis();
  // Two secret streams a chunk: of the error, and of the rounding.
  random::Stream error_stream(secret_seed_->value, 2 * chunk);
  random::Stream rounding(secret_seed_->value, 2 * chunk + 1);

  Buffer<std::uint64_t, true> integers(codec.chunkNumbers());
  quantize(codec, numbers, clip, rounding, first, integers);
  Buffer<std::int8_t, true> error(n);
  random::sampleNoise(error_stream, error);

  Buffer<std::uint64_t> product(n);  // a s: public with the message's row alone
  Buffer<std::uint64_t, true> row(n), lifted(n);
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const arith::Modulus& q = basis.modulus(i);
    random::expandUniform(seed_, chunk * basis.size() + i, q, product);
    ring::rows::mul(q, n, product.data(), secret.secretPoly().residue(i), product.data());
    basis.ntt(i).inverse(product.data());
    kernel::table().liftSigned(error.data(), n, q.value(), lifted.data());
    codec.encodeRow(i, integers, lifted, row);
    ring::rows::sub(q, n, row.data(), product.data(), row.data());
    const std::size_t bytes = wire::packedRowSize(n, q);
    wire::packRow(row, q, out.first(bytes));
    out = out.subspan(bytes);
  }
  wipe(product.data(), n * sizeof(std::uint64_t));
}

}  // namespace veilsum::gradient
