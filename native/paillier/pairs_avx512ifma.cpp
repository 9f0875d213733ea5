// Products are summed column by column in blocks of five limbs, so that every multiplication adds
// to a register; a band of five limbs of one factor passes over the other and over M (product and
// reduction interleaved).

#include "paillier/pairs_ifma.h"

#if defined(__AVX512IFMA__)

#include <type_traits>

#include "kernel/avx512.h"

#define VEILSUM_INLINE inline __attribute__((always_inline))

namespace veilsum::paillier::ifma {
namespace {

using V = __m512i;
constexpr int kBlock = 5;
constexpr Word kMask = (Word{1} << kLimbBits) - 1;

VEILSUM_INLINE V zero() { return _mm512_setzero_si512(); }
VEILSUM_INLINE V mask() { return _mm512_set1_epi64(static_cast<long long>(kMask)); }
VEILSUM_INLINE V lo(V sum, V a, V b) { return _mm512_madd52lo_epu64(sum, a, b); }
VEILSUM_INLINE V hi(V sum, V a, V b) { return _mm512_madd52hi_epu64(sum, a, b); }
VEILSUM_INLINE V plus(V a, V b) { return _mm512_add_epi64(a, b); }

VEILSUM_INLINE const V* vectors(const Word* a) { return reinterpret_cast<const V*>(a); }
VEILSUM_INLINE V* vectors(Word* a) { return reinterpret_cast<V*>(a); }

VEILSUM_INLINE void load(V (&block)[kBlock], const V* a) {
#pragma GCC unroll 5
  for (int i = 0; i < kBlock; ++i) block[i] = a[i];
}
VEILSUM_INLINE void store(const V (&block)[kBlock], V* a) {
#pragma GCC unroll 5
  for (int i = 0; i < kBlock; ++i) a[i] = block[i];
}

// Blocks x and y make the columns of two blocks: here the first five,
VEILSUM_INLINE void addLow(V (&sum)[kBlock], const V* x, const V (&y)[kBlock]) {
#pragma GCC unroll 5
  for (int v = 0; v < kBlock; ++v) {
#pragma GCC unroll 5
    for (int c = v; c < kBlock; ++c) sum[c] = lo(sum[c], x[c - v], y[v]);
#pragma GCC unroll 5
    for (int c = v + 1; c < kBlock; ++c) sum[c] = hi(sum[c], x[c - 1 - v], y[v]);
  }
}
// and here the others.
VEILSUM_INLINE void addHigh(V (&sum)[kBlock], const V* x, const V (&y)[kBlock]) {
#pragma GCC unroll 5
  for (int v = 0; v < kBlock; ++v) {
#pragma GCC unroll 5
    for (int c = 0; c < v; ++c) sum[c] = lo(sum[c], x[kBlock + c - v], y[v]);
#pragma GCC unroll 5
    for (int c = 0; c <= v; ++c) sum[c] = hi(sum[c], x[kBlock + c - 1 - v], y[v]);
  }
}

// The quotient's five digits that make the five columns zero modulo 2^260; returns the carry into
// the next column.
VEILSUM_INLINE V quotientDigits(const V (&sum)[kBlock], const V* n, V inverse, V (&q)[kBlock]) {
  V carry = zero();
#pragma GCC unroll 5
  for (int c = 0; c < kBlock; ++c) {
    V column = plus(sum[c], carry), high = zero();
#pragma GCC unroll 5
    for (int v = 0; v < c; ++v) {
      column = lo(column, n[c - v], q[v]);
      high = hi(high, n[c - 1 - v], q[v]);
    }
    column = plus(column, high);
    q[c] = lo(zero(), column, inverse);
    carry = _mm512_srli_epi64(lo(column, n[0], q[c]), kLimbBits);
  }
  return carry;
}

// (t + sum of x[p] y[p] + q M) / R in t, in columns of up to 64 bits; the digits of the quotient in
// `quotient`, which may be t's neighbour but not t.
template <int K, int Products>
VEILSUM_INLINE void reducedProducts(const V* const (&x)[Products], const V* const (&y)[Products],
                                    const V* n, V inverse, V* t, V* quotient) {
  constexpr int kBlocks = K / kBlock;
  for (int band = 0; band < kBlocks; ++band) {
    V factor[Products][kBlock], q[kBlock], sum[kBlock];
    load(sum, t);
#pragma GCC unroll 2
    for (int p = 0; p < Products; ++p) {
      load(factor[p], y[p] + band * kBlock);
      addLow(sum, x[p], factor[p]);
    }
    V carry = quotientDigits(sum, n, inverse, q);
    store(q, quotient + band * kBlock);
    for (int c = kBlock; c < K; c += kBlock) {
      load(sum, t + c);
      sum[0] = plus(sum[0], carry);
      carry = zero();
#pragma GCC unroll 2
      for (int p = 0; p < Products; ++p) {
        addHigh(sum, x[p] + c - kBlock, factor[p]);
        addLow(sum, x[p] + c, factor[p]);
      }
      addHigh(sum, n + c - kBlock, q);
      addLow(sum, n + c, q);
      store(sum, t + c - kBlock);
    }
#pragma GCC unroll 5
    for (int i = 0; i < kBlock; ++i) sum[i] = zero();
#pragma GCC unroll 2
    for (int p = 0; p < Products; ++p) addHigh(sum, x[p] + K - kBlock, factor[p]);
    addHigh(sum, n + K - kBlock, q);
    store(sum, t + K - kBlock);
  }
}

// x^2 in 2K columns: blocks above the diagonal are taken twice.
template <int K>
VEILSUM_INLINE void squareColumns(const V* x, V* t) {
  constexpr int kBlocks = K / kBlock;
  for (int column = 0; column < 2 * kBlocks; ++column) {
    V sum[kBlock], factor[kBlock];
#pragma GCC unroll 5
    for (int i = 0; i < kBlock; ++i) sum[i] = zero();
    for (int row = column < kBlocks ? 0 : column - kBlocks; 2 * row < column; ++row) {
      // The blocks above: column - row - 1, which may be the diagonal's, and column - row.
      load(factor, x + row * kBlock);
      const int high = column - row - 1;
      if (high > row) addHigh(sum, x + high * kBlock, factor);
      if (high + 1 < kBlocks) addLow(sum, x + (high + 1) * kBlock, factor);
    }
#pragma GCC unroll 5
    for (int i = 0; i < kBlock; ++i) sum[i] = plus(sum[i], sum[i]);
    const V* diagonal = x + column / 2 * kBlock;
    load(factor, diagonal);
    if (column % 2 == 0) {
      addLow(sum, diagonal, factor);
    } else {
      addHigh(sum, diagonal, factor);
    }
    store(sum, t + column * kBlock);
  }
}

// (t + q M) / R for 2K columns t, in its upper half.
template <int K>
VEILSUM_INLINE void reduceColumns(const V* n, V inverse, V* t, V* quotient) {
  for (int band = 0; band < K; band += kBlock, t += kBlock) {
    V q[kBlock], sum[kBlock];
    load(sum, t);
    V carry = quotientDigits(sum, n, inverse, q);
    store(q, quotient + band);
    for (int c = kBlock; c < K; c += kBlock) {
      load(sum, t + c);
      sum[0] = plus(sum[0], carry);
      carry = zero();
      addHigh(sum, n + c - kBlock, q);
      addLow(sum, n + c, q);
      store(sum, t + c);
    }
    load(sum, t + K);
    addHigh(sum, n + K - kBlock, q);
    store(sum, t + K);
  }
}

// Columns to limbs; the sum of the limbs.
template <int K>
VEILSUM_INLINE V carried(const V* t, V* out) {
  V carry = zero(), sum = zero();
#pragma GCC unroll 5
  for (int i = 0; i < K; ++i) {
    const V column = plus(t[i], carry);
    carry = _mm512_srli_epi64(column, kLimbBits);
    out[i] = _mm512_and_si512(column, mask());
    sum = plus(sum, out[i]);
  }
  return sum;
}

template <int K>
VEILSUM_INLINE V limbSum(const V* a) {
  V sum = a[0];
#pragma GCC unroll 5
  for (int i = 1; i < K; ++i) sum = plus(sum, a[i]);
  return sum;
}

// Modulo 2^52 - 1, to at most 2^52 - 1; 2^52 - 1 stands for zero too.
VEILSUM_INLINE V folded(V a) {
  a = plus(_mm512_and_si512(a, mask()), _mm512_srli_epi64(a, kLimbBits));
  return plus(_mm512_and_si512(a, mask()), _mm512_srli_epi64(a, kLimbBits));
}
VEILSUM_INLINE V timesChecksum(V sum, V a, V b) { return hi(lo(sum, a, b), a, b); }

// The lanes where `claimed`, at most 2^52 - 1, is not `sum` modulo 2^52 - 1.
VEILSUM_INLINE unsigned differing(V sum, V claimed) {
  const V difference = folded(plus(sum, _mm512_sub_epi64(mask(), claimed)));
  return _mm512_cmpneq_epi64_mask(difference, mask()) &
         _mm512_test_epi64_mask(difference, difference);
}

template <int K>
unsigned multiplyPairs(const Moduli& moduli, const Word* xWords, const Word* yWords, Word* outWords,
                       Word* scratch) {
  const V *x = vectors(xWords), *y = vectors(yWords), *n = vectors(moduli.modulus);
  const V inverse = *vectors(moduli.negativeInverse), nSum = *vectors(moduli.checksum);
  V *out = vectors(outWords), *t = vectors(scratch), *q = t + K, *u = q + K, *q2 = u + K;
  const V xSums[] = {x[2 * K], x[2 * K + 1]}, ySums[] = {y[2 * K], y[2 * K + 1]};

  for (int i = 0; i < K; ++i) t[i] = zero();
  reducedProducts<K, 1>({x}, {y}, n, inverse, t, q);
  const V qSum = folded(limbSum<K>(q));
  const V uSum = folded(carried<K>(t, u));
  unsigned wrong =
      differing(timesChecksum(timesChecksum(zero(), xSums[0], ySums[0]), qSum, nSum), uSum);

  for (int i = 0; i < K; ++i) t[i] = q[i];
  reducedProducts<K, 2>({x, x + K}, {y + K, y}, n, inverse, t, q2);
  const V q2Sum = folded(limbSum<K>(q2));
  const V vSum = folded(carried<K>(t, out + K));
  wrong |= differing(
      timesChecksum(timesChecksum(timesChecksum(qSum, xSums[0], ySums[1]), xSums[1], ySums[0]),
                    q2Sum, nSum),
      vSum);
  for (int i = 0; i < K; ++i) out[i] = u[i];
  out[2 * K] = uSum;
  out[2 * K + 1] = vSum;
  return wrong;
}

template <int K>
unsigned multiplyByFactor(const Moduli& moduli, const Word* xWords, const Word* factorWords,
                          const Word* factorSum, Word* outWords, Word* scratch) {
  const V *x = vectors(xWords), *factor = vectors(factorWords), *n = vectors(moduli.modulus);
  const V inverse = *vectors(moduli.negativeInverse), nSum = *vectors(moduli.checksum);
  V *out = vectors(outWords), *t = vectors(scratch), *q = t + K, *u = q + K, *q2 = u + K;
  const V xSums[] = {x[2 * K], x[2 * K + 1]}, sum = *vectors(factorSum);

  for (int i = 0; i < K; ++i) t[i] = zero();
  reducedProducts<K, 1>({x}, {factor}, n, inverse, t, q);
  const V qSum = folded(limbSum<K>(q));
  const V uSum = folded(carried<K>(t, u));
  unsigned wrong = differing(timesChecksum(timesChecksum(zero(), xSums[0], sum), qSum, nSum), uSum);

  for (int i = 0; i < K; ++i) t[i] = q[i];
  reducedProducts<K, 1>({x + K}, {factor}, n, inverse, t, q2);
  const V q2Sum = folded(limbSum<K>(q2));
  const V vSum = folded(carried<K>(t, out + K));
  wrong |= differing(timesChecksum(timesChecksum(qSum, xSums[1], sum), q2Sum, nSum), vSum);
  for (int i = 0; i < K; ++i) out[i] = u[i];
  out[2 * K] = uSum;
  out[2 * K + 1] = vSum;
  return wrong;
}

template <int K>
unsigned squarePair(const Moduli& moduli, const Word* xWords, Word* outWords, Word* scratch) {
  const V *x = vectors(xWords), *n = vectors(moduli.modulus);
  const V inverse = *vectors(moduli.negativeInverse), nSum = *vectors(moduli.checksum);
  V *out = vectors(outWords), *t = vectors(scratch), *q = t + 2 * K, *u = q + K;
  const V xSums[] = {x[2 * K], x[2 * K + 1]};

  squareColumns<K>(x, t);
  reduceColumns<K>(n, inverse, t, q);
  const V qSum = folded(limbSum<K>(q));
  const V uSum = folded(carried<K>(t + K, u));
  unsigned wrong =
      differing(timesChecksum(timesChecksum(zero(), xSums[0], xSums[0]), qSum, nSum), uSum);

  // 2v: its limbs, of the lower bits of one and the top bit of the one before.
  V* twice = t + K;
  V below = zero();
  for (int i = 0; i < K; ++i) {
    const V limb = x[K + i];
    twice[i] = plus(_mm512_and_si512(plus(limb, limb), mask()), below);
    below = _mm512_srli_epi64(limb, kLimbBits - 1);
    t[i] = q[i];
  }
  reducedProducts<K, 1>({x}, {twice}, n, inverse, t, q);
  const V q2Sum = folded(limbSum<K>(q));
  const V vSum = folded(carried<K>(t, out + K));
  const V cross = timesChecksum(zero(), xSums[0], xSums[1]);
  wrong |= differing(timesChecksum(plus(qSum, plus(cross, cross)), q2Sum, nSum), vSum);
  for (int i = 0; i < K; ++i) out[i] = u[i];
  out[2 * K] = uSum;
  out[2 * K + 1] = vSum;
  return wrong;
}

template <int K>
Word* reducedWide(const Moduli& moduli, const Word* a, Word* scratch) {
  V *t = vectors(scratch), *q = t + 2 * K, *out = q + K;
  for (int i = 0; i < 2 * K; ++i) t[i] = vectors(a)[i];
  reduceColumns<K>(vectors(moduli.modulus), *vectors(moduli.negativeInverse), t, q);
  carried<K>(t + K, out);
  return reinterpret_cast<Word*>(out);
}

template <int K>
unsigned reducedProduct(const Moduli& moduli, const Word* aWords, const Word* bWords, Word* out,
                        Word* scratch) {
  const V *a = vectors(aWords), *b = vectors(bWords);
  const V sums = timesChecksum(zero(), folded(limbSum<K>(a)), folded(limbSum<K>(b)));
  V *t = vectors(scratch), *q = t + K;
  for (int i = 0; i < K; ++i) t[i] = zero();
  reducedProducts<K, 1>({a}, {b}, vectors(moduli.modulus), *vectors(moduli.negativeInverse), t, q);
  const V qSum = folded(limbSum<K>(q));
  const V outSum = folded(carried<K>(t, vectors(out)));
  return differing(timesChecksum(sums, qSum, *vectors(moduli.checksum)), outSum);
}

}  // namespace

unsigned multiply(const Moduli& moduli, const Word* x, const Word* y, Word* out, Word* scratch) {
  switch (moduli.k) {
    case 20:
      return multiplyPairs<20>(moduli, x, y, out, scratch);
    case 30:
      return multiplyPairs<30>(moduli, x, y, out, scratch);
    case 40:
      return multiplyPairs<40>(moduli, x, y, out, scratch);
    case 60:
      return multiplyPairs<60>(moduli, x, y, out, scratch);
    case 80:
      return multiplyPairs<80>(moduli, x, y, out, scratch);
    default:
      noKernel();
  }
}

unsigned multiplyFactor(const Moduli& moduli, const Word* x, const Word* factor,
                        const Word* factorSum, Word* out, Word* scratch) {
  switch (moduli.k) {
    case 20:
      return multiplyByFactor<20>(moduli, x, factor, factorSum, out, scratch);
    case 30:
      return multiplyByFactor<30>(moduli, x, factor, factorSum, out, scratch);
    case 40:
      return multiplyByFactor<40>(moduli, x, factor, factorSum, out, scratch);
    case 60:
      return multiplyByFactor<60>(moduli, x, factor, factorSum, out, scratch);
    case 80:
      return multiplyByFactor<80>(moduli, x, factor, factorSum, out, scratch);
    default:
      noKernel();
  }
}

unsigned square(const Moduli& moduli, const Word* x, Word* out, Word* scratch) {
  switch (moduli.k) {
    case 20:
      return squarePair<20>(moduli, x, out, scratch);
    case 30:
      return squarePair<30>(moduli, x, out, scratch);
    case 40:
      return squarePair<40>(moduli, x, out, scratch);
    case 60:
      return squarePair<60>(moduli, x, out, scratch);
    case 80:
      return squarePair<80>(moduli, x, out, scratch);
    default:
      noKernel();
  }
}

unsigned product(const Moduli& moduli, const Word* a, const Word* b, Word* out, Word* scratch) {
  switch (moduli.k) {
    case 20:
      return reducedProduct<20>(moduli, a, b, out, scratch);
    case 30:
      return reducedProduct<30>(moduli, a, b, out, scratch);
    case 40:
      return reducedProduct<40>(moduli, a, b, out, scratch);
    case 60:
      return reducedProduct<60>(moduli, a, b, out, scratch);
    case 80:
      return reducedProduct<80>(moduli, a, b, out, scratch);
    case 120:
      return reducedProduct<120>(moduli, a, b, out, scratch);
    case 160:
      return reducedProduct<160>(moduli, a, b, out, scratch);
    default:
      noKernel();
  }
}

Word* reduce(const Moduli& moduli, const Word* a, Word* scratch) {
  switch (moduli.k) {
    case 40:
      return reducedWide<40>(moduli, a, scratch);
    case 60:
      return reducedWide<60>(moduli, a, scratch);
    case 80:
      return reducedWide<80>(moduli, a, scratch);
    default:
      noKernel();
  }
}

unsigned inRange(const Moduli& moduli, const Word* a) {
  const V *n = vectors(moduli.modulus), *limbs = vectors(a);
  V borrow = zero(), any = zero();
  for (std::size_t i = 0; i < moduli.k; ++i) {
    borrow = _mm512_srai_epi64(plus(_mm512_sub_epi64(limbs[i], n[i]), borrow), 63);
    any = _mm512_or_si512(any, limbs[i]);
  }
  return _mm512_test_epi64_mask(borrow, borrow) & _mm512_test_epi64_mask(any, any);
}

unsigned equal(std::size_t k, const Word* a, const Word* b) {
  V difference = zero();
  for (std::size_t i = 0; i < k; ++i) {
    difference = _mm512_or_si512(difference, _mm512_xor_si512(vectors(a)[i], vectors(b)[i]));
  }
  return _mm512_testn_epi64_mask(difference, difference);
}

void add(const Moduli& moduli, const Word* x, const Word* y, Word* out) {
  const std::size_t k = moduli.k;
  for (std::size_t half = 0; half < 2; ++half) {
    const V *a = vectors(x) + half * k, *b = vectors(y) + half * k;
    V *sum = vectors(out) + half * k, carry = zero();
    for (std::size_t i = 0; i < k; ++i) {
      const V column = plus(plus(a[i], b[i]), carry);
      carry = _mm512_srli_epi64(column, kLimbBits);
      sum[i] = _mm512_and_si512(column, mask());
    }
    const std::size_t at = 2 * k + half;
    vectors(out)[at] = folded(plus(vectors(x)[at], vectors(y)[at]));
  }
}

void lower(const Moduli& moduli, Word* a) {
  const V* n = vectors(moduli.modulus);
  V* limbs = vectors(a);
  V borrow = zero();  // 0 or -1
  for (std::size_t i = 0; i < moduli.k; ++i) {
    borrow = _mm512_srai_epi64(plus(_mm512_sub_epi64(limbs[i], n[i]), borrow), 63);
  }
  const V keep = borrow;  // all ones where a < M
  borrow = zero();
  for (std::size_t i = 0; i < moduli.k; ++i) {
    const V limb = plus(_mm512_sub_epi64(limbs[i], _mm512_andnot_si512(keep, n[i])), borrow);
    borrow = _mm512_srai_epi64(limb, 63);
    limbs[i] = _mm512_and_si512(limb, mask());
  }
}

void checksum(std::size_t k, const Word* a, Word* out) {
  V sum = zero();
  for (std::size_t i = 0; i < k; ++i) sum = plus(sum, vectors(a)[i]);
  *vectors(out) = folded(sum);
}

void accumulate(std::size_t words, const Word* a, Word* sum) {
  for (std::size_t i = 0; i < words / kLanes; ++i) {
    vectors(sum)[i] = plus(vectors(sum)[i], vectors(a)[i]);
  }
}

unsigned carry(std::size_t k, Word* sum, Word* checksum) {
  V carry = zero(), limbs = zero();
  for (std::size_t i = 0; i < k; ++i) {
    const V column = plus(vectors(sum)[i], carry);
    carry = _mm512_srli_epi64(column, kLimbBits);
    vectors(sum)[i] = _mm512_and_si512(column, mask());
    limbs = plus(limbs, vectors(sum)[i]);
  }
  *vectors(checksum) = folded(*vectors(checksum));
  return differing(limbs, *vectors(checksum));
}

void select(const Word* table, std::size_t entries, std::size_t words, const Word* digits,
            Word* out) {
  const V digit = *vectors(digits);
  const std::size_t length = words / kLanes;
  const auto some = [&]<int Count>(std::size_t first, std::integral_constant<int, Count>) {
    V chosen[Count];
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) chosen[i] = zero();
    for (std::size_t entry = 0; entry < entries; ++entry) {
      const V* source = vectors(table) + entry * length + first;
      const __mmask8 here =
          _mm512_cmpeq_epi64_mask(digit, _mm512_set1_epi64(static_cast<long long>(entry)));
#pragma GCC unroll 8
      for (int i = 0; i < Count; ++i) chosen[i] = _mm512_mask_mov_epi64(chosen[i], here, source[i]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) vectors(out)[first + static_cast<std::size_t>(i)] = chosen[i];
  };
  std::size_t i = 0;
  for (; i + 8 <= length; i += 8) some(i, std::integral_constant<int, 8>());
  for (; i < length; ++i) some(i, std::integral_constant<int, 1>());
}

void lookup(const Word* row, std::size_t words, const Word* digits, Word* out) {
  const V digit = *vectors(digits);
  const __mmask8 bit4 = _mm512_test_epi64_mask(digit, _mm512_set1_epi64(16));
  const __mmask8 bit5 = _mm512_test_epi64_mask(digit, _mm512_set1_epi64(32));
  for (std::size_t i = 0; i < words; ++i) {
    const V* entries = vectors(row) + i * (kRowEntries / kLanes);
    // The low four bits of the digit choose among 16 entries in two registers.
    const V a = _mm512_permutex2var_epi64(entries[0], digit, entries[1]);
    const V b = _mm512_permutex2var_epi64(entries[2], digit, entries[3]);
    const V c = _mm512_permutex2var_epi64(entries[4], digit, entries[5]);
    const V d = _mm512_permutex2var_epi64(entries[6], digit, entries[7]);
    vectors(out)[i] = _mm512_mask_blend_epi64(bit5, _mm512_mask_blend_epi64(bit4, a, b),
                                              _mm512_mask_blend_epi64(bit4, c, d));
  }
}

}  // namespace veilsum::paillier::ifma

#else

namespace veilsum::paillier::ifma {
// A processor family without these instructions: kernel::activeIsa() is never theirs.
unsigned multiply(const Moduli&, const Word*, const Word*, Word*, Word*) { noKernel(); }
unsigned square(const Moduli&, const Word*, Word*, Word*) { noKernel(); }
unsigned multiplyFactor(const Moduli&, const Word*, const Word*, const Word*, Word*, Word*) {
  noKernel();
}
void accumulate(std::size_t, const Word*, Word*) { noKernel(); }
unsigned carry(std::size_t, Word*, Word*) { noKernel(); }
unsigned product(const Moduli&, const Word*, const Word*, Word*, Word*) { noKernel(); }
void add(const Moduli&, const Word*, const Word*, Word*) { noKernel(); }
void lower(const Moduli&, Word*) { noKernel(); }
Word* reduce(const Moduli&, const Word*, Word*) { noKernel(); }
unsigned inRange(const Moduli&, const Word*) { noKernel(); }
unsigned equal(std::size_t, const Word*, const Word*) { noKernel(); }
void checksum(std::size_t, const Word*, Word*) { noKernel(); }
void select(const Word*, std::size_t, std::size_t, const Word*, Word*) { noKernel(); }
void lookup(const Word*, std::size_t, const Word*, Word*) { noKernel(); }

}  // namespace veilsum::paillier::ifma

#endif  // __AVX512IFMA__
