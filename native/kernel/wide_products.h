#ifndef VEILSUM_KERNEL_WIDE_PRODUCTS_H_
#define VEILSUM_KERNEL_WIDE_PRODUCTS_H_

// Sums of products of words below 2^60 modulo q of at most 60 bits, by products of 32-bit halves.
// For the files of one instruction set, whose vectors `Ops` describes: the type V and the static
// functions broadcast, add, sub, both (and), either (or), left<k> and right<k> (shifts), multiply32
// (of the lower halves), multiply64 (low words) and reduceOnce ([0, 2m) -> [0, m), m < 2^62).

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernel/table.h"

namespace veilsum::kernel {
// Internal linkage: code built for one instruction set must not be shared with other files.
namespace {

constexpr int kWideBits = 60;
// Products in one sum: their 14 middle products and a carry are below 2^64.
constexpr std::size_t kWideTerms = 7;

// Factors are cut into halves of 30 bits; their products are summed by weight, the middle ones
// together.
template <class Ops>
struct WideSum {
  using V = typename Ops::V;
  V low, middle, high;

  // A factor in halves, for several products.
  struct Halves {
    V low, high;
    explicit inline __attribute__((always_inline)) Halves(V a)
        : low(Ops::both(a, Ops::broadcast((std::uint64_t{1} << 30) - 1))),
          high(Ops::template right<30>(a)) {}
  };

  inline __attribute__((always_inline)) void add(V a, V b) { add(Halves(a), Halves(b)); }
  inline __attribute__((always_inline)) void add(const Halves& a, const Halves& b) {
    low = Ops::add(low, Ops::multiply32(a.low, b.low));
    middle =
        Ops::add(middle, Ops::add(Ops::multiply32(a.low, b.high), Ops::multiply32(a.high, b.low)));
    high = Ops::add(high, Ops::multiply32(a.high, b.high));
  }
};

// Sums modulo q: high * 2^60 + low with low below 2^60, each by Shoup's method with a quotient made
// of three of the four products of halves, which is at most two too small: so each is below 4 q.
template <class Ops>
class WideReduction {
 public:
  using V = typename Ops::V;
  explicit WideReduction(const Barrett& m)
      : q_(Ops::broadcast(m.q)), ratio_(Ops::broadcast(m.ratioHigh)) {
    const std::uint64_t radix = (std::uint64_t{1} << 60) % m.q;
    radix_ = Ops::broadcast(radix);
    radix_quotient_ = Ops::broadcast(
        static_cast<std::uint64_t>((static_cast<unsigned __int128>(radix) << 64) / m.q));
  }
  inline __attribute__((always_inline)) V operator()(const WideSum<Ops>& sum) const {
    const V half = Ops::broadcast((std::uint64_t{1} << 30) - 1);
    const V middle = Ops::add(sum.middle, Ops::template right<30>(sum.low));
    const V high = Ops::add(sum.high, Ops::template right<30>(middle));
    const V low =
        Ops::either(Ops::template left<30>(Ops::both(middle, half)), Ops::both(sum.low, half));
    const V product = Ops::add(Ops::multiply64(high, radix_), low);
    const V quotient = Ops::add(estimate(high, radix_quotient_), estimate(low, ratio_));
    const V rest = Ops::sub(product, Ops::multiply64(quotient, q_));
    const V below4 = Ops::reduceOnce(rest, Ops::template left<2>(q_));
    return Ops::reduceOnce(Ops::reduceOnce(below4, Ops::template left<1>(q_)), q_);
  }

 private:
  static inline __attribute__((always_inline)) V estimate(V a, V b) {
    const V a1 = Ops::template right<32>(a), b1 = Ops::template right<32>(b);
    const V middle = Ops::add(Ops::template right<32>(Ops::multiply32(a1, b)),
                              Ops::template right<32>(Ops::multiply32(a, b1)));
    return Ops::add(Ops::multiply32(a1, b1), middle);
  }
  V q_, ratio_, radix_, radix_quotient_;
};

// first + sum over j < count of a(j) * b(j), vectors of words below 2^60.
template <class Ops, class A, class B>
inline __attribute__((always_inline)) typename Ops::V wideProducts(
    const WideReduction<Ops>& reduction, typename Ops::V first, A a, B b, std::size_t count) {
  typename Ops::V sum = first;
  for (std::size_t j = 0; j < count;) {
    WideSum<Ops> wide{sum, Ops::broadcast(0), Ops::broadcast(0)};
    const std::size_t end = std::min(count, j + kWideTerms);
    for (; j < end; ++j) wide.add(a(j), b(j));
    sum = reduction(wide);
  }
  return sum;
}

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_KERNEL_WIDE_PRODUCTS_H_
