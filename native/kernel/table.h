#ifndef VEILSUM_KERNEL_TABLE_H_
#define VEILSUM_KERNEL_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "kernel/barrett.h"
#include "kernel/isa.h"
#include "kernel/montgomery.h"
#include "kernel/ntt_twiddles.h"

namespace veilsum::kernel {

/// The constants of a prime q of a basis with product Q, for crtDigits.
struct DigitFactors {
  std::uint64_t q;
  std::uint64_t inverse, inverseQuotient;  ///< (Q / q)^-1 mod q and its Shoup quotient
  std::uint64_t reciprocal;                ///< floor(2^(50 + b) / q), b the bits of q
  bool first;                              ///< q is the first of its basis: it settles ties
};

/// The operands of innerProductPair: with h = 0, 1 the two halves of a key-switching key,
/// out[h] = sum over j < count of a[j] * b[h][j] + added[h] * scalar. The rows a[j] may be lazy,
/// as the same table's forward transforms leave them. added[h] is null where there is no such
/// term; `quotient` is floor(scalar * 2^64 / q). out[h] may be added[h], and is no other input.
struct ProductPair {
  const std::uint64_t* const* a;
  const std::uint64_t* const* b[2];
  std::size_t count;  ///< at most 255
  const std::uint64_t* added[2];
  std::uint64_t scalar, quotient;
  std::uint64_t* out[2];
};

/// How numbers become integers in [0, most]: values are clipped to [-clip, clip], moved by clip and
/// multiplied by `scale` = most / (2 clip), all in double precision.
struct Quantizer {
  double clip, scale, most;
};

/// The loops over arrays of words that the engine spends its time in, one implementation for each
/// instruction set. All implementations agree bit for bit, and run in time that depends on sizes
/// and moduli alone.
///
/// Unless a line says otherwise: n is any count of words (a multiple of 8 is fastest), residues are
/// in [0, q) going in and coming out, arrays need 8-byte alignment (64-byte is fastest), `out` may
/// be the same array as an input but must not overlap one partly.
struct Table {
  using Word = std::uint64_t;

  /// The transforms of arith::Ntt. `twiddles` must be laid out for this table's Isa; arrays hold
  /// twiddles.n words and are 64-byte aligned; `out` may be `in`. The inverse multiplies by the
  /// factor of its `scale` (NttTwiddles::scaledBy).
  void (*nttForward)(const NttTwiddles& twiddles, const Word* in, Word* out);
  void (*nttInverse)(const NttTwiddles& twiddles, const Word* in, const InverseScale& scale,
                     Word* out);
  /// nttForward of residues modulo `from`, which is q or another odd number below 2 q, or up to
  /// twiddles.widest, and is lifted from as by liftCentred. The outputs are lazy: for q below 2^50,
  /// words of which the low 52 bits are congruent to the residue and the others are noise, if this
  /// path multiplies by 52 bits; residues otherwise. First operands may be lazy where a line says
  /// so.
  void (*nttForwardLazy)(const NttTwiddles& twiddles, const Word* in, Word from, Word* out);
  /// nttForward of integers below 2^bits in absolute value, bits at most 62.
  void (*nttForwardIntegers)(const NttTwiddles& twiddles, const std::int64_t* in, int bits,
                             const Barrett& modulus, Word* out);
  /// nttForwardLazy of small signed words |a| < q.
  void (*nttForwardSmallLazy)(const NttTwiddles& twiddles, const std::int8_t* in, Word* out);
  /// out = (x - nttForward of `in`) * scalar mod q, `in` of residues modulo `from` as above, and
  /// quotient = floor(scalar * 2^64 / q). `work` is written over and may be `in` or `out`; `x` may
  /// be `out` but not `work`.
  void (*nttForwardSubtractScale)(const NttTwiddles& twiddles, const Word* in, Word from,
                                  Word* work, const Word* x, Word scalar, Word quotient, Word* out);

  /// out = a + b, a - b, -a, a * b, out + a * b, componentwise. In `multiply`, a may be lazy.
  void (*add)(const Word* a, const Word* b, std::size_t n, Word q, Word* out);
  void (*subtract)(const Word* a, const Word* b, std::size_t n, Word q, Word* out);
  void (*negate)(const Word* a, std::size_t n, Word q, Word* out);
  void (*multiply)(const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out);
  void (*multiplyAdd)(const Word* a, const Word* b, std::size_t n, const Barrett& modulus,
                      Word* out);
  /// out = the sum of `count` rows, at least one, with count * q at most 2^63. Rows may be `out`.
  void (*sum)(const Word* const* rows, std::size_t count, std::size_t n, Word q, Word* out);
  /// sum = a * b + sum + c, componentwise; c may be null, for nothing. a and sum may be lazy: what
  /// arith::Ntt::forwardLazy gives on this table.
  void (*lazyMultiplyAdd)(const Word* a, const Word* b, const Word* c, std::size_t n,
                          const Barrett& modulus, Word* sum);
  /// out = a * scalar, with quotient = floor(scalar * 2^64 / q) and scalar in [0, q).
  void (*multiplyScalar)(const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                         Word* out);
  /// out = out + a * scalar, the same way.
  void (*multiplyScalarAdd)(const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                            Word* out);
  /// out = a mod q for any words below 2^64.
  void (*reduce)(const Word* a, std::size_t n, const Barrett& modulus, Word* out);

  /// out = a mod q for small signed a, |a| < q.
  void (*liftSigned)(const std::int8_t* a, std::size_t n, Word q, Word* out);
  /// out = a mod q for integers below 2^bits in absolute value, bits at most 62.
  void (*liftIntegers)(const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                       Word* out);
  /// sum = sum + a mod q for small signed a, |a| < q.
  void (*addSigned)(const std::int8_t* a, std::size_t n, Word q, Word* sum);
  /// out = a modulo b, for residues a of an odd q that stand for values in (-q/2, q/2); q < 2 b.
  void (*liftCentred)(const Word* a, std::size_t n, Word q, Word b, Word* out);

  /// The same for q of any size beside b.
  void (*reduceCentred)(const Word* a, std::size_t n, Word q, const Barrett& b, Word* out);
  /// out[i] = a[positions[i]]: n is a multiple of 8, and every aligned eight positions lie in one
  /// aligned eight. `out` is not `a`.
  void (*permuteEights)(const Word* a, const std::uint32_t* positions, std::size_t n, Word* out);

  /// out = sum over j < count of a[j] * b[j], componentwise, one reduction at the end. count is at
  /// most 256 (the accumulators then hold every sum). The rows a[j] may be lazy. out must be none
  /// of the inputs.
  void (*innerProduct)(const Word* const* a, const Word* const* b, std::size_t count, std::size_t n,
                       const Barrett& modulus, Word* out);
  /// The tensor product of two pairs: out[0] = a[0] b[0], out[1] = a[0] b[1] + a[1] b[0], out[2] =
  /// a[1] b[1], componentwise. The rows of a may be lazy (nttForwardLazy). Rows of out may be rows
  /// of a or b.
  void (*tensor)(const Word* const* a, const Word* const* b, std::size_t n, const Barrett& modulus,
                 Word* const* out);
  /// The same times tensorScale (kernel/montgomery.h), for callers that make up for it in
  /// constants.
  void (*scaledTensor)(const Word* const* a, const Word* const* b, std::size_t n,
                       const Barrett& modulus, Word* const* out);
  /// Two such sums with the first factors in common, in one pass (see ProductPair).
  void (*innerProductPair)(const ProductPair& operands, std::size_t n, const Barrett& modulus);
  /// One row of a base conversion: out = sum over j < count of rows[j] * scalars[j] mod q, scalars
  /// in [0, q), every word of the rows below 2^inputBits (inputBits at most 61; they may be
  /// residues of other moduli). count is at most 256. out must be none of the inputs.
  void (*linearCombination)(const Word* const* rows, const Word* scalars, std::size_t count,
                            std::size_t n, int inputBits, const Barrett& modulus, Word* out);
  /// One row of a base conversion from digits and their quotient, the last of the rows
  /// (roundedQuotient): out = addend + the sum of the rows times the factors of the combination,
  /// mod q. No addend: null; else in [0, q). The combination must be laid out for this table's Isa.
  /// out must be none of the inputs.
  void (*combineDigits)(const DigitCombination& combination, const Word* const* rows,
                        const Word* addend, std::size_t n, Word* out);
  /// out = round(sum over j < count of rows[j] * inverses[j]), in double precision and in the order
  /// of j: the multiple of Q that a base conversion leaves, with inverses[j] = 1.0 / q_j and
  /// rows[j] in [0, q_j). Halves round up. Where `fractions` is not null it gets what the rounding
  /// took off, in [-1/2, 1/2]. Outputs must be none of the inputs.
  void (*roundedQuotient)(const Word* const* rows, const double* inverses, std::size_t count,
                          std::size_t n, Word* out, double* fractions);

  /// The first step of a base conversion, for one prime: y = x * inverse mod q, and v = v + y / q
  /// in units of 2^-50, at most 3 units too small. A y above q / 2 counts as 2^50 less the units of
  /// q - y, and one unit less where q is the first prime: so is the rounded sum over a basis an odd
  /// function, up to the integer. No array may be another.
  void (*crtDigits)(const Word* x, std::size_t n, const DigitFactors& factors, Word* y, Word* v);
  /// v = round(sum over j < count of y[j] / q_j) in the same units: what crtDigits for each prime,
  /// from 2^49 on, leaves in v, without its lowest 50 bits. The y[j] are crtDigits' results.
  void (*crtQuotient)(const Word* const* y, const DigitFactors* factors, std::size_t count,
                      std::size_t n, Word* v);

  /// sum = sum + sum over k < count of weights[k] * rows[k], modulo 2^64: each rows[k] holds n
  /// words of `bits` (1 to 60) bits as one little-endian bit stream of ceil(n bits / 8) bytes
  /// (wire/packed.h), of any alignment. Words and weights are public. Reads nothing outside of the
  /// rows.
  void (*unpackAdd)(const std::uint8_t* const* rows, const Word* weights, std::size_t count,
                    std::size_t n, int bits, Word* sum);
  /// out = min(floor(x + random / 2^32), most), x the value after the quantizer's clip, move and
  /// scale: stochastic rounding with 32 uniform bits a value. False where a value is not finite;
  /// `out` is then of no use.
  bool (*quantizeFloats)(const float* values, const std::uint32_t* random, std::size_t n,
                         const Quantizer& quantizer, Word* out);
  bool (*quantizeDoubles)(const double* values, const std::uint32_t* random, std::size_t n,
                          const Quantizer& quantizer, Word* out);

  /// `blocks` 64-byte blocks of the ChaCha20 key stream. `state` is the block function's input; its
  /// words 12 and 13 are the 64-bit number of the first block.
  void (*chacha20)(const std::uint32_t* state, std::size_t blocks, std::uint8_t* out);
  /// Those of words[i] & mask that are below q, in order; how many they are. `out` has room for n
  /// words, any of which may be written; it is not the input. The count depends on the words: they
  /// are public.
  std::size_t (*selectBelow)(const Word* words, std::size_t n, Word mask, Word q, Word* out);
  /// floor(3 w / 2^64) - 1 for each word w.
  void (*ternary)(const Word* words, std::size_t n, std::int8_t* out);
  /// For each word, the sum of its bits 0 to 20 less the sum of its bits 21 to 41.
  void (*centredBinomial)(const Word* words, std::size_t n, std::int8_t* out);
};

/// The table of activeIsa().
const Table& table();
/// The table of a supported path (isaSupported), for tests.
const Table& table(Isa isa);

}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_TABLE_H_
