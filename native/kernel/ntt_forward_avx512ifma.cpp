// The forward negacyclic transform with AVX-512: passes of radix 16 to 2 (as few stores as
// registers allow: a store costs the multipliers a cycle), depth first until a block fits the
// cache, and the last six layers of 64 points in registers between two 8 x 8 transposes. The first
// pass takes residues as they come, the last layers leave them as they are asked for. Twiddles
// carry the powers of psi (Longa, Naehrig, ePrint 2016/504).

#if defined(__AVX512IFMA__)

#include "kernel/avx512ifma.h"
#include "kernel/ntt_avx512.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

// Eight inputs from position i on: residues, those of another modulus lifted, signed words, or
// integers.
struct Residues {
  const Word* in;
  VEILSUM_INLINE V operator()(std::size_t i) const { return load(in + i); }
};
struct Lifted {
  const Word* in;
  V half, shift;
  Lifted(const Word* in, Word from, Word q)
      : in(in),
        half(broadcast(from / 2)),
        shift(broadcast(from < 2 * q ? q - from : q - from % q)) {}
  VEILSUM_INLINE V operator()(std::size_t i) const {
    const V x = load(in + i);
    return _mm512_mask_add_epi64(x, _mm512_cmpgt_epu64_mask(x, half), x, shift);
  }
};
struct Signed {
  const std::int8_t* in;
  V q;
  VEILSUM_INLINE V operator()(std::size_t i) const {
    const V x = _mm512_cvtepi8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(in + i)));
    return _mm512_min_epu64(x, _mm512_add_epi64(x, q));
  }
};

// Integers below q in absolute value.
struct Integers {
  const std::int64_t* in;
  V q;
  VEILSUM_INLINE V operator()(std::size_t i) const {
    const V x = _mm512_loadu_si512(in + i);
    return _mm512_min_epu64(x, _mm512_add_epi64(x, q));
  }
};
// Integers below 2^bits in absolute value, bits and those of q at most 50: x ratio / 2^52 with x
// below 2^52 is less than one below x / q, and so is its cut.
struct LongIntegers {
  const std::int64_t* in;
  V q, minus_q, ratio, lift;
  LongIntegers(const std::int64_t* in, int bits, Word q)
      : in(in),
        q(broadcast(q)),
        minus_q(broadcast((Word{1} << 52) - q)),
        ratio(broadcast((Word{1} << 52) / q)),
        lift(broadcast(scalar::liftOf(bits, q))) {}
  VEILSUM_INLINE V operator()(std::size_t i) const {
    const V x = _mm512_add_epi64(_mm512_loadu_si512(in + i), lift);
    return reduceOnce(mask52(low52(x, high52(zero(), x, ratio), minus_q)), q);
  }
};

// What becomes of eight outputs y from position i on.
struct Lazy {
  template <class Numbers>
  VEILSUM_INLINE V operator()(const Numbers&, V y, std::size_t) const {
    return y;
  }
};
struct Reduced {
  template <class Numbers>
  VEILSUM_INLINE V operator()(const Numbers& numbers, V y, std::size_t) const {
    return numbers.finish(y);
  }
};
struct SubtractScale {
  const Word* x;
  Twiddle w;
  template <class Numbers>
  VEILSUM_INLINE V operator()(const Numbers& numbers, V y, std::size_t i) const {
    return numbers.reduced(numbers.multiply(numbers.minus(load(x + i), y), w));
  }
};

// log2(kRadix) layers on kRadix vectors.
template <int kRadix, int kBlocks = 1, class Numbers>
VEILSUM_INLINE void forwardLayers(const Numbers& numbers, const PassTwiddles<kRadix>& twiddles,
                                  V* x) {
  if constexpr (kBlocks < kRadix) {
    constexpr int kHalf = kRadix / kBlocks / 2;
#pragma GCC unroll 8
    for (int block = 0; block < kBlocks; ++block) {
      const Twiddle w = twiddles.template at<kBlocks>(block);
#pragma GCC unroll 8
      for (int j = 2 * kHalf * block; j < 2 * kHalf * block + kHalf; ++j) {
        numbers.forward(x[j], x[j + kHalf], w);
      }
    }
    forwardLayers<kRadix, 2 * kBlocks>(numbers, twiddles, x);
  }
}

// The same on kRadix * stride points below node k of the tree, from `source` to `a`.
template <int kRadix, class Numbers, class Source>
VEILSUM_INLINE void firstPass(const Numbers& numbers, const Word* pairs, std::size_t stride,
                              const Source source, Word* a) {
  const PassTwiddles<kRadix> twiddles(pairs, 1);
  for (std::size_t j = 0; j < stride; j += 8) {
    V x[kRadix];
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) {
      x[r] = source(r * stride + j);
      if (r < kRadix / 2) x[r] = numbers.enter(x[r]);
    }
    forwardLayers<kRadix>(numbers, twiddles, x);
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) store(a + r * stride + j, x[r]);
  }
}
template <int kRadix, class Numbers, class Stride>
VEILSUM_INLINE void forwardPass(const Numbers& numbers, const Word* pairs, std::size_t k,
                                Stride stride, Word* a) {
  const PassTwiddles<kRadix> twiddles(pairs, k);
  for (const Word* const end = a + stride; a != end; a += 8) {
    V x[kRadix];
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) x[r] = load(a + r * stride);
    forwardLayers<kRadix>(numbers, twiddles, x);
#pragma GCC unroll 16
    for (int r = 0; r < kRadix; ++r) store(a + r * stride, x[r]);
  }
}

template <class Numbers, class Source>
void firstPass(const Numbers& numbers, const NttTwiddles& t, const Source& source, Word* work) {
  withRadix(radixFor(t.n), [&](auto radix) {
    firstPass<radix>(numbers, t.forward.pairs.data(), t.n / radix, source, work);
  });
}

// One pass on each of `blocks` blocks of `size` points side by side, in place, node k the first.
template <class Numbers>
void forwardPasses(const Numbers& numbers, const Word* pairs, std::size_t k, std::size_t size,
                   std::size_t blocks, Word* a) {
  withRadix(radixFor(size), [&](auto radix) {
    for (std::size_t i = 0; i < blocks; ++i, a += size) {
      withStride(size / radix,
                 [&](auto stride) { forwardPass<radix>(numbers, pairs, k + i, stride, a); });
    }
  });
}

// Three layers in steps.
template <int kStep, class Numbers, class Twiddles>
VEILSUM_INLINE void forwardStep(const Numbers& numbers, const Twiddles& twiddles, V* x) {
  constexpr int kLayer = kStep / 4;
  constexpr Pair p = pairOf(kStep, 4 >> kLayer);
  numbers.forward(x[p.low], x[p.high], twiddles(kLayer, p.block));
}

// The transposition back with what follows it.
template <int kStep, class Numbers, class Sink>
VEILSUM_INLINE void closingStep(const Numbers& numbers, const Sink& sink, V* x, Word* out,
                                std::size_t at) {
  transposeStep<kStep>(x);
  if constexpr (kStep >= 8) {
    constexpr Pair p = pairOf(kStep, 4);
    store(out + at + 8 * p.low, sink(numbers, x[p.low], at + 8 * p.low));
    store(out + at + 8 * p.high, sink(numbers, x[p.high], at + 8 * p.high));
  }
}

// The last six layers of `blocks` blocks of 64 points, an even number, node k of the tree the
// first: from position `at` of `work` to the same of `out`. Two blocks are under way at a time, so
// that one is shuffled while the other is multiplied.
template <class Numbers, class Sink>
void forwardEnds(const Numbers& numbers, const NttTwiddles& t, std::size_t k, std::size_t blocks,
                 std::size_t at, const Word* work, const Sink& sink, Word* out) {
  const Word* const pairs = t.forward.pairs.data();
  const Word* tail = t.forward.tail.data() + at / 64 * kTailWords;
  const std::size_t end = at + 64 * blocks;
  V x[8], y[8];
  load8(work + at, x);
  inSteps([&](auto s) VEILSUM_INLINED { forwardStep<s>(numbers, Broadcast{pairs, k}, x); });
  for (;;) {
    load8(work + at + 64, y);
    inSteps([&](auto s) VEILSUM_INLINED {
      forwardStep<s>(numbers, Broadcast{pairs, k + 1}, y);
      transposeStep<s>(x);
    });
    inSteps([&](auto s) VEILSUM_INLINED {
      forwardStep<s>(numbers, Tail{tail}, x);
      transposeStep<s>(y);
    });
    inSteps([&](auto s) VEILSUM_INLINED {
      forwardStep<s>(numbers, Tail{tail + kTailWords}, y);
      closingStep<s>(numbers, sink, x, out, at);
    });
    at += 128, k += 2, tail += 2 * kTailWords;
    if (at == end) break;
    load8(work + at, x);
    inSteps([&](auto s) VEILSUM_INLINED {
      forwardStep<s>(numbers, Broadcast{pairs, k}, x);
      closingStep<s>(numbers, sink, y, out, at - 64);
    });
  }
  inSteps([&](auto s) VEILSUM_INLINED { closingStep<s>(numbers, sink, y, out, at - 64); });
}

// `blocks` blocks of `size` points from position `at` on, node k of the tree the first, but for
// their last six layers; ends(node, blocks, position) does those.
template <class Numbers, class Ends>
void forwardBlocks(const Numbers& numbers, const Word* pairs, std::size_t k, std::size_t size,
                   std::size_t blocks, std::size_t at, Word* work, const Ends& ends) {
  if (size == 64) return ends(k, blocks, at);
  if (blocks > 1 && size * blocks > kCachedPoints) {
    for (std::size_t i = 0; i < blocks; ++i) {
      forwardBlocks(numbers, pairs, k + i, size, 1, at + i * size, work, ends);
    }
    return;
  }
  const std::size_t radix = radixFor(size);
  forwardPasses(numbers, pairs, k, size, blocks, work + at);
  forwardBlocks(numbers, pairs, k * radix, size / radix, blocks * radix, at, work, ends);
}

// What follows the first pass.
template <class Numbers, class Sink>
void afterFirstPass(const Numbers& numbers, const NttTwiddles& t, Word* work, const Sink& sink,
                    Word* out) {
  const std::size_t radix = radixFor(t.n);
  forwardBlocks(numbers, t.forward.pairs.data(), radix, t.n / radix, radix, 0, work,
                [&](std::size_t k, std::size_t blocks, std::size_t at) {
                  forwardEnds(numbers, t, k, blocks, at, work, sink, out);
                });
}

template <class Numbers, class Source, class Sink>
void forward(const Numbers& numbers, const NttTwiddles& t, const Source& source, Word* work,
             const Sink& sink, Word* out) {
  firstPass(numbers, t, source, work);
  afterFirstPass(numbers, t, work, sink, out);
}

template <class Numbers, class Source>
void forwardLazy(const Numbers& numbers, const NttTwiddles& t, const Source& source, Word* out) {
  if constexpr (Numbers::kLazy) return forward(numbers, t, source, out, Lazy{}, out);
  forward(numbers, t, source, out, Reduced{}, out);
}

}  // namespace

void nttForward(const NttTwiddles& t, const Word* in, Word* out) {
  inLayout(
      t, [&](const auto& numbers) { forward(numbers, t, Residues{in}, out, Reduced{}, out); },
      [&] { scalar::nttForward(t, in, out); });
}

void nttForwardLazy(const NttTwiddles& t, const Word* in, Word from, Word* out) {
  inLayout(
      t,
      [&](const auto& numbers) {
        if (from == t.q) return forwardLazy(numbers, t, Residues{in}, out);
        forwardLazy(numbers, t, Lifted(in, from, t.q), out);
      },
      [&] { scalar::nttForwardLazy(t, in, from, out); });
}

void nttForwardSmallLazy(const NttTwiddles& t, const std::int8_t* in, Word* out) {
  inLayout(
      t,
      [&](const auto& numbers) {
        forwardLazy(numbers, t, Signed{in, broadcast(t.q)}, out);
      },
      [&] { scalar::nttForwardSmallLazy(t, in, out); });
}

void nttForwardIntegers(const NttTwiddles& t, const std::int64_t* in, int bits,
                        const Barrett& modulus, Word* out) {
  constexpr int kSettled = 50;
  const int width = static_cast<int>(std::bit_width(t.q));
  const auto apart = [&] {
    liftIntegers(in, t.n, bits, modulus, out);
    nttForward(t, out, out);
  };
  if (bits >= width && (bits > kSettled || width > kSettled)) return apart();
  inLayout(
      t,
      [&](const auto& numbers) {
        if (bits < width) {
          return forward(numbers, t, Integers{in, broadcast(t.q)}, out, Reduced{}, out);
        }
        forward(numbers, t, LongIntegers(in, bits, t.q), out, Reduced{}, out);
      },
      apart);
}

void nttForwardSubtractScale(const NttTwiddles& t, const Word* in, Word from, Word* work,
                             const Word* x, Word scalar, Word quotient, Word* out) {
  inLayout(
      t,
      [&](const auto& numbers) {
        const SubtractScale sink{x, {broadcast(scalar), broadcast(numbers.quotient(quotient))}};
        if (from == t.q) return forward(numbers, t, Residues{in}, work, sink, out);
        forward(numbers, t, Lifted(in, from, t.q), work, sink, out);
      },
      [&] { scalar::nttForwardSubtractScale(t, in, from, work, x, scalar, quotient, out); });
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
