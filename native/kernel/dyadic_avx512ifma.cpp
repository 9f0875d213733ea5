// Componentwise arithmetic with AVX-512. Products modulo q take 52-bit multiplications for q of at
// most 50 bits and products of halves above that; 61 bits are left to the portable code.

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/reductions_avx512.h"
#include "kernel/scalar.h"
#include "kernel/wide_products.h"

namespace veilsum::kernel::avx512ifma {
namespace {

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

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
