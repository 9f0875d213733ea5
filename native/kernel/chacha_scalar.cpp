// ChaCha20's block function (RFC 8439, section 2.3) with a 64-bit block counter.

#include <bit>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {
namespace {

inline void quarterRound(std::uint32_t* x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 7);
}

}  // namespace

void chacha20(const std::uint32_t* state, std::size_t blocks, std::uint8_t* out) {
  std::uint32_t input[16], x[16];
  for (int i = 0; i < 16; ++i) input[i] = state[i];
  for (std::size_t block = 0; block < blocks; ++block, out += 64) {
    for (int i = 0; i < 16; ++i) x[i] = input[i];
    for (int round = 0; round < 10; ++round) {
      quarterRound(x, 0, 4, 8, 12);
      quarterRound(x, 1, 5, 9, 13);
      quarterRound(x, 2, 6, 10, 14);
      quarterRound(x, 3, 7, 11, 15);
      quarterRound(x, 0, 5, 10, 15);
      quarterRound(x, 1, 6, 11, 12);
      quarterRound(x, 2, 7, 8, 13);
      quarterRound(x, 3, 4, 9, 14);
    }
    for (int i = 0; i < 16; ++i) {
      const std::uint32_t word = x[i] + input[i];
      for (int byte = 0; byte < 4; ++byte) {
        out[4 * i + byte] = static_cast<std::uint8_t>(word >> (8 * byte));
      }
    }
    if (++input[12] == 0) ++input[13];
  }
  wipe(input, sizeof(input));
  wipe(x, sizeof(x));
}

}  // namespace veilsum::kernel::scalar
