#ifndef VEILSUM_BINDINGS_THRESHOLD_H_
#define VEILSUM_BINDINGS_THRESHOLD_H_

#include "bindings/object.h"

/// Threshold keys: gradient/threshold.h over addresses. Seeds have 32 bytes; polynomials are
/// packed.
namespace veilsum::bindings::threshold_face {

/// gradient::deal: b, and one polynomial for each party.
void deal(Handle codec, std::int64_t common, std::int64_t secret, int threshold, int parties,
          std::int64_t b, std::int64_t bytes, std::int64_t shares, std::int64_t share_bytes);
/// gradient::openPart; the masks are seeds one after the other, one fewer than participants.
void openPart(Handle codec, int party, const std::int64_t* participants, int count,
              int flooding_bits, std::int64_t share, std::int64_t masks, std::int64_t chunk,
              std::int64_t c1, std::int64_t out, std::int64_t bytes);
/// gradient::combine; `parts` are addresses of polynomials of `bytes` bytes.
void combine(Handle codec, std::int64_t c0, const std::int64_t* parts, int count,
             std::int64_t bytes, std::int64_t most, std::int64_t sums, std::int64_t numbers);

}  // namespace veilsum::bindings::threshold_face

#endif  // VEILSUM_BINDINGS_THRESHOLD_H_
