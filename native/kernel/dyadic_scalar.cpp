// Componentwise arithmetic in portable code.

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {
namespace {

using u128 = unsigned __int128;

// [0, 2q) -> [0, q).
inline std::uint64_t reduceOnce(std::uint64_t x, std::uint64_t q) {
  const std::uint64_t d = x - q;
  return d + (q & (0 - (d >> 63)));
}

// x mod q for any 128-bit x: Barrett's quotient estimate from floor(2^128 / q) is at most one too
// small (Menezes, van Oorschot, Vanstone, Handbook of Applied Cryptography, section 14.3.3).
inline std::uint64_t reduceWide(u128 x, const Barrett& m) {
  const auto x0 = static_cast<std::uint64_t>(x), x1 = static_cast<std::uint64_t>(x >> 64);
  const auto carry = static_cast<std::uint64_t>((u128{x0} * m.ratioLow) >> 64);
  const u128 middle = u128{x0} * m.ratioHigh + carry;
  const u128 middle2 = u128{x1} * m.ratioLow + static_cast<std::uint64_t>(middle);
  const std::uint64_t estimate = x1 * m.ratioHigh + static_cast<std::uint64_t>(middle >> 64) +
                                 static_cast<std::uint64_t>(middle2 >> 64);
  return reduceOnce(x0 - estimate * m.q, m.q);
}

// Products below 2^122 fit 32 to a 128-bit sum with a reduced term beside them.
constexpr std::size_t kLazyTerms = 32;

}  // namespace

void add(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, std::uint64_t q,
         std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = reduceOnce(a[i] + b[i], q);
}

void subtract(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, std::uint64_t q,
              std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t d = a[i] - b[i];
    out[i] = d + (q & (0 - (d >> 63)));
  }
}

void negate(const std::uint64_t* a, std::size_t n, std::uint64_t q, std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = (q - a[i]) & (0 - ((a[i] | (0 - a[i])) >> 63));
  }
}

void multiply(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, const Barrett& modulus,
              std::uint64_t* out) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) out[i] = reduceWide(u128{a[i]} * b[i], m);
}

void multiplyAdd(const std::uint64_t* a, const std::uint64_t* b, std::size_t n,
                 const Barrett& modulus, std::uint64_t* out) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) out[i] = reduceWide(u128{a[i]} * b[i] + out[i], m);
}

void lazyMultiplyAdd(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c,
                     std::size_t n, const Barrett& modulus, std::uint64_t* sum) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) {
    sum[i] = reduceWide(u128{a[i]} * b[i] + sum[i] + (c == nullptr ? 0 : c[i]), m);
  }
}

void multiplyScalar(const std::uint64_t* a, std::size_t n, std::uint64_t scalar,
                    std::uint64_t quotient, std::uint64_t q, std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto estimate = static_cast<std::uint64_t>((u128{a[i]} * quotient) >> 64);
    out[i] = reduceOnce(a[i] * scalar - estimate * q, q);
  }
}

void multiplyScalarAdd(const std::uint64_t* a, std::size_t n, std::uint64_t scalar,
                       std::uint64_t quotient, std::uint64_t q, std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto estimate = static_cast<std::uint64_t>((u128{a[i]} * quotient) >> 64);
    out[i] = reduceOnce(out[i] + reduceOnce(a[i] * scalar - estimate * q, q), q);
  }
}

void liftSigned(const std::int8_t* a, std::size_t n, std::uint64_t q, std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<std::uint64_t>(std::int64_t{a[i]});
    out[i] = x + (q & (0 - (x >> 63)));
  }
}

void liftIntegers(const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                  std::uint64_t* out) {
  const std::uint64_t q = modulus.q;
  if (bits < static_cast<int>(std::bit_width(q))) {
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = static_cast<std::uint64_t>(a[i]) + (q & static_cast<std::uint64_t>(a[i] >> 63));
    }
    return;
  }
  const std::uint64_t lift = liftOf(bits, q);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint64_t>(a[i]) + lift;
  reduce(out, n, modulus, out);
}

void addSigned(const std::int8_t* a, std::size_t n, std::uint64_t q, std::uint64_t* sum) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<std::uint64_t>(std::int64_t{a[i]});
    sum[i] = reduceOnce(sum[i] + x + (q & (0 - (x >> 63))), q);
  }
}

void liftCentred(const std::uint64_t* a, std::size_t n, std::uint64_t q, std::uint64_t b,
                 std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t negative = (q / 2 - a[i]) >> 63;
    out[i] = a[i] + ((b - q) & (0 - negative));
  }
}

void reduceCentred(const std::uint64_t* a, std::size_t n, std::uint64_t q, const Barrett& b,
                   std::uint64_t* out) {
  const Barrett m = b;
  const std::uint64_t shift = m.q - q % m.q;  // a multiple of b, less q
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t x = a[i] + (shift & (0 - ((q / 2 - a[i]) >> 63)));
    const auto estimate = static_cast<std::uint64_t>((u128{x} * m.ratioHigh) >> 64);
    out[i] = reduceOnce(x - estimate * m.q, m.q);
  }
}

void permuteEights(const std::uint64_t* a, const std::uint32_t* positions, std::size_t n,
                   std::uint64_t* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[positions[i]];
}

void reduce(const std::uint64_t* a, std::size_t n, const Barrett& modulus, std::uint64_t* out) {
  const std::uint64_t ratio = modulus.ratioHigh, q = modulus.q;
  for (std::size_t i = 0; i < n; ++i) {
    const auto estimate = static_cast<std::uint64_t>((u128{a[i]} * ratio) >> 64);
    out[i] = reduceOnce(a[i] - estimate * q, q);
  }
}

void innerProduct(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t count,
                  std::size_t n, const Barrett& modulus, std::uint64_t* out) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) {
    u128 sum = 0;
    for (std::size_t j = 0; j < count; ++j) {
      if (j != 0 && j % kLazyTerms == 0) sum = reduceWide(sum, m);
      sum += u128{a[j][i]} * b[j][i];
    }
    out[i] = reduceWide(sum, m);
  }
}

void tensor(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t n,
            const Barrett& modulus, std::uint64_t* const* out) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) {
    const u128 a0 = a[0][i], a1 = a[1][i];
    const std::uint64_t b0 = b[0][i], b1 = b[1][i];
    out[0][i] = reduceWide(a0 * b0, m);
    out[1][i] = reduceWide(a0 * b1 + a1 * b0, m);
    out[2][i] = reduceWide(a1 * b1, m);
  }
}

void innerProductPair(const ProductPair& p, std::size_t n, const Barrett& modulus) {
  const Barrett m = modulus;
  for (int h = 0; h < 2; ++h) {
    for (std::size_t i = 0; i < n; ++i) {
      u128 sum = p.added[h] != nullptr ? u128{p.added[h][i]} * p.scalar : 0;
      for (std::size_t j = 0; j < p.count; ++j) {
        if ((j + 1) % kLazyTerms == 0) sum = reduceWide(sum, m);
        sum += u128{p.a[j][i]} * p.b[h][j][i];
      }
      p.out[h][i] = reduceWide(sum, m);
    }
  }
}

void linearCombination(const std::uint64_t* const* rows, const std::uint64_t* scalars,
                       std::size_t count, std::size_t n, int, const Barrett& modulus,
                       std::uint64_t* out) {
  const Barrett m = modulus;
  for (std::size_t i = 0; i < n; ++i) {
    u128 sum = 0;
    for (std::size_t j = 0; j < count; ++j) {
      if (j != 0 && j % kLazyTerms == 0) sum = reduceWide(sum, m);
      sum += u128{rows[j][i]} * scalars[j];
    }
    out[i] = reduceWide(sum, m);
  }
}

void combineDigits(const DigitCombination& c, const std::uint64_t* const* rows,
                   const std::uint64_t* addend, std::size_t n, std::uint64_t* out) {
  linearCombination(rows, c.factors.data(), c.factors.size(), n, c.input_bits, c.modulus, out);
  if (addend != nullptr) add(out, addend, n, c.modulus.q, out);
}

void roundedQuotient(const std::uint64_t* const* rows, const double* inverses, std::size_t count,
                     std::size_t n, std::uint64_t* out, double* fractions) {
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.5;
    for (std::size_t j = 0; j < count; ++j) {
      sum += static_cast<double>(static_cast<std::int64_t>(rows[j][i])) * inverses[j];
    }
    const auto whole = static_cast<std::int64_t>(sum);
    out[i] = static_cast<std::uint64_t>(whole);
    if (fractions != nullptr) fractions[i] = sum - static_cast<double>(whole) - 0.5;
  }
}

namespace {

// What the digits of one prime add to v (kernel::Table::crtDigits).
class CrtFraction {
 public:
  explicit CrtFraction(const DigitFactors& f)
      : q_(f.q), half_(f.q / 2), reciprocal_(f.reciprocal), tie_(f.first ? 1 : 0) {
    const int bits = std::bit_width(f.q);
    left_ = std::max(0, 52 - bits);
    right_ = std::max(0, bits - 52);
  }
  std::uint64_t operator()(std::uint64_t digit) const {
    const std::uint64_t above = 0 - ((half_ - digit) >> 63);
    const std::uint64_t nearest = digit ^ ((digit ^ (q_ - digit)) & above);
    const auto units =
        static_cast<std::uint64_t>((u128{(nearest << left_) >> right_} * reciprocal_) >> 52);
    return (units ^ above) - above + (above & ((std::uint64_t{1} << 50) - tie_));
  }

 private:
  std::uint64_t q_, half_, reciprocal_, tie_;
  int left_, right_;
};

}  // namespace

void crtQuotient(const std::uint64_t* const* y, const DigitFactors* factors, std::size_t count,
                 std::size_t n, std::uint64_t* v) {
  for (std::size_t j = 0; j < count; ++j) {
    const CrtFraction fraction(factors[j]);
    for (std::size_t i = 0; i < n; ++i) {
      v[i] = (j == 0 ? std::uint64_t{1} << 49 : v[i]) + fraction(y[j][i]);
    }
  }
  for (std::size_t i = 0; i < n; ++i) v[i] >>= 50;
}

void crtDigits(const std::uint64_t* x, std::size_t n, const DigitFactors& factors, std::uint64_t* y,
               std::uint64_t* v) {
  const DigitFactors f = factors;
  const CrtFraction fraction(f);
  for (std::size_t i = 0; i < n; ++i) {
    const auto estimate = static_cast<std::uint64_t>((u128{x[i]} * f.inverseQuotient) >> 64);
    const std::uint64_t digit = reduceOnce(x[i] * f.inverse - estimate * f.q, f.q);
    v[i] += fraction(digit);
    y[i] = digit;
  }
}

}  // namespace veilsum::kernel::scalar
