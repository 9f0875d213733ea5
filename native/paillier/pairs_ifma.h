#ifndef VEILSUM_PAILLIER_PAIRS_IFMA_H_
#define VEILSUM_PAILLIER_PAIRS_IFMA_H_

#include <cstddef>
#include <cstdint>

/// Montgomery arithmetic with AVX-512 IFMA on eight numbers side by side, each modulo the square of
/// its own modulus M. Limbs have 52 bits; limb i of the eight numbers is one vector. R = 2^(52 k).
///
/// A number x modulo M^2 is a pair (u, v) with x = u - vM. Montgomery's reduction (1985) of u u' to
/// t = (u u' + q M) / R gives its quotient q for nothing, and
///
///   (u - vM)(u' - v'M) = R t - (u v' + v u' + q) M   modulo M^2,
///
/// so the product divided by R is the pair (t, (u v' + v u' + q) / R mod M). That takes five
/// products of k limbs, and a square three and a half, where numbers of 2k limbs take eight and
/// six. Values stay below 2^8 M, which R >= 2^16 M allows without a final subtraction (Walter
/// 1999).
///
/// Every element carries the checksums of u and v, the sums of their limbs modulo 2^52 - 1. As
/// 2^52 = 1 there, the identities above hold for checksums too; every product is checked so, and
/// functions return the lanes (bit l: lane l) where it failed: a computation fault.
///
/// No branch and no address depends on the values. Layout of an element: u, v, the checksums of
/// both: 2k + 2 vectors. Elements and tables are 64-byte aligned; `scratch` has scratchWords(k)
/// words and is left with secrets in it.
namespace veilsum::paillier::ifma {

using Word = std::uint64_t;

inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kLimbBits = 52;
inline constexpr std::size_t kMarginBits = 16;
/// Entries in a row of the table of a fixed base.
inline constexpr std::size_t kRowEntries = 64;

/// The k for moduli of that many bits: 20, 30, 40, 60 or 80; 0 above 4144 bits.
std::size_t limbsFor(std::size_t bits);
inline std::size_t elementWords(std::size_t k) { return kLanes * (2 * k + 2); }
inline std::size_t scratchWords(std::size_t k) { return kLanes * 5 * k; }

/// -1/m modulo 2^52 for an odd m.
Word negativeInverse(Word m);

/// Eight moduli: limbs, -1/M modulo 2^52, and checksums.
struct Moduli {
  std::size_t k;
  const Word* modulus;
  const Word* negativeInverse;
  const Word* checksum;
};

/// out = x y / R. `out` may be x or y.
unsigned multiply(const Moduli& moduli, const Word* x, const Word* y, Word* out, Word* scratch);
/// out = x^2 / R. `out` may be x.
unsigned square(const Moduli& moduli, const Word* x, Word* out, Word* scratch);
/// out = (u - vM) f / R for a factor of k limbs below 2^8 M and its checksum: four products of k
/// limbs. `out` may be x.
unsigned multiplyFactor(const Moduli& moduli, const Word* x, const Word* factor,
                        const Word* factorSum, Word* out, Word* scratch);
/// out = x + y.
void add(const Moduli& moduli, const Word* x, const Word* y, Word* out);
/// One Montgomery product a b / R modulo M, below 2M, for a, b < 2M where R >= 4M, which is enough
/// for k = 120 and 160 as well. Factors have no checksums of their own here.
unsigned product(const Moduli& moduli, const Word* a, const Word* b, Word* out, Word* scratch);
/// a / R modulo M for a < RM of 2k limbs, left in scratch: k limbs below 2M. The address is
/// returned.
Word* reduce(const Moduli& moduli, const Word* a, Word* scratch);
/// The lanes where 0 < a < M.
unsigned inRange(const Moduli& moduli, const Word* a);
/// The lanes where a = b.
unsigned equal(std::size_t k, const Word* a, const Word* b);
/// a - M in every lane where a >= M, for a < 2M.
void lower(const Moduli& moduli, Word* a);
/// The checksum of k limbs.
void checksum(std::size_t k, const Word* a, Word* out);
/// sum += a, limb by limb without carries: up to 2^11 numbers may be added.
void accumulate(std::size_t words, const Word* a, Word* sum);
/// Limbs of 52 bits of such a sum, and its checksum modulo 2^52 - 1 (at `checksum`) reduced; the
/// lanes where they differ.
unsigned carry(std::size_t k, Word* sum, Word* checksum);

/// out = table[digit] in each lane: all `entries` elements of `words` words are read.
void select(const Word* table, std::size_t entries, std::size_t words, const Word* digits,
            Word* out);
/// The same for one table for all lanes, transposed: word i of the kRowEntries elements, then word
/// i + 1. `words` counts the words of one lane's element.
void lookup(const Word* row, std::size_t words, const Word* digits, Word* out);

/// Throws Code::kInternal: a length, or a processor, without these kernels.
[[noreturn]] void noKernel();

}  // namespace veilsum::paillier::ifma

#endif  // VEILSUM_PAILLIER_PAIRS_IFMA_H_
