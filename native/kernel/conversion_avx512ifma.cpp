// Base conversion with AVX-512: digits, their quotients, and what they add up to modulo another
// prime.

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/reductions_avx512.h"
#include "kernel/scalar.h"
#include "kernel/wide_products.h"

namespace veilsum::kernel::avx512ifma {

void linearCombination(const Word* const* rows, const Word* scalars, std::size_t count,
                       std::size_t n, int inputBits, const Barrett& modulus, Word* out) {
  const int bits = std::bit_width(modulus.q);
  if (bits > kWideBits || inputBits > kWideBits) {
    return scalar::linearCombination(rows, scalars, count, n, inputBits, modulus, out);
  }
  if (bits > kProductBits || inputBits > 52) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i,
                  wideProducts(
                      reduction, zero(), [&](std::size_t j) { return lanes.load(rows[j] + i); },
                      [&](std::size_t j) { return broadcast(scalars[j]); }, count));
    });
  }
  const Reduction reduction(modulus);
  const std::size_t terms = termsOf(inputBits + bits);
  eachVector(n, [&](std::size_t i, auto lanes) {
    Sum sum{zero(), zero()};
    for (std::size_t j = 0; j < count;) {
      const std::size_t end = std::min(count, j + terms);
      for (; j < end; ++j) sum.add(lanes.load(rows[j] + i), broadcast(scalars[j]));
      sum = {reduction(sum), zero()};
    }
    lanes.store(out + i, sum.low);
  });
}

namespace {

// A combination by Montgomery's method, of kCount digits with the factors in registers; 0: of any
// number. The addend stands 2^52 times in the sum, which so is below (1/2 + 1) q 2^52 and some. Two
// vectors side by side.
template <std::size_t kCount>
void combineMontgomery(const DigitCombination& c, const Word* const* rows, const Word* addend,
                       std::size_t n, Word* out) {
  const MontgomeryReduction reduction(c.modulus.q);
  const V q = broadcast(c.modulus.q);
  const std::size_t count = kCount == 0 ? c.digits() : kCount;
  const Word* const factors = c.factors.data();
  const Word* row[kCount + 1];
  V factor[kCount + 1];
  if constexpr (kCount > 0) {
#pragma GCC unroll 9
    for (std::size_t j = 0; j <= kCount; ++j) row[j] = rows[j], factor[j] = broadcast(factors[j]);
  } else {
    row[0] = rows[count], factor[0] = broadcast(factors[count]);
  }
  const auto combined = [&](std::size_t i, auto lanes) {
    Sum s{zero(), addend != nullptr ? lanes.load(addend + i) : zero()};
    if constexpr (kCount > 0) {
#pragma GCC unroll 8
      for (std::size_t j = 0; j < kCount; ++j) s.add(lanes.load(row[j] + i), factor[j]);
    } else {
      for (std::size_t j = 0; j < count; ++j) s.add(lanes.load(rows[j] + i), broadcast(factors[j]));
    }
    s.low = low52(s.low, lanes.load(row[kCount] + i), factor[kCount]);
    return s;
  };
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const Sum s0 = combined(i, Whole{}), s1 = combined(i + 8, Whole{});
    store(out + i, reduceOnce(reduction(s0), q));
    store(out + i + 8, reduceOnce(reduction(s1), q));
  }
  eachVector(n - i, [&](std::size_t j, auto lanes) {
    lanes.store(out + i + j, reduceOnce(reduction(combined(i + j, lanes)), q));
  });
}

template <std::size_t kMost>
void combineUpTo(const DigitCombination& c, const Word* const* rows, const Word* addend,
                 std::size_t n, Word* out) {
  if constexpr (kMost > 0) {
    if (c.digits() < kMost) return combineUpTo<kMost - 1>(c, rows, addend, n, out);
  }
  combineMontgomery<kMost>(c, rows, addend, n, out);
}

}  // namespace

void combineDigits(const DigitCombination& c, const Word* const* rows, const Word* addend,
                   std::size_t n, Word* out) {
  if (c.montgomery) {
    return c.digits() > 8 ? combineMontgomery<0>(c, rows, addend, n, out)
                          : combineUpTo<8>(c, rows, addend, n, out);
  }
  linearCombination(rows, c.factors.data(), c.factors.size(), n, c.input_bits, c.modulus, out);
  if (addend != nullptr) add(out, addend, n, c.modulus.q, out);
}

namespace {

// roundedQuotient of kCount rows of words below 2^52, which become doubles by their place below
// 2^52 + w; 0: of any number of rows of any words.
template <std::size_t kCount>
void roundedQuotientOf(const Word* const* rows, const double* inverses, std::size_t count,
                       std::size_t n, Word* out, double* fractions) {
  const V place = broadcast(std::bit_cast<Word>(0x1p52));
  const Word* row[kCount + 1];
  __m512d inverse[kCount + 1];
#pragma GCC unroll 8
  for (std::size_t j = 0; j < kCount; ++j)
    row[j] = rows[j], inverse[j] = _mm512_set1_pd(inverses[j]);
  eachVector(n, [&](std::size_t i, auto lanes) {
    __m512d sum = _mm512_set1_pd(0.5);
    if constexpr (kCount > 0) {
#pragma GCC unroll 8
      for (std::size_t j = 0; j < kCount; ++j) {
        const V placed = _mm512_or_si512(lanes.load(row[j] + i), place);
        const __m512d x = _mm512_sub_pd(_mm512_castsi512_pd(placed), _mm512_castsi512_pd(place));
        sum = _mm512_add_pd(sum, _mm512_mul_pd(x, inverse[j]));
      }
    } else {
      for (std::size_t j = 0; j < count; ++j) {
        const __m512d x = _mm512_cvtepi64_pd(lanes.load(rows[j] + i));
        sum = _mm512_add_pd(sum, _mm512_mul_pd(x, _mm512_set1_pd(inverses[j])));
      }
    }
    const V whole = _mm512_cvttpd_epi64(sum);
    lanes.store(out + i, whole);
    if (fractions == nullptr) return;
    const __m512d rest = _mm512_sub_pd(sum, _mm512_cvtepi64_pd(whole));
    lanes.store(reinterpret_cast<Word*>(fractions + i),
                _mm512_castpd_si512(_mm512_sub_pd(rest, _mm512_set1_pd(0.5))));
  });
}

template <std::size_t kMost>
void roundedQuotientUpTo(const Word* const* rows, const double* inverses, std::size_t count,
                         std::size_t n, Word* out, double* fractions) {
  if constexpr (kMost > 0) {
    if (count < kMost) {
      return roundedQuotientUpTo<kMost - 1>(rows, inverses, count, n, out, fractions);
    }
  }
  roundedQuotientOf<kMost>(rows, inverses, count, n, out, fractions);
}

}  // namespace

void roundedQuotient(const Word* const* rows, const double* inverses, std::size_t count,
                     std::size_t n, Word* out, double* fractions) {
  constexpr std::size_t kMost = 8;
  const bool small = std::all_of(inverses, inverses + count, [](double x) { return x > 0x1p-52; });
  if (small && count <= kMost) {
    return roundedQuotientUpTo<kMost>(rows, inverses, count, n, out, fractions);
  }
  roundedQuotientOf<0>(rows, inverses, count, n, out, fractions);
}

namespace {

// What the digits of one prime add to v.
class CrtFraction {
 public:
  explicit CrtFraction(const DigitFactors& f)
      : left_(broadcast(bitsOf(f.q) < 52 ? 52 - bitsOf(f.q) : 0)),
        right_(broadcast(bitsOf(f.q) > 52 ? bitsOf(f.q) - 52 : 0)),
        q_(broadcast(f.q)),
        half_(broadcast(f.q / 2)),
        reciprocal_(broadcast(f.reciprocal)),
        top_(broadcast((Word{1} << 50) - (f.first ? 1 : 0))) {}
  V operator()(V digit) const {
    const __mmask8 above = _mm512_cmpgt_epu64_mask(digit, half_);
    const V nearest = _mm512_mask_sub_epi64(digit, above, q_, digit);
    const V aligned = _mm512_srlv_epi64(_mm512_sllv_epi64(nearest, left_), right_);
    const V units = high52(zero(), aligned, reciprocal_);
    return _mm512_mask_sub_epi64(units, above, top_, units);
  }

 private:
  static Word bitsOf(Word q) { return static_cast<Word>(std::bit_width(q)); }
  V left_, right_, q_, half_, reciprocal_, top_;
};

}  // namespace

void crtDigits(const Word* x, std::size_t n, const DigitFactors& f, Word* y, Word* v) {
  withMultiplier(f.inverse, f.inverseQuotient, f.q, [&](auto product) {
    const CrtFraction fraction(f);
    eachVector(n, [=](std::size_t i, auto lanes) {
      const V digit = product(lanes.load(x + i));
      lanes.store(v + i, _mm512_add_epi64(lanes.load(v + i), fraction(digit)));
      lanes.store(y + i, digit);
    });
  });
}

void crtQuotient(const Word* const* y, const DigitFactors* factors, std::size_t count,
                 std::size_t n, Word* v) {
  constexpr std::size_t kAtOnce = 4;  // primes whose constants stay in registers
  for (std::size_t j = 0; j < count; j += kAtOnce) {
    const std::size_t end = std::min(count, j + kAtOnce);
    const CrtFraction f[kAtOnce] = {CrtFraction(factors[j]),
                                    CrtFraction(factors[std::min(j + 1, end - 1)]),
                                    CrtFraction(factors[std::min(j + 2, end - 1)]),
                                    CrtFraction(factors[std::min(j + 3, end - 1)])};
    eachVector(n, [&](std::size_t i, auto lanes) {
      V sum = j == 0 ? broadcast(Word{1} << 49) : lanes.load(v + i);
      for (std::size_t k = j; k < end; ++k) {
        sum = _mm512_add_epi64(sum, f[k - j](lanes.load(y[k] + i)));
      }
      lanes.store(v + i, end == count ? _mm512_srli_epi64(sum, 50) : sum);
    });
  }
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
