#ifndef VEILSUM_KERNEL_SEAL_LANES_H_
#define VEILSUM_KERNEL_SEAL_LANES_H_

#include <cstddef>
#include <cstdint>

#include "kernel/seal_streams.h"

// The two generators of Microsoft SEAL's seeds on lanes of 64-bit words: Word is uint64_t (one
// lane) or a vector of several lanes with the operators of GCC's vector extensions.

namespace veilsum::kernel {
// Without a name: each including file compiles its own copy, with the flags of its instruction set.
namespace {

template <class Word>
constexpr std::size_t kLanesOf = sizeof(Word) / 8;

inline std::uint64_t laneOf(std::uint64_t word, std::size_t) { return word; }
template <class Word>
inline std::uint64_t laneOf(const Word& word, std::size_t lane) {
  return word[lane];
}

/// first, first + 1, ... in the lanes.
template <class Word>
inline Word countingFrom(std::uint64_t first) {
  Word word{};
  if constexpr (kLanesOf<Word> == 1) {
    word = first;
  } else {
    for (std::size_t lane = 0; lane < kLanesOf<Word>; ++lane) word[lane] = first + lane;
  }
  return word;
}

template <int kCount, class Word>
[[gnu::always_inline]] inline Word rotateRight(Word x) {
  return (x >> kCount) | (x << (64 - kCount));
}

// BLAKE2b (RFC 7693, sections 2.6, 2.7 and 3.1).
constexpr std::uint64_t kBlakeIv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                       0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                       0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr unsigned char kSigma[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                          {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                          {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                          {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                          {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                          {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                          {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                          {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                          {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

template <class Word>
[[gnu::always_inline]] inline void mix(Word& a, Word& b, Word& c, Word& d, Word x, Word y) {
  a = a + b + x, d = rotateRight<32>(d ^ a);
  c = c + d, b = rotateRight<24>(b ^ c);
  a = a + b + y, d = rotateRight<16>(d ^ a);
  c = c + d, b = rotateRight<63>(b ^ c);
}

// Rounds kRound to 11, unrolled: the words of the message are then named, not looked up.
template <int kRound, class Word>
[[gnu::always_inline]] inline void rounds(Word (&v)[16], const Word (&m)[16]) {
  if constexpr (kRound < 12) {
    constexpr const unsigned char* s = kSigma[kRound % 10];
    mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
    rounds<kRound + 1>(v, m);
  }
}

/// One 128-byte block; `bytes` so far, this one included, and `last` are the same in all lanes.
template <class Word>
[[gnu::always_inline]] inline void compress(Word (&h)[8], const Word (&m)[16], std::uint64_t bytes,
                                            bool last) {
  Word v[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) v[i] = h[i], v[8 + i] = Word{} + kBlakeIv[i];
  v[12] = v[12] ^ (Word{} + bytes);
  if (last) v[14] = ~v[14];
  rounds<0>(v, m);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) h[i] = h[i] ^ v[i] ^ v[8 + i];
}

/// Block `counter` of Blake2xb keyed with the seed (Aumasson et al., "BLAKE2X", 2016, section 2):
/// the root hashes the counter's 8 bytes; each 64 bytes of output are a node that hashes the root.
/// One node a lane.
template <class Word>
inline void blake2xbBlock(const std::uint64_t* seed, std::uint64_t counter, std::uint64_t* out) {
  // Root: digest 64, key 64, fanout 1, depth 1; the XOF's length in bytes 12 to 15.
  constexpr std::uint64_t kXof = std::uint64_t{8 * SealStreams::kBlockWords} << 32;
  std::uint64_t root[8], block[16] = {};
  for (int i = 0; i < 8; ++i) root[i] = kBlakeIv[i], block[i] = seed[i];
  root[0] ^= 64 | 64 << 8 | 1 << 16 | 1 << 24;
  root[1] ^= kXof;
  compress(root, block, 128, false);
  for (int i = 0; i < 8; ++i) block[i] = 0;
  block[0] = counter;
  compress(root, block, 136, true);

  Word m[16] = {};
  for (int i = 0; i < 8; ++i) m[i] = m[i] + root[i];
  for (std::size_t node = 0; node < SealStreams::kBlockWords / 8; node += kLanesOf<Word>) {
    // Node: digest 64, no key, fanout 0, depth 0, leaf length 64, node offset, inner length 64.
    Word h[8];
    for (int i = 0; i < 8; ++i) h[i] = Word{} + kBlakeIv[i];
    h[0] = h[0] ^ (Word{} + (std::uint64_t{64} | std::uint64_t{64} << 32));
    h[1] = h[1] ^ (countingFrom<Word>(node) | (Word{} + kXof));
    h[2] = h[2] ^ (Word{} + (std::uint64_t{64} << 8));
    compress(h, m, 64, true);
    for (std::size_t lane = 0; lane < kLanesOf<Word>; ++lane) {
      for (int i = 0; i < 8; ++i) out[8 * (node + lane) + i] = laneOf(h[i], lane);
    }
  }
}

// Keccak-f[1600] (FIPS 202, section 3).
constexpr std::uint64_t kKeccakRound[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
constexpr int kRho[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                          27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
constexpr int kPi[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                         15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

// rho and pi together: lanes i to 23 of the cycle of pi.
template <int i, class Word>
[[gnu::always_inline]] inline void moveLanes(Word (&a)[25], Word moved) {
  if constexpr (i < 24) {
    const Word next = a[kPi[i]];
    a[kPi[i]] = rotateRight<64 - kRho[i]>(moved);
    moveLanes<i + 1>(a, next);
  }
}

template <class Word>
inline void permute(Word (&a)[25]) {
  for (int round = 0; round < 24; ++round) {
    Word c[5];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) {
      const Word d = c[(x + 4) % 5] ^ rotateRight<63>(c[(x + 1) % 5]);
#pragma GCC unroll 5
      for (int y = 0; y < 25; y += 5) a[x + y] = a[x + y] ^ d;
    }
    moveLanes<0>(a, a[1]);
#pragma GCC unroll 5
    for (int y = 0; y < 25; y += 5) {
      Word row[5];
#pragma GCC unroll 5
      for (int x = 0; x < 5; ++x) row[x] = a[y + x];
#pragma GCC unroll 5
      for (int x = 0; x < 5; ++x) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    a[0] = a[0] ^ (Word{} + kKeccakRound[round]);
  }
}

/// Blocks `counter`, `counter` + 1, ... of SHAKE-256 (FIPS 202, section 6.2) of seed || counter:
/// one block a lane, one after the other in `out`.
template <class Word>
inline void shake256Blocks(const std::uint64_t* seed, std::uint64_t counter, std::uint64_t* out) {
  constexpr std::size_t kRate = 17, kWords = SealStreams::kBlockWords;
  Word state[25] = {};
  for (int i = 0; i < 8; ++i) state[i] = state[i] + seed[i];
  state[8] = countingFrom<Word>(counter);
  state[9] = state[9] + std::uint64_t{0x1f};
  state[16] = state[16] + (std::uint64_t{1} << 63);
  for (std::size_t word = 0; word < kWords; word += kRate) {
    permute(state);
    for (std::size_t i = 0; i < kRate && word + i < kWords; ++i) {
      for (std::size_t lane = 0; lane < kLanesOf<Word>; ++lane) {
        out[lane * kWords + word + i] = laneOf(state[i], lane);
      }
    }
  }
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_SEAL_LANES_H_
