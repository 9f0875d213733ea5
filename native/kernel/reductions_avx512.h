#ifndef VEILSUM_KERNEL_REDUCTIONS_AVX512_H_
#define VEILSUM_KERNEL_REDUCTIONS_AVX512_H_

// Products and sums of products modulo q, of words of at most 52 bits by IFMA and of wider ones by
// products of halves. For the files *_avx512ifma.cpp alone.

#include <algorithm>
#include <bit>

#include "kernel/avx512.h"
#include "kernel/table.h"

namespace veilsum::kernel::avx512ifma {
namespace {

using Word = std::uint64_t;

constexpr int kProductBits = 50;  // of the widest modulus that 52-bit products serve

// The low 64 bits of floor(2^shift / q), 0 < shift < 128.
inline Word ratioOf(const Barrett& m, int shift) {
  const unsigned __int128 ratio = static_cast<unsigned __int128>(m.ratioHigh) << 64 | m.ratioLow;
  return static_cast<Word>(ratio >> (128 - shift));
}

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

inline V addMod(V a, V b, V q) { return reduceOnce(_mm512_add_epi64(a, b), q); }

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
inline std::size_t termsOf(int bits) { return std::size_t{1} << std::min(104 - bits, 8); }

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
}  // namespace veilsum::kernel::avx512ifma

#endif  // VEILSUM_KERNEL_REDUCTIONS_AVX512_H_
