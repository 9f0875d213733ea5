#include "bindings/threshold.h"

#include <algorithm>
#include <vector>

#include "bindings/held.h"
#include "gradient/threshold.h"

namespace veilsum::bindings::threshold_face {

using CodecPtr = std::shared_ptr<const gradient::Codec>;

namespace {

const random::Seed& seedAt(std::int64_t address) {
  return *reinterpret_cast<const random::Seed*>(address);
}

}  // namespace

void deal(Handle codec, std::int64_t common, std::int64_t secret, int threshold, int parties,
          std::int64_t b, std::int64_t bytes, std::int64_t shares, std::int64_t share_bytes) {
  gradient::deal(*held<CodecPtr>(codec), seedAt(common), seedAt(secret), threshold, parties,
                 bytesAt(b, bytes), bytesAt(shares, share_bytes));
}

void openPart(Handle codec, int party, const std::int64_t* participants, int count,
              int flooding_bits, std::int64_t share, std::int64_t masks, std::int64_t chunk,
              std::int64_t c1, std::int64_t out, std::int64_t bytes) {
  gradient::Opening opening{party, {}, flooding_bits};
  for (int i = 0; i < count; ++i) {
    opening.participants.push_back(
        static_cast<int>(std::clamp<std::int64_t>(participants[i], 0, gradient::kMostParties + 1)));
  }
  const auto others = static_cast<std::size_t>(std::max(count - 1, 0));
  gradient::openPart(*held<CodecPtr>(codec), opening, bytesAt(share, bytes),
                     {reinterpret_cast<const random::Seed*>(masks), others},
                     static_cast<std::uint64_t>(chunk), bytesAt(c1, bytes), bytesAt(out, bytes));
}

void combine(Handle codec, std::int64_t c0, const std::int64_t* parts, int count,
             std::int64_t bytes, std::int64_t most, std::int64_t sums, std::int64_t numbers) {
  const gradient::Codec& of = *held<CodecPtr>(codec);
  require(bytes == static_cast<std::int64_t>(of.polynomialBytes()), Code::kUsage,
          "a packed polynomial of another size");
  std::vector<const std::uint8_t*> packed;
  for (int i = 0; i < count; ++i) packed.push_back(bytesAt(parts[i], bytes).data());
  gradient::combine(of, bytesAt(c0, bytes), packed, static_cast<std::uint64_t>(most),
                    {reinterpret_cast<std::uint64_t*>(sums), static_cast<std::size_t>(numbers)});
}

}  // namespace veilsum::bindings::threshold_face
