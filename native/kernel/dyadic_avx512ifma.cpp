// Componentwise arithmetic with AVX-512. Products modulo q take 52-bit multiplications for q of at
// most 50 bits and products of halves above that; 61 bits are left to the portable code.

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/scalar.h"
#include "kernel/wide_products.h"

namespace veilsum::kernel::avx512ifma {
namespace {

using Word = std::uint64_t;

constexpr int kProductBits = 50;  // of the widest modulus that 52-bit products serve

// The low 64 bits of floor(2^shift / q), 0 < shift < 128.
Word ratioOf(const Barrett& m, int shift) {
  const unsigned __int128 ratio = static_cast<unsigned __int128>(m.ratioHigh) << 64 | m.ratioLow;
  return static_cast<Word>(ratio >> (128 - shift));
}

// a * b + c mod q for a, b, c in [0, q), q of at most 50 bits, by Barrett's reduction: with b bits
// in q, the estimate floor(floor(a b / 2^(b-2)) floor(2^(b+50) / q) / 2^52) is at most two below
// the quotient of a * b (cut bits cost 1/2, 1 and 1).
class MultiplyAdd {
 public:
  explicit MultiplyAdd(const Barrett& m)
      : q_(broadcast(m.q)),
        q2_(broadcast(2 * m.q)),
        minus_q_(broadcast((Word{1} << 52) - m.q)),
        ratio_(broadcast(ratioOf(m, 50 + std::bit_width(m.q)))),
        left_(_mm_cvtsi32_si128(52 - std::bit_width(m.q))) {}

  V operator()(V a, V b, V c) const {
    const V top = high52(zero(), _mm512_sll_epi64(a, left_), _mm512_slli_epi64(b, 2));
    const V estimate = high52(zero(), top, ratio_);
    const V rest = mask52(low52(low52(c, a, b), estimate, minus_q_));
    return reduceOnce(reduceOnce(rest, q2_), q_);
  }

 private:
  V q_, q2_, minus_q_, ratio_;
  __m128i left_;
};

// a * b mod q for any a of 52 bits (what is above is not read) and b in [0, q), q of at most 49
// bits: with b bits in q, floor(floor(a b / 2^b) floor(2^(b+51) / q) / 2^52) is at most three below
// a b / (2 q) (the cut bits cost one each; for q = 2^(b-1), where only the ratio is cut, it is
// taken as 2^52 - 1), and the rest so in [0, 6q).
class MultiplyLazy {
 public:
  static constexpr int kBits = 49;
  explicit MultiplyLazy(const Barrett& m)
      : q_(broadcast(m.q)),
        q2_(broadcast(2 * m.q)),
        q4_(broadcast(4 * m.q)),
        minus_q2_(broadcast((Word{1} << 52) - 2 * m.q)),
        ratio_(broadcast(std::min(ratioOf(m, 51 + std::bit_width(m.q)), (Word{1} << 52) - 1))),
        left_(_mm_cvtsi32_si128(52 - std::bit_width(m.q))) {}

  V operator()(V a, V b) const {
    const V top = high52(zero(), a, _mm512_sll_epi64(b, left_));
    const V estimate = high52(zero(), top, ratio_);
    const V rest = mask52(low52(low52(zero(), a, b), estimate, minus_q2_));
    return reduceOnce(reduceOnce(reduceOnce(rest, q4_), q2_), q_);
  }

 private:
  V q_, q2_, q4_, minus_q2_, ratio_;
  __m128i left_;
};

// a * scalar mod q for a in [0, q), by Shoup's method.
class MultiplyScalar52 {
 public:
  MultiplyScalar52(Word scalar, Word quotient, Word q)
      : scalar_(broadcast(scalar)),
        quotient_(broadcast(quotient >> 12)),
        q_(broadcast(q)),
        minus_q_(broadcast((Word{1} << 52) - q)) {}
  V operator()(V a) const {
    const V estimate = high52(zero(), a, quotient_);
    return reduceOnce(mask52(low52(low52(zero(), a, scalar_), estimate, minus_q_)), q_);
  }

 private:
  V scalar_, quotient_, q_, minus_q_;
};

class MultiplyScalar64 {
 public:
  MultiplyScalar64(Word scalar, Word quotient, Word q)
      : scalar_(broadcast(scalar)), quotient_(broadcast(quotient)), q_(broadcast(q)) {}
  V operator()(V a) const {
    const V estimate = high64(a, quotient_);
    return reduceOnce(
        _mm512_sub_epi64(_mm512_mullo_epi64(a, scalar_), _mm512_mullo_epi64(estimate, q_)), q_);
  }

 private:
  V scalar_, quotient_, q_;
};

// f with a multiplier by the scalar that suits q.
template <class F>
void withMultiplier(Word scalar, Word quotient, Word q, F f) {
  if (std::bit_width(q) <= kProductBits) {
    f(MultiplyScalar52(scalar, quotient, q));
  } else {
    f(MultiplyScalar64(scalar, quotient, q));
  }
}

V addMod(V a, V b, V q) { return reduceOnce(_mm512_add_epi64(a, b), q); }

// A sum of products as sums of their low and of their high 52 bits, of a value below 2^104.
struct Sum {
  V low, high;
  void add(V a, V b) {
    low = low52(low, a, b);
    high = high52(high, a, b);
  }
};

// Sums modulo q, q of at most 50 bits: high * 2^52 + low, each by Shoup's method.
class Reduction {
 public:
  explicit Reduction(const Barrett& m)
      : q_(broadcast(m.q)), q2_(broadcast(2 * m.q)), minus_q_(broadcast((Word{1} << 52) - m.q)) {
    const Word ratio = m.ratioHigh >> 12;  // floor(2^52 / q)
    const Word radix = (Word{1} << 52) - ratio * m.q;
    ratio_ = broadcast(ratio);
    radix_ = broadcast(radix);
    // floor(2^52 radix / q) = floor(2^104 / q) - 2^52 ratio.
    radix_quotient_ = broadcast(ratioOf(m, 104) & ((Word{1} << 52) - 1));
  }
  V operator()(const Sum& sum) const {
    const V high = _mm512_add_epi64(sum.high, _mm512_srli_epi64(sum.low, 52));
    const V low = mask52(sum.low);
    const V estimate = high52(high52(zero(), high, radix_quotient_), low, ratio_);
    const V rest = mask52(low52(low52(low, high, radix_), estimate, minus_q_));
    return reduceOnce(reduceOnce(rest, q2_), q_);
  }

 private:
  V q_, q2_, minus_q_, ratio_, radix_, radix_quotient_;
};

// Sums below b q 2^52 times 2^-52 modulo q, q odd, by Montgomery's method: in [0, b q) for b >= 1.
// With m = low q^-1 mod 2^52 the low words of the sum and of m q are the same.
class MontgomeryReduction {
 public:
  explicit MontgomeryReduction(Word q)
      : q_(broadcast(q)), inverse_(broadcast(inverseModulo52(q))) {}
  V operator()(const Sum& sum) const {
    const V multiple = high52(zero(), low52(zero(), sum.low, inverse_), q_);
    const V high = _mm512_add_epi64(sum.high, _mm512_srli_epi64(sum.low, 52));
    const V rest = _mm512_sub_epi64(high, multiple);  // above -q
    return _mm512_min_epu64(rest, _mm512_add_epi64(rest, q_));
  }

 private:
  V q_, inverse_;
};

// How many products below 2^bits fit a Sum beside a residue.
std::size_t termsOf(int bits) { return std::size_t{1} << std::min(104 - bits, 8); }

// kernel/wide_products.h
struct Wide {
  using V = avx512ifma::V;
  static V broadcast(Word x) { return avx512ifma::broadcast(x); }
  static V add(V a, V b) { return _mm512_add_epi64(a, b); }
  static V sub(V a, V b) { return _mm512_sub_epi64(a, b); }
  static V both(V a, V b) { return _mm512_and_si512(a, b); }
  static V either(V a, V b) { return _mm512_or_si512(a, b); }
  template <int kBits>
  static V left(V a) {
    return _mm512_slli_epi64(a, kBits);
  }
  template <int kBits>
  static V right(V a) {
    return _mm512_srli_epi64(a, kBits);
  }
  static V multiply32(V a, V b) { return _mm512_mul_epu32(a, b); }
  static V multiply64(V a, V b) { return _mm512_mullo_epi64(a, b); }
  static V reduceOnce(V x, V m) { return avx512ifma::reduceOnce(x, m); }
};

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
    const V d = _mm512_sub_epi64(lanes.load(a + i), lanes.load(b + i));
    lanes.store(out + i, _mm512_min_epu64(d, _mm512_add_epi64(d, modulus)));
  });
}

void negate(const Word* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    lanes.store(out + i, _mm512_maskz_sub_epi64(_mm512_test_epi64_mask(x, x), modulus, x));
  });
}

void multiply(const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out) {
  if (std::bit_width(modulus.q) > kWideBits) return scalar::multiply(a, b, n, modulus, out);
  if (std::bit_width(modulus.q) > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, zero(), [&](std::size_t) { return lanes.load(a + i); },
                               [&](std::size_t) { return lanes.load(b + i); }, 1));
    });
  }
  if (std::bit_width(modulus.q) > MultiplyLazy::kBits) {
    return innerProduct(&a, &b, 1, n, modulus, out);
  }
  const MultiplyLazy product(modulus);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, product(lanes.load(a + i), lanes.load(b + i)));
  });
}

void multiplyAdd(const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out) {
  if (std::bit_width(modulus.q) > kWideBits) return scalar::multiplyAdd(a, b, n, modulus, out);
  if (std::bit_width(modulus.q) > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i, wideProducts(
                               reduction, lanes.load(out + i),
                               [&](std::size_t) { return lanes.load(a + i); },
                               [&](std::size_t) { return lanes.load(b + i); }, 1));
    });
  }
  const MultiplyAdd product(modulus);
  eachVector(n, [&](std::size_t i, auto lanes) {
    lanes.store(out + i, product(lanes.load(a + i), lanes.load(b + i), lanes.load(out + i)));
  });
}

void lazyMultiplyAdd(const Word* a, const Word* b, const Word* c, std::size_t n,
                     const Barrett& modulus, Word* sum) {
  const int bits = std::bit_width(modulus.q);
  if (bits > kWideBits) return scalar::lazyMultiplyAdd(a, b, c, n, modulus, sum);
  const auto each = [=](auto product) {
    if (c == nullptr) {
      return eachVector(n, [=](std::size_t i, auto lanes) {
        lanes.store(sum + i,
                    product(lanes.load(a + i), lanes.load(b + i), lanes.load(sum + i), zero()));
      });
    }
    eachVector(n, [=](std::size_t i, auto lanes) {
      lanes.store(sum + i, product(lanes.load(a + i), lanes.load(b + i), lanes.load(sum + i),
                                   lanes.load(c + i)));
    });
  };
  if (bits > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    return each([&](V x, V y, V z, V w) {
      return wideProducts(
          reduction, _mm512_add_epi64(z, w), [=](std::size_t) { return x; },
          [=](std::size_t) { return y; }, 1);
    });
  }
  const Reduction reduction(modulus);
  each([&](V x, V y, V z, V w) {
    Sum total{_mm512_add_epi64(mask52(z), w), zero()};
    total.add(x, y);
    return reduction(total);
  });
}

void multiplyScalar(const Word* a, std::size_t n, Word scalar, Word quotient, Word q, Word* out) {
  withMultiplier(scalar, quotient, q, [=](auto product) {
    eachVector(
        n, [=](std::size_t i, auto lanes) { lanes.store(out + i, product(lanes.load(a + i))); });
  });
}

void multiplyScalarAdd(const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                       Word* out) {
  withMultiplier(scalar, quotient, q, [=](auto product) {
    const V modulus = broadcast(q);
    eachVector(n, [=](std::size_t i, auto lanes) {
      lanes.store(out + i, addMod(lanes.load(out + i), product(lanes.load(a + i)), modulus));
    });
  });
}

void reduce(const Word* a, std::size_t n, const Barrett& modulus, Word* out) {
  const V q = broadcast(modulus.q), ratio = broadcast(modulus.ratioHigh);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    const V rest = _mm512_sub_epi64(x, _mm512_mullo_epi64(high64(x, ratio), q));
    lanes.store(out + i, reduceOnce(rest, q));
  });
}

void liftSigned(const std::int8_t* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  const std::size_t whole = n / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    const V x = _mm512_cvtepi8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(a + i)));
    store(out + i, _mm512_min_epu64(x, _mm512_add_epi64(x, modulus)));
  }
  scalar::liftSigned(a + whole, n - whole, q, out + whole);
}

void liftIntegers(const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                  Word* out) {
  const auto* const words = reinterpret_cast<const Word*>(a);
  const V q = broadcast(modulus.q);
  if (bits < static_cast<int>(std::bit_width(modulus.q))) {
    return eachVector(n, [&](std::size_t i, auto lanes) {
      const V x = lanes.load(words + i);
      lanes.store(out + i, _mm512_min_epu64(x, _mm512_add_epi64(x, q)));
    });
  }
  const V lift = broadcast(scalar::liftOf(bits, modulus.q));
  if (bits <= kProductBits) {
    // x ratio / 2^52 with x below 2^52 is less than one below x / q, and so is its cut.
    const V ratio = broadcast((Word{1} << 52) / modulus.q);
    const V minus_q = broadcast((Word{1} << 52) - modulus.q);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      const V x = _mm512_add_epi64(lanes.load(words + i), lift);
      const V rest = mask52(low52(x, high52(zero(), x, ratio), minus_q));
      lanes.store(out + i, reduceOnce(rest, q));
    });
  }
  const V ratio = broadcast(modulus.ratioHigh);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = _mm512_add_epi64(lanes.load(words + i), lift);
    const V rest = _mm512_sub_epi64(x, _mm512_mullo_epi64(high64(x, ratio), q));
    lanes.store(out + i, reduceOnce(rest, q));
  });
}

void addSigned(const std::int8_t* a, std::size_t n, Word q, Word* sum) {
  const V modulus = broadcast(q);
  const std::size_t whole = n / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    const V x = _mm512_cvtepi8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(a + i)));
    store(sum + i,
          addMod(load(sum + i), _mm512_min_epu64(x, _mm512_add_epi64(x, modulus)), modulus));
  }
  scalar::addSigned(a + whole, n - whole, q, sum + whole);
}

void liftCentred(const Word* a, std::size_t n, Word q, Word b, Word* out) {
  const V half = broadcast(q / 2), shift = broadcast(b - q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x = lanes.load(a + i);
    lanes.store(out + i, _mm512_mask_add_epi64(x, _mm512_cmpgt_epu64_mask(x, half), x, shift));
  });
}

void reduceCentred(const Word* a, std::size_t n, Word q, const Barrett& b, Word* out) {
  const int bits = std::bit_width(b.q);
  if (bits > kProductBits || bits < 16) return scalar::reduceCentred(a, n, q, b, out);
  // x + shift < q + b is below 2^62; cutting 10 bits of it, 52-bit words, and the floor make the
  // estimate at most two too small.
  const V half = broadcast(q / 2), shift = broadcast(b.q - q % b.q);
  const V ratio = broadcast(ratioOf(b, 62)), minus_b = broadcast((Word{1} << 52) - b.q);
  const V b1 = broadcast(b.q), b2 = broadcast(2 * b.q);
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V residue = lanes.load(a + i);
    const V x =
        _mm512_mask_add_epi64(residue, _mm512_cmpgt_epu64_mask(residue, half), residue, shift);
    const V estimate = high52(zero(), _mm512_srli_epi64(x, 10), ratio);
    lanes.store(out + i, reduceOnce(reduceOnce(mask52(low52(x, estimate, minus_b)), b2), b1));
  });
}

void permuteEights(const Word* a, const std::uint32_t* positions, std::size_t n, Word* out) {
  for (std::size_t i = 0; i < n; i += 8) {
    const V within =
        _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(positions + i)));
    const Word* const eight = a + (positions[i] & ~std::uint32_t{7});
    store(out + i, _mm512_permutexvar_epi64(within, load(eight)));  // of `within`, three bits
  }
}

void innerProduct(const Word* const* a, const Word* const* b, std::size_t count, std::size_t n,
                  const Barrett& modulus, Word* out) {
  const int bits = std::bit_width(modulus.q);
  if (bits > kWideBits) return scalar::innerProduct(a, b, count, n, modulus, out);
  if (bits > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      lanes.store(out + i,
                  wideProducts(
                      reduction, zero(), [&](std::size_t j) { return lanes.load(a[j] + i); },
                      [&](std::size_t j) { return lanes.load(b[j] + i); }, count));
    });
  }
  const Reduction reduction(modulus);
  const std::size_t terms = termsOf(52 + bits);  // lazy first factors have 52 bits
  eachVector(n, [&](std::size_t i, auto lanes) {
    Sum sum{zero(), zero()};
    for (std::size_t j = 0; j < count;) {
      const std::size_t end = std::min(count, j + terms);
      for (; j < end; ++j) sum.add(lanes.load(a[j] + i), lanes.load(b[j] + i));
      sum = {reduction(sum), zero()};
    }
    lanes.store(out + i, sum.low);
  });
}

namespace {

// The sums of a tensor reduced: `single` takes one product, `pair` the sum of two; below 2^52 times
// q each where a is lazy.
template <class Single, class Pair>
void tensorOf(const Word* const* a, const Word* const* b, std::size_t n, Word* const* out,
              Single single, Pair pair) {
  const Word *const a0 = a[0], *const a1 = a[1], *const b0 = b[0], *const b1 = b[1];
  Word *const out0 = out[0], *const out1 = out[1], *const out2 = out[2];
  eachVector(n, [&](std::size_t i, auto lanes) {
    const V x0 = lanes.load(a0 + i), x1 = lanes.load(a1 + i);
    const V y0 = lanes.load(b0 + i), y1 = lanes.load(b1 + i);
    Sum e0{zero(), zero()}, e1{zero(), zero()}, e2{zero(), zero()};
    e0.add(x0, y0), e1.add(x0, y1), e2.add(x1, y1), e1.add(x1, y0);
    lanes.store(out0 + i, single(e0));
    lanes.store(out1 + i, pair(e1));
    lanes.store(out2 + i, single(e2));
  });
}

}  // namespace

void tensor(const Word* const* a, const Word* const* b, std::size_t n, const Barrett& modulus,
            Word* const* out) {
  const int bits = std::bit_width(modulus.q);
  if (bits > kWideBits) return scalar::tensor(a, b, n, modulus, out);
  const Word* const a0 = a[0];
  const Word* const a1 = a[1];
  const Word* const b0 = b[0];
  const Word* const b1 = b[1];
  Word* const out0 = out[0];
  Word* const out1 = out[1];
  Word* const out2 = out[2];
  if (bits > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    return eachVector(n, [&](std::size_t i, auto lanes) {
      const V x[] = {lanes.load(a0 + i), lanes.load(a1 + i)};
      const V y[] = {lanes.load(b1 + i), lanes.load(b0 + i)};
      const auto products = [&](std::size_t from, std::size_t with, std::size_t count) {
        return wideProducts(
            reduction, zero(), [&](std::size_t j) { return x[from + j]; },
            [&](std::size_t j) { return y[with + j]; }, count);
      };
      lanes.store(out0 + i, products(0, 1, 1));
      lanes.store(out1 + i, products(0, 0, 2));
      lanes.store(out2 + i, products(1, 0, 1));
    });
  }
  const Reduction reduction(modulus);
  tensorOf(a, b, n, out, reduction, reduction);
}

void scaledTensor(const Word* const* a, const Word* const* b, std::size_t n, const Barrett& modulus,
                  Word* const* out) {
  if (std::bit_width(modulus.q) > kProductBits || modulus.q % 2 == 0) {
    return tensor(a, b, n, modulus, out);
  }
  const MontgomeryReduction reduction(modulus.q);
  const V q = broadcast(modulus.q);
  tensorOf(a, b, n, out, reduction, [&](const Sum& sum) { return reduceOnce(reduction(sum), q); });
}

namespace {

// The sums of innerProductPair for kVectors vectors from word i on.
template <int kVectors, class Lanes>
VEILSUM_INLINE void addProductPair(const ProductPair& p, std::size_t j, std::size_t i, Lanes lanes,
                                   Sum (*sums)[kVectors]) {
#pragma GCC unroll 2
  for (int v = 0; v < kVectors; ++v) {
    const V a = lanes.load(p.a[j] + i + 8 * v);
    sums[0][v].add(a, lanes.load(p.b[0][j] + i + 8 * v));
    sums[1][v].add(a, lanes.load(p.b[1][j] + i + 8 * v));
  }
}

template <int kVectors, class Lanes>
VEILSUM_INLINE void productPair(const ProductPair& p, const Reduction& reduction, std::size_t terms,
                                std::size_t i, Lanes lanes) {
  Sum sums[2][kVectors];
  const V scalar = broadcast(p.scalar);
#pragma GCC unroll 2
  for (int h = 0; h < 2; ++h) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      sums[h][v] = {zero(), zero()};
      if (p.added[h] != nullptr) sums[h][v].add(lanes.load(p.added[h] + i + 8 * v), scalar);
    }
  }
  // The term of `added` takes a place among the first terms.
  for (std::size_t j = 0, end = std::min(p.count, terms - 1); j < p.count;
       end = std::min(p.count, j + terms)) {
    if (j != 0) {
      for (int v = 0; v < kVectors; ++v) {
        sums[0][v] = {reduction(sums[0][v]), zero()};
        sums[1][v] = {reduction(sums[1][v]), zero()};
      }
    }
    for (; j < end; ++j) addProductPair<kVectors>(p, j, i, lanes, sums);
  }
#pragma GCC unroll 2
  for (int v = 0; v < kVectors; ++v) {
    lanes.store(p.out[0] + i + 8 * v, reduction(sums[0][v]));
    lanes.store(p.out[1] + i + 8 * v, reduction(sums[1][v]));
  }
}

// innerProductPair of kCount terms that fit one sum with what is added to the first kAdded halves,
// two vectors side by side.
template <std::size_t kCount, int kAdded>
void productPairs(const ProductPair& p, std::size_t n, const Barrett& modulus) {
  const Reduction reduction(modulus);
  const Word *a[kCount], *b[2][kCount];
#pragma GCC unroll 8
  for (std::size_t j = 0; j < kCount; ++j) a[j] = p.a[j], b[0][j] = p.b[0][j], b[1][j] = p.b[1][j];
  const Word* const added[2] = {p.added[0], p.added[1]};
  Word* const out[2] = {p.out[0], p.out[1]};
  const V scalar = broadcast(p.scalar);
  const auto sums = [&](std::size_t i, auto lanes, Sum(&sum)[2]) {
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
      sum[h] = {zero(), zero()};
      if (h < kAdded) sum[h].add(lanes.load(added[h] + i), scalar);
    }
#pragma GCC unroll 8
    for (std::size_t j = 0; j < kCount; ++j) {
      const V x = lanes.load(a[j] + i);
      sum[0].add(x, lanes.load(b[0][j] + i));
      sum[1].add(x, lanes.load(b[1][j] + i));
    }
  };
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    Sum s[2][2];
    sums(i, Whole{}, s[0]);
    sums(i + 8, Whole{}, s[1]);
#pragma GCC unroll 2
    for (std::size_t v = 0; v < 2; ++v) {
#pragma GCC unroll 2
      for (int h = 0; h < 2; ++h) store(out[h] + i + 8 * v, reduction(s[v][h]));
    }
  }
  eachVector(n - i, [&](std::size_t k, auto lanes) {
    Sum s[2];
    sums(i + k, lanes, s);
    for (int h = 0; h < 2; ++h) lanes.store(out[h] + i + k, reduction(s[h]));
  });
}

template <std::size_t kCount>
bool fewProductPairs(const ProductPair& p, std::size_t n, const Barrett& modulus) {
  if constexpr (kCount == 0) {
    return false;
  } else {
    if (p.count != kCount) return fewProductPairs<kCount - 1>(p, n, modulus);
    if (p.added[0] == nullptr) {
      if (p.added[1] != nullptr) return false;
      productPairs<kCount, 0>(p, n, modulus);
    } else if (p.added[1] == nullptr) {
      productPairs<kCount, 1>(p, n, modulus);
    } else {
      productPairs<kCount, 2>(p, n, modulus);
    }
    return true;
  }
}

}  // namespace

void innerProductPair(const ProductPair& p, std::size_t n, const Barrett& modulus) {
  const int bits = std::bit_width(modulus.q);
  if (bits > kWideBits) return scalar::innerProductPair(p, n, modulus);
  if (bits > kProductBits) {
    const WideReduction<Wide> reduction(modulus);
    using Halves = WideSum<Wide>::Halves;
    const Halves scalar(broadcast(p.scalar));
    return eachVector(n, [&](std::size_t i, auto lanes) {
      WideSum<Wide> sums[2];
      for (int h = 0; h < 2; ++h) {
        sums[h] = {zero(), zero(), zero()};
        if (p.added[h] != nullptr) sums[h].add(Halves(lanes.load(p.added[h] + i)), scalar);
      }
      // The first sum has the term of `added` for one of its own.
      for (std::size_t j = 0, end = kWideTerms - 1; j < p.count; end += kWideTerms) {
        if (j != 0) {
          for (auto& sum : sums) sum = {reduction(sum), zero(), zero()};
        }
        for (end = std::min(end, p.count); j < end; ++j) {
          const Halves a(lanes.load(p.a[j] + i));
          sums[0].add(a, Halves(lanes.load(p.b[0][j] + i)));
          sums[1].add(a, Halves(lanes.load(p.b[1][j] + i)));
        }
      }
      for (int h = 0; h < 2; ++h) lanes.store(p.out[h] + i, reduction(sums[h]));
    });
  }
  const Reduction reduction(modulus);
  const std::size_t terms = termsOf(52 + bits);  // lazy first factors have 52 bits
  if (p.count < terms && fewProductPairs<8>(p, n, modulus)) return;
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) productPair<2>(p, reduction, terms, i, Whole{});
  eachVector(n - i,
             [&](std::size_t k, auto lanes) { productPair<1>(p, reduction, terms, i + k, lanes); });
}

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
