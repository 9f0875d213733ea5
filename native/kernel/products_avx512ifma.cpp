// Sums of products with AVX-512: inner products, both halves of a key at once, tensors.

#if defined(__AVX512IFMA__)

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/reductions_avx512.h"
#include "kernel/scalar.h"
#include "kernel/wide_products.h"

namespace veilsum::kernel::avx512ifma {

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

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
