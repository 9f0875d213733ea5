#ifndef VEILSUM_GRADIENT_THRESHOLD_H_
#define VEILSUM_GRADIENT_THRESHOLD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gradient/codec.h"
#include "random/stream.h"
#include "rlwe/keys.h"

namespace veilsum::gradient {

// Keys of which n parties hold shares, t of them needed to decrypt: Shamir's sharing over R_Q with
// the parties' numbers 1..n as points (Mouchet, Bertrand, Hubaux, "An efficient threshold
// access-structure for RLWE-based multiparty homomorphic encryption", J. Cryptology 2023, ePrint
// 2022/780, section 3), the joint key of Asharov et al., EUROCRYPT 2012, section 3.
// Differences of points are below every prime, so that they are invertible.

constexpr int kMostParties = 64;

/// Bounds on the squared norms of what a party draws, which noise bounds rely on (docs): a secret
/// or an error beyond them is drawn again. Of n = 4096 or more, fewer than one in 2^60 is.
std::uint64_t mostSecretSquares(std::size_t n);  ///< 3 n / 4, of 2 n / 3 in the mean
std::uint64_t mostErrorSquares(std::size_t n);   ///< 12 n, of 10.5 n in the mean

/// What party i makes: a fresh ternary secret s_i and error e_i, b_i = -a s_i + e_i, and the points
/// f(1), ..., f(parties) of a polynomial f of degree threshold - 1 over R_Q, uniform but for
/// f(0) = s_i. All is a function of the seed `secret`; a is that of `common` (residue j from stream
/// j, as in rlwe::PublicKey). b and the shares are packed, in evaluation form.
void deal(const Codec& codec, const random::Seed& common, const random::Seed& secret, int threshold,
          int parties, std::span<std::uint8_t> b, std::span<std::uint8_t> shares);

/// Who opens a sum: `party` is one of `participants`, which are ascending.
struct Opening {
  int party;
  std::vector<int> participants;
  int flooding_bits;  ///< F: each of three uniform parts of the flooding error has so many bits
};

/// Party i's part of opening one chunk, packed in coefficient form:
///   lambda_i c_1 share_i + t e + sum over j of (i < j ? mask_ij : -mask_ij)   modulo Q,
/// lambda_i = prod over j of j / (j - i) over the other participants j. e floods (floodingError),
/// freshly drawn at each call. Masks are pseudorandom polynomials of a seed that the two parties
/// share and nobody else knows (residue r of chunk k from stream k |Q| + r, 128 bits modulo the
/// prime): they cancel in the sum of all parts (Bonawitz et al., CCS 2017, section 4), and leave
/// each part uniform on its own. Without them a part tells more than its flooding hides (docs).
/// `masks` has a seed for each of the other participants, in order. Constant time.
void openPart(const Codec& codec, const Opening& opening, std::span<const std::uint8_t> share,
              std::span<const random::Seed> masks, std::uint64_t chunk,
              std::span<const std::uint8_t> c1, std::span<std::uint8_t> out);

/// The exact sums of a chunk, of c_0 (in coefficient form) and the parts of all participants.
/// Code::kBadInput where a sum is above `most`, as it is with parts that do not belong together.
void combine(const Codec& codec, std::span<const std::uint8_t> c0,
             std::span<const std::uint8_t* const> parts, std::uint64_t most,
             std::span<std::uint64_t> sums);

/// Flooding errors: the sum of three independent uniform integers of F bits, less its mean rounded
/// down, so that |e| <= 3 2^(F-1). A sum of three, and not one uniform integer, has a statistical
/// distance to its own shift by z that is quadratic in z (docs/aggregation.md). Constant time.
/// `out` holds e + floor(3 (2^F - 1) / 2), which is not negative; F is 1 to 120.
void floodingError(random::Stream& stream, int bits, std::span<unsigned __int128> out);

}  // namespace veilsum::gradient

#endif  // VEILSUM_GRADIENT_THRESHOLD_H_
