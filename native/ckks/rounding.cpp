#include "ckks/rounding.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "arith/crt.h"
#include "base/buffer.h"
#include "kernel/fft.h"

namespace veilsum::ckks {

using arith::Modulus;
using arith::ShoupFactor;
using arith::u128;

namespace {

// A double of up to 62 bits is one signed word; a wider one is cut into limbs of 50 bits, high to
// low: conversions, differences and products with powers of two are all exact.
constexpr int kWordBits = 62;
constexpr int kLimbBits = 50;

std::size_t limbsFor(int bits) {
  return bits <= kWordBits ? 1 : static_cast<std::size_t>((bits + kLimbBits - 1) / kLimbBits);
}

// Half away from zero, |x| < 2^62. The fraction that the conversion cuts off is exact; libm's
// round may branch on the exponent.
std::int64_t roundHalfAway(double x) {
  const auto whole = static_cast<std::int64_t>(x);
  const double fraction = x - static_cast<double>(whole);
  return whole + static_cast<std::int64_t>(fraction >= 0.5) -
         static_cast<std::int64_t>(fraction <= -0.5);
}

// x without its limbs from `limb` up, and that limb.
std::int64_t takeLimb(double& x, double unit, double inverse_unit) {
  const auto limb = static_cast<std::int64_t>(x * inverse_unit);
  x -= static_cast<double>(limb) * unit;
  return limb;
}

// Below 2^122, with a relative error of at most 2^-51. Signed conversions: those of unsigned words
// may branch.
double toDouble(u128 magnitude) {
  const auto high = static_cast<std::uint64_t>(magnitude >> 64);
  const auto low = static_cast<std::uint64_t>(magnitude);
  const auto word = [](std::uint64_t x) {
    return static_cast<double>(static_cast<std::int64_t>(x));
  };
  return word(high) * 0x1p64 + (word(low >> 32) * 0x1p32 + word(low & 0xffffffffu));
}

void centreOne(const Modulus& q, const std::uint64_t* x, double unit, std::span<double> out) {
  const std::uint64_t half = q.value() >> 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t above = 0 - ((half - x[i]) >> 63);
    out[i] = static_cast<double>(static_cast<std::int64_t>(x[i] - (q.value() & above))) * unit;
  }
}

// Garner's formula: x = x_0 + q_0 ((x_1 - x_0) q_0^-1 mod q_1).
void centreTwo(const Modulus& q0, const Modulus& q1, const std::uint64_t* x0,
               const std::uint64_t* x1, double unit, std::span<double> out) {
  const ShoupFactor inverse = q1.shoup(q1.inverse(q1.reduce(q0.value())));
  const u128 product = u128{q0.value()} * q1.value(), half = product >> 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t digit = q1.mul(q1.sub(x1[i], q1.reduce(x0[i])), inverse);
    const u128 x = x0[i] + u128{q0.value()} * digit;
    const auto negative = static_cast<std::uint64_t>((half - x) >> 127);
    const u128 mask = 0 - u128{negative};
    const u128 magnitude = ((product - x) & mask) | (x & ~mask);
    out[i] = toDouble(magnitude) *
             (unit * (1.0 - 2.0 * static_cast<double>(static_cast<std::int64_t>(negative))));
  }
}

}  // namespace

int bitsOf(double magnitude) {
  return magnitude < 1 ? 1 : std::ilogb(magnitude) + 2;  // one more: rounding up
}

namespace {

// Rounded doubles below 2^62 in words, in place of them.
ring::Poly<ring::Eval> transformed(std::span<double> x, double factor, int bits,
                                   const ring::BasisPtr& basis) {
  kernel::fft().round(x.data(), x.size(), factor);
  const auto* words = reinterpret_cast<const std::int64_t*>(x.data());
  Buffer<std::int64_t, true> spread;
  if (const std::size_t stride = basis->n() / x.size(); stride > 1) {
    spread = Buffer<std::int64_t, true>(basis->n());
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::memcpy(&spread[k * stride], words + k, sizeof(std::int64_t));
    }
    words = spread.data();
  }
  ring::Poly<ring::Eval> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    basis->ntt(i).forwardIntegers(words, bits, result.residue(i));
  }
  return result;
}

}  // namespace

ring::Poly<ring::Eval> roundToEval(std::span<double> x, double factor, int bits,
                                   const ring::BasisPtr& basis) {
  const std::size_t count = limbsFor(bits), stride = basis->n() / x.size();
  if (count == 1) return transformed(x, factor, bits, basis);
  Buffer<std::int64_t, true> limbs(count * x.size(), unset);
  for (double& value : x) value *= factor;
  for (std::size_t limb = count; limb-- > 1;) {
    const double unit = std::ldexp(1.0, kLimbBits * static_cast<int>(limb));
    const double inverse = std::ldexp(1.0, -kLimbBits * static_cast<int>(limb));
    for (std::size_t k = 0; k < x.size(); ++k) {
      limbs[limb * x.size() + k] = takeLimb(x[k], unit, inverse);
    }
  }
  for (std::size_t k = 0; k < x.size(); ++k) limbs[k] = roundHalfAway(x[k]);

  ring::Poly<ring::Coeff> result(basis);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    const Modulus& q = basis->modulus(i);
    std::uint64_t* row = result.residue(i);
    const ShoupFactor unit = q.shoup(q.reduce(std::uint64_t{1} << kLimbBits));
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::uint64_t r = q.fromSigned(limbs[(count - 1) * x.size() + k]);
      for (std::size_t limb = count - 1; limb-- > 0;) {
        r = q.add(q.mul(r, unit), q.fromSigned(limbs[limb * x.size() + k]));
      }
      row[k * stride] = r;
    }
  }
  return toEval(std::move(result));
}

std::uint64_t roundToResidue(double x, int bits, const Modulus& q) {
  std::uint64_t r = 0;
  const ShoupFactor unit = q.shoup(q.reduce(std::uint64_t{1} << kLimbBits));
  for (std::size_t limb = limbsFor(bits); limb-- > 1;) {
    const int shift = kLimbBits * static_cast<int>(limb);
    const std::int64_t word = takeLimb(x, std::ldexp(1.0, shift), std::ldexp(1.0, -shift));
    r = q.mul(q.add(r, q.fromSigned(word)), unit);
  }
  return q.add(r, q.fromSigned(roundHalfAway(x)));
}

void toCentredDoubles(const ring::Poly<ring::Coeff>& x, int shift, std::span<double> out) {
  const ring::Basis& basis = x.basis();
  const double unit = std::ldexp(1.0, -shift);
  if (basis.size() == 1) return centreOne(basis.modulus(0), x.residue(0), unit, out);
  if (basis.size() == 2) {
    return centreTwo(basis.modulus(0), basis.modulus(1), x.residue(0), x.residue(1), unit, out);
  }
  std::vector<Modulus> moduli;
  for (std::size_t i = 0; i < basis.size(); ++i) moduli.push_back(basis.modulus(i));
  const arith::Crt crt(moduli);
  Buffer<std::uint64_t, true> residues(basis.size()), value(crt.words());
  for (std::size_t k = 0; k < out.size(); ++k) {
    for (std::size_t i = 0; i < basis.size(); ++i) residues[i] = x.residue(i)[k];
    crt.compose(residues, value);
    out[k] = crt.toCentredDouble(value, shift);
  }
}

}  // namespace veilsum::ckks
