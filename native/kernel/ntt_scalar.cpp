// The negacyclic transform in portable code: Cooley-Tukey forward, Gentleman-Sande inverse, with
// the powers of psi merged into the twiddles (Longa, Naehrig, ePrint 2016/504, algorithms 1 and 2)
// and lazy butterflies (Harvey 2014, algorithms 4 and 3: values stay in [0, 4q) and [0, 2q)).

#include <algorithm>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {
namespace {

using u128 = unsigned __int128;

// a * w mod q in [0, 2q), for any 64-bit a.
inline std::uint64_t multiplyLazy(std::uint64_t a, std::uint64_t w, std::uint64_t quotient,
                                  std::uint64_t q) {
  return a * w - static_cast<std::uint64_t>((u128{a} * quotient) >> 64) * q;
}

// [0, 2m) -> [0, m), m < 2^62.
inline std::uint64_t reduceOnce(std::uint64_t x, std::uint64_t m) {
  const std::uint64_t d = x - m;
  return d + (m & (0 - (d >> 63)));
}

void transform(const NttTwiddles& twiddles, std::uint64_t* a) {
  const std::size_t n = twiddles.n;
  const std::uint64_t q = twiddles.q, q2 = 2 * q;
  const std::uint64_t* const pairs = twiddles.forward.pairs.data();
  std::size_t half = n / 2;
  for (std::size_t blocks = 1; blocks < n; blocks *= 2, half /= 2) {
    for (std::size_t i = 0; i < blocks; ++i) {
      const std::uint64_t w = pairs[2 * (blocks + i)], quotient = pairs[2 * (blocks + i) + 1];
      std::uint64_t* __restrict x = a + 2 * half * i;
      std::uint64_t* __restrict y = x + half;
      for (std::size_t j = 0; j < half; ++j) {
        const std::uint64_t u = reduceOnce(x[j], q2);
        const std::uint64_t v = multiplyLazy(y[j], w, quotient, q);
        x[j] = u + v;
        y[j] = u - v + q2;
      }
    }
  }
  for (std::size_t j = 0; j < n; ++j) a[j] = reduceOnce(reduceOnce(a[j], q2), q);
}

}  // namespace

void nttForward(const NttTwiddles& twiddles, const std::uint64_t* in, std::uint64_t* out) {
  if (in != out) std::copy_n(in, twiddles.n, out);
  transform(twiddles, out);
}

void nttForwardLazy(const NttTwiddles& twiddles, const std::uint64_t* in, std::uint64_t from,
                    std::uint64_t* out) {
  liftCentred(in, twiddles.n, from, twiddles.q, out);
  transform(twiddles, out);
}

void nttForwardIntegers(const NttTwiddles& t, const std::int64_t* in, int bits,
                        const Barrett& modulus, std::uint64_t* out) {
  liftIntegers(in, t.n, bits, modulus, out);
  nttForward(t, out, out);
}

void nttForwardSmallLazy(const NttTwiddles& t, const std::int8_t* in, std::uint64_t* out) {
  liftSigned(in, t.n, t.q, out);
  nttForward(t, out, out);
}

void nttForwardSubtractScale(const NttTwiddles& twiddles, const std::uint64_t* in,
                             std::uint64_t from, std::uint64_t* work, const std::uint64_t* x,
                             std::uint64_t scalar, std::uint64_t quotient, std::uint64_t* out) {
  const std::size_t n = twiddles.n;
  nttForwardLazy(twiddles, in, from, work);
  subtract(x, work, n, twiddles.q, out);
  multiplyScalar(out, n, scalar, quotient, twiddles.q, out);
}

void nttInverse(const NttTwiddles& twiddles, const std::uint64_t* in, const InverseScale& scale,
                std::uint64_t* a) {
  const std::size_t n = twiddles.n;
  if (in != a) std::copy_n(in, n, a);
  const std::uint64_t q = twiddles.q, q2 = 2 * q;
  const std::uint64_t* const pairs = twiddles.inverse.pairs.data();
  std::size_t half = 1;
  for (std::size_t blocks = n / 2; blocks > 1; blocks /= 2, half *= 2) {
    for (std::size_t i = 0; i < blocks; ++i) {
      const std::uint64_t w = pairs[2 * (blocks + i)], quotient = pairs[2 * (blocks + i) + 1];
      std::uint64_t* __restrict x = a + 2 * half * i;
      std::uint64_t* __restrict y = x + half;
      for (std::size_t j = 0; j < half; ++j) {
        const std::uint64_t u = x[j], v = y[j];
        x[j] = reduceOnce(u + v, q2);
        y[j] = multiplyLazy(u - v + q2, w, quotient, q);
      }
    }
  }
  // The last layer takes the factor n^-1 with it.
  std::uint64_t* __restrict x = a;
  std::uint64_t* __restrict y = a + n / 2;
  for (std::size_t j = 0; j < n / 2; ++j) {
    const std::uint64_t u = x[j], v = y[j];
    x[j] = reduceOnce(multiplyLazy(u + v, scale.scale, scale.scaleQuotient, q), q);
    y[j] = reduceOnce(multiplyLazy(u - v + q2, scale.scaledRoot, scale.scaledRootQuotient, q), q);
  }
}

}  // namespace veilsum::kernel::scalar
