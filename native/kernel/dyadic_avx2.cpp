// Componentwise arithmetic with AVX2. Products modulo q are made of doubles for q of at most 50
// bits (kernel/avx2_words.h), and by the portable code above that.

#if defined(__AVX2__)

#include <algorithm>
#include <bit>

#include "kernel/avx2.h"
#include "kernel/avx2_words.h"
#include "kernel/scalar.h"
#include "kernel/wide_products.h"

namespace veilsum::kernel::avx2 {
namespace {

using Word = std::uint64_t;

bool suitsDoubles(Word q) { return std::bit_width(q) <= kDoubleBits; }

// Sums of many terms modulo the smallest moduli are left to the portable code: a quotient may then
// have more bits than a double.
constexpr int kLeastSumBits = 16;
bool sumSuitsDoubles(Word q) { return suitsDoubles(q) && std::bit_width(q) >= kLeastSumBits; }

// a * b mod q for a, b in [0, q): fl(fl(a b) fl(1 / q)) is within 2^-52 q, a quarter, of a b / q,
// so the product is within 3/4 q of zero.
class Multiply {
 public:
  explicit Multiply(Word q) : q_(real(q)), inverse_(real(1.0 / static_cast<double>(q))) {}
  VEILSUM_INLINE V operator()(V a, V b) const {
    const D x = toReal(a), y = toReal(b);
    const D quotient = nearestProduct(_mm256_mul_pd(x, y), inverse_);
    return toWord(canonical(residueOf(x, y, quotient, q_), q_));
  }

 private:
  D q_, inverse_;
};

// a * scalar mod q for a in [0, q).
class MultiplyScalar {
 public:
  MultiplyScalar(Word scalar, Word q) : q_(real(q)) {
    const auto centred =
        static_cast<double>(static_cast<std::int64_t>(scalar > q / 2 ? scalar - q : scalar));
    factor_ = {real(centred), real(centred / static_cast<double>(q))};
  }
  VEILSUM_INLINE V operator()(V a) const {
    return toWord(canonical(multiplyReal(toReal(a), factor_, q_), q_));
  }

 private:
  D q_;
  RealFactor factor_;
};

VEILSUM_INLINE V addMod(V a, V b, V q) { return reduceOnce(_mm256_add_epi64(a, b), q); }

// An exact sum of at most 2^s products below 2^p as two doubles: `high` starts at 2^(52 + k),
// k = max(0, p + s - 52), and so holds multiples of 2^k below 2^(53 + k); what each product loses
// there, 2^(k - 1) at most, is exact and summed in `low`, below 2^52 with a residue beside it where
// 2 s <= 104 - p.
class Sums {
 public:
  Sums(int product_bits, Word q) : q_(real(q)), inverse_(real(1.0 / static_cast<double>(q))) {
    const int log_terms = std::min(8, (104 - product_bits) / 2);
    terms_ = std::size_t{1} << log_terms;
    start_ = real(static_cast<double>(Word{1} << std::max(52, product_bits + log_terms) / 2) *
                  static_cast<double>(Word{1} << (std::max(52, product_bits + log_terms) + 1) / 2));
  }
  std::size_t terms() const { return terms_; }
  D start() const { return start_; }

  static VEILSUM_INLINE void add(D a, D b, D& high, D& low) {
    const D sum = _mm256_fmadd_pd(a, b, high);
    low = _mm256_add_pd(low, _mm256_fmsub_pd(a, b, _mm256_sub_pd(sum, high)));
    high = sum;
  }

  // The sum modulo q, within 0.6 q of zero. The quotient of `high`, at most 2^(p + s) / q, is wrong
  // by 2^-52 of itself and 1/2 at most, so that its remainder is an integer within
  // 2^(p + s - 52) + q / 2 of zero, and `low` within 2^(p + 2 s - 53) + 0.6 q: below 2^53 together.
  VEILSUM_INLINE D reduce(D high, D low) const {
    const D sum = _mm256_sub_pd(high, start_);
    return remainder(_mm256_add_pd(remainder(sum), low));
  }
  VEILSUM_INLINE V residue(D x) const { return toWord(canonical(x, q_)); }

 private:
  VEILSUM_INLINE D remainder(D x) const {
    const D quotient =
        _mm256_round_pd(_mm256_mul_pd(x, inverse_), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    return _mm256_fnmadd_pd(quotient, q_, x);
  }
  D q_, inverse_, start_;
  std::size_t terms_;
};

// kernel/wide_products.h
struct Wide {
  using V = avx2::V;
  static V broadcast(Word x) { return avx2::broadcast(x); }
  static V add(V a, V b) { return _mm256_add_epi64(a, b); }
  static V sub(V a, V b) { return _mm256_sub_epi64(a, b); }
  static V both(V a, V b) { return _mm256_and_si256(a, b); }
  static V either(V a, V b) { return _mm256_or_si256(a, b); }
  template <int kBits>
  static V left(V a) {
    return _mm256_slli_epi64(a, kBits);
  }
  template <int kBits>
  static V right(V a) {
    return _mm256_srli_epi64(a, kBits);
  }
  static V multiply32(V a, V b) { return _mm256_mul_epu32(a, b); }
  static V multiply64(V a, V b) { return low64(a, right<32>(a), b, right<32>(b)); }
  static V reduceOnce(V x, V m) { return avx2::reduceOnce(x, m); }
};

bool suitsWide(Word q) { return !suitsDoubles(q) && std::bit_width(q) <= kWideBits; }

}  // namespace

void add(const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, addMod(lanes.load(a + i), lanes.load(b + i), modulus));
  });
}

void subtract(const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V difference = _mm256_sub_epi64(lanes.load(a + i), lanes.load(b + i));
    lanes.store(out + i, addWhereNegative(difference, modulus));
  });
}

void negate(const Word* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q), zero = _mm256_setzero_si256();
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    lanes.store(out + i,
                _mm256_andnot_si256(_mm256_cmpeq_epi64(x, zero), _mm256_sub_epi64(modulus, x)));
  });
}

void multiply(const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out) {
  if (suitsWide(modulus.q)) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, _mm256_setzero_si256(),
                               [&](std::size_t) { return lanes.load(a + i); },
                               [&](std::size_t) { return lanes.load(b + i); }, 1));
    });
  }
  if (!suitsDoubles(modulus.q)) return scalar::multiply(a, b, n, modulus, out);
  const Multiply product(modulus.q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, product(lanes.load(a + i), lanes.load(b + i)));
  });
}

void multiplyAdd(const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out) {
  if (suitsWide(modulus.q)) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, lanes.load(out + i),
                               [&](std::size_t) { return lanes.load(a + i); },
                               [&](std::size_t) { return lanes.load(b + i); }, 1));
    });
  }
  if (!suitsDoubles(modulus.q)) return scalar::multiplyAdd(a, b, n, modulus, out);
  const Multiply product(modulus.q);
  const V q = broadcast(modulus.q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i,
                addMod(lanes.load(out + i), product(lanes.load(a + i), lanes.load(b + i)), q));
  });
}

void lazyMultiplyAdd(const Word* a, const Word* b, const Word* c, std::size_t n,
                     const Barrett& modulus, Word* sum) {
  // This path has no lazy words.
  multiplyAdd(a, b, n, modulus, sum);
  if (c != nullptr) add(sum, c, n, modulus.q, sum);
}

void multiplyScalar(const Word* a, std::size_t n, Word scalar, Word quotient, Word q, Word* out) {
  if (!suitsDoubles(q)) return scalar::multiplyScalar(a, n, scalar, quotient, q, out);
  const MultiplyScalar product(scalar, q);
  eachVector(n,
             [&](std::size_t i, auto lanes) { lanes.store(out + i, product(lanes.load(a + i))); });
}

void multiplyScalarAdd(const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                       Word* out) {
  if (!suitsDoubles(q)) return scalar::multiplyScalarAdd(a, n, scalar, quotient, q, out);
  const MultiplyScalar product(scalar, q);
  const V modulus = broadcast(q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, addMod(lanes.load(out + i), product(lanes.load(a + i)), modulus));
  });
}

void reduce(const Word* a, std::size_t n, const Barrett& modulus, Word* out) {
  if (!sumSuitsDoubles(modulus.q)) return scalar::reduce(a, n, modulus, out);
  const D q = real(modulus.q), inverse = real(1.0 / static_cast<double>(modulus.q));
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    // The upper half has a quotient below 2^49, good to 1/8; the lower half is added to its rest.
    const D upper = _mm256_mul_pd(toReal(_mm256_srli_epi64(x, 32)), real(0x1p32));
    const D lower = toReal(_mm256_and_si256(x, broadcast(0xffffffff)));
    const D rest = _mm256_add_pd(settle(upper, inverse, q), lower);
    lanes.store(out + i, toWord(canonical(settle(rest, inverse, q), q)));
  });
}

void liftSigned(const std::int8_t* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  const std::size_t whole = n / 16 * 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i));
    for (std::size_t j = 0; j < 16; j += 4, bytes = _mm_srli_si128(bytes, 4)) {
      store(out + i + j, addWhereNegative(_mm256_cvtepi8_epi64(bytes), modulus));
    }
  }
  scalar::liftSigned(a + whole, n - whole, q, out + whole);
}

void liftIntegers(const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                  Word* out) {
  const auto* const words = reinterpret_cast<const Word*>(a);
  if (bits < static_cast<int>(std::bit_width(modulus.q))) {
    const V q = broadcast(modulus.q);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, addWhereNegative(lanes.load(words + i), q));
    });
  }
  const V lift = broadcast(scalar::liftOf(bits, modulus.q));
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, _mm256_add_epi64(lanes.load(words + i), lift));
  });
  reduce(out, n, modulus, out);
}

void addSigned(const std::int8_t* a, std::size_t n, Word q, Word* sum) {
  const V modulus = broadcast(q);
  const std::size_t whole = n / 16 * 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i));
    for (std::size_t j = 0; j < 16; j += 4, bytes = _mm_srli_si128(bytes, 4)) {
      const V lifted = addWhereNegative(_mm256_cvtepi8_epi64(bytes), modulus);
      store(sum + i + j, addMod(load(sum + i + j), lifted, modulus));
    }
  }
  scalar::addSigned(a + whole, n - whole, q, sum + whole);
}

void liftCentred(const Word* a, std::size_t n, Word q, Word b, Word* out) {
  const V half = broadcast(q / 2), shift = broadcast(b - q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    lanes.store(out + i, _mm256_add_epi64(x, _mm256_and_si256(_mm256_cmpgt_epi64(x, half), shift)));
  });
}

void reduceCentred(const Word* a, std::size_t n, Word q, const Barrett& b, Word* out) {
  const V half = broadcast(q / 2), shift = broadcast(b.q - q % b.q);  // a multiple of b, less q
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    lanes.store(out + i, _mm256_add_epi64(x, _mm256_and_si256(_mm256_cmpgt_epi64(x, half), shift)));
  });
  reduce(out, n, b, out);
}

void innerProduct(const Word* const* a, const Word* const* b, std::size_t count, std::size_t n,
                  const Barrett& modulus, Word* out) {
  if (suitsWide(modulus.q)) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, _mm256_setzero_si256(),
                               [&](std::size_t j) { return lanes.load(a[j] + i); },
                               [&](std::size_t j) { return lanes.load(b[j] + i); }, count));
    });
  }
  if (!sumSuitsDoubles(modulus.q)) return scalar::innerProduct(a, b, count, n, modulus, out);
  const Sums sums(2 * std::bit_width(modulus.q), modulus.q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    D sum = _mm256_setzero_pd();
    for (std::size_t j = 0; j < count;) {
      D high = sums.start();
      const std::size_t end = std::min(count, j + sums.terms());
      for (; j < end; ++j) {
        Sums::add(toReal(lanes.load(a[j] + i)), toReal(lanes.load(b[j] + i)), high, sum);
      }
      sum = sums.reduce(high, sum);
    }
    lanes.store(out + i, sums.residue(sum));
  });
}

void tensor(const Word* const* a, const Word* const* b, std::size_t n, const Barrett& modulus,
            Word* const* out) {
  // With the four words of a component read before any is written.
  const auto components = [=](auto product, auto sumOfProducts) {
    eachVector(n, [&](std::size_t i, auto lanes) {
      const V a0 = lanes.load(a[0] + i), a1 = lanes.load(a[1] + i);
      const V b0 = lanes.load(b[0] + i), b1 = lanes.load(b[1] + i);
      lanes.store(out[0] + i, product(a0, b0));
      lanes.store(out[1] + i, sumOfProducts(a0, b1, a1, b0));
      lanes.store(out[2] + i, product(a1, b1));
    });
  };
  if (suitsWide(modulus.q)) {
    const WideReduction<Wide> reduction(modulus);
    const auto sumOfProducts = [&](V x, V y, V z, V w) {
      const V left[] = {x, z}, right[] = {y, w};
      return wideProducts(
          reduction, _mm256_setzero_si256(), [&](std::size_t j) { return left[j]; },
          [&](std::size_t j) { return right[j]; }, 2);
    };
    const auto product = [&](V x, V y) {
      return wideProducts(
          reduction, _mm256_setzero_si256(), [&](std::size_t) { return x; },
          [&](std::size_t) { return y; }, 1);
    };
    return components(product, sumOfProducts);
  }
  if (!suitsDoubles(modulus.q)) return scalar::tensor(a, b, n, modulus, out);
  const Multiply product(modulus.q);
  const V q = broadcast(modulus.q);
  components(product, [&](V x, V y, V z, V w) { return addMod(product(x, y), product(z, w), q); });
}

void innerProductPair(const ProductPair& p, std::size_t n, const Barrett& modulus) {
  // In pieces, so that the first factors are in the cache for the second sum.
  constexpr std::size_t kPiece = 512, kMost = 256;
  const Word *a[kMost], *b[2][kMost];
  Word sum[kPiece];  // out may be what is added
  for (std::size_t begin = 0; begin < n; begin += kPiece) {
    const std::size_t words = std::min(kPiece, n - begin);
    for (std::size_t j = 0; j < p.count; ++j) a[j] = p.a[j] + begin;
    for (int h = 0; h < 2; ++h) {
      for (std::size_t j = 0; j < p.count; ++j) b[h][j] = p.b[h][j] + begin;
      Word* const out = p.out[h] + begin;
      innerProduct(a, b[h], p.count, words, modulus, p.added[h] == nullptr ? out : sum);
      if (p.added[h] == nullptr) continue;
      multiplyScalar(p.added[h] + begin, words, p.scalar, p.quotient, modulus.q, out);
      add(out, sum, words, modulus.q, out);
    }
  }
}

void linearCombination(const Word* const* rows, const Word* scalars, std::size_t count,
                       std::size_t n, int inputBits, const Barrett& modulus, Word* out) {
  if (std::bit_width(modulus.q) <= kWideBits && inputBits <= kWideBits &&
      !(suitsDoubles(modulus.q) && inputBits <= kDoubleBits)) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, _mm256_setzero_si256(),
                               [&](std::size_t j) { return lanes.load(rows[j] + i); },
                               [&](std::size_t j) { return broadcast(scalars[j]); }, count));
    });
  }
  if (!sumSuitsDoubles(modulus.q) || inputBits > kDoubleBits) {
    return scalar::linearCombination(rows, scalars, count, n, inputBits, modulus, out);
  }
  const Sums sums(inputBits + std::bit_width(modulus.q), modulus.q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    D sum = _mm256_setzero_pd();
    for (std::size_t j = 0; j < count;) {
      D high = sums.start();
      const std::size_t end = std::min(count, j + sums.terms());
      for (; j < end; ++j) {
        Sums::add(toReal(lanes.load(rows[j] + i)), toReal(broadcast(scalars[j])), high, sum);
      }
      sum = sums.reduce(high, sum);
    }
    lanes.store(out + i, sums.residue(sum));
  });
}

void combineDigits(const DigitCombination& c, const Word* const* rows, const Word* addend,
                   std::size_t n, Word* out) {
  linearCombination(rows, c.factors.data(), c.factors.size(), n, c.input_bits, c.modulus, out);
  if (addend != nullptr) add(out, addend, n, c.modulus.q, out);
}

void crtDigits(const Word* x, std::size_t n, const DigitFactors& factors, Word* y, Word* v) {
  if (!suitsDoubles(factors.q)) return scalar::crtDigits(x, n, factors, y, v);
  const DigitFactors f = factors;
  const MultiplyScalar product(f.inverse, f.q);
  const V q = broadcast(f.q), half = broadcast(f.q / 2);
  const V top = broadcast((Word{1} << 50) - (f.first ? 1 : 0));
  const D place = real(0x1p52), reciprocal = real(f.reciprocal);
  const D scale = real(1.0 / static_cast<double>(Word{1} << std::bit_width(f.q)));
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V digit = product(lanes.load(x + i));
    const V above = _mm256_cmpgt_epi64(digit, half);
    const V nearest = _mm256_blendv_epi8(digit, _mm256_sub_epi64(q, digit), above);
    // floor(nearest reciprocal / 2^bits): the nearest integer, less one where that is too much, by
    // the sign of the exact difference.
    const D fraction = _mm256_mul_pd(toReal(nearest), scale);
    const D rounded = _mm256_fmadd_pd(fraction, reciprocal, place);
    const D rest = _mm256_fmsub_pd(fraction, reciprocal, _mm256_sub_pd(rounded, place));
    const V over = _mm256_srli_epi64(_mm256_castpd_si256(rest), 63);
    const V units = _mm256_sub_epi64(_mm256_castpd_si256(_mm256_xor_pd(rounded, place)), over);
    const V part = _mm256_blendv_epi8(units, _mm256_sub_epi64(top, units), above);
    lanes.store(v + i, _mm256_add_epi64(lanes.load(v + i), part));
    lanes.store(y + i, digit);
  });
}

}  // namespace veilsum::kernel::avx2

#endif  // __AVX2__
