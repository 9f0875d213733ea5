#ifndef VEILSUM_GRADIENT_UPDATE_H_
#define VEILSUM_GRADIENT_UPDATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <variant>
#include <vector>

#include "gradient/codec.h"
#include "random/stream.h"
#include "rlwe/keys.h"
#include "rlwe/small_poly.h"

namespace veilsum::gradient {

/// Real numbers on their way to integers of b bits: v in [-clip, clip] (others are clipped) becomes
/// (v + clip) (2^b - 1) / (2 clip), rounded down or up at random so that its mean is kept. clip is
/// from 2^-100 to 2^100. Code::kBadInput, with the index, for NaN and infinities.
struct Clip {
  double clip;
};

/// The numbers of a chunk, at most chunkNumbers(); those that lack are zero. Integers are words
/// below 2^b; Code::kOutOfRange, with the index, for others.
using Numbers =
    std::variant<std::span<const float>, std::span<const double>, std::span<const std::uint64_t>>;

/// One client's update of one round: a public seed and a secret one, both fresh, for any number of
/// chunks. Chunk k is c_0 = -a s + t e + M modulo Q, in coefficient form; residue i of a, in
/// evaluation form, is the seed's stream k |Q| + i. Safe for several threads.
class Update {
 public:
  explicit Update(std::shared_ptr<const Codec> codec);

  const std::shared_ptr<const Codec>& codec() const { return codec_; }
  /// The public seed of the random halves.
  const random::Seed& seed() const { return seed_; }

  /// Encrypts one chunk into polynomialBytes() packed bytes. A chunk is encrypted once: two
  /// messages under one random half would give away their difference (Code::kUsage). `first` is the
  /// index of its first number, for errors.
  void encrypt(const rlwe::SecretKey& secret, std::uint64_t chunk, const Numbers& numbers,
               Clip clip, std::uint64_t first, std::span<std::uint8_t> out);

 private:
  void use(std::uint64_t chunk);

  std::shared_ptr<const Codec> codec_;
  random::Seed seed_;
  std::unique_ptr<const rlwe::FreshSeed> secret_seed_;
  std::unique_ptr<std::mutex> mutex_;
  std::vector<bool> used_;
};

/// The integers of a chunk's numbers, chunkNumbers() words; `rounding` is used for real numbers.
void quantize(const Codec& codec, const Numbers& numbers, Clip clip, random::Stream& rounding,
              std::uint64_t first, std::span<std::uint64_t> out);

}  // namespace veilsum::gradient

#endif  // VEILSUM_GRADIENT_UPDATE_H_
