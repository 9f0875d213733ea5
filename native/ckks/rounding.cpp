#include "ckks/rounding.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "arith/crt.h"
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

// Garner's formula: x = x_0 + q_0 ((x_1 - x_0) q_0^-1 mod q_1).
void centreTwo(const Modulus& q0, const Modulus& q1, const std::uint64_t* x0,
               const std::uint64_t* x1, double unit, std::size_t n, double* out) {
  const ShoupFactor inverse = q1.shoup(q1.inverse(q1.reduce(q0.value())));
  const u128 product = u128{q0.value()} * q1.value(), half = product >> 1;
  for (std::size_t i = 0; i < n; ++i) {
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

Rounding::Rounding(const ring::BasisPtr& basis, std::size_t count, int bits)
    : poly_(basis, unset), count_(count), bits_(bits) {
  require(basis->n() % count == 0, Code::kInternal, "rounding: as many coefficients as divide n");
  // Words that fill a residue are rounded where they are.
  if (limbsFor(bits) == 1 && count == basis->n()) {
    const bool beside = basis->size() > 1;
    home_ = beside ? basis->size() - 2 : 0;
    auto* const row = reinterpret_cast<double*>(poly_.residue(home_));
    halves_ = {row, row + count / 2 + (beside ? std::min(Halves::kGap, count) : 0)};
    return;
  }
  space_ = Buffer<double, true>(count, unset);
  halves_ = {space_.data(), space_.data() + count / 2};
}

ring::Poly<ring::Eval> Rounding::finish(double factor) && {
  if (limbsFor(bits_) > 1) {
    inLimbs(factor);
    return std::move(poly_);
  }
  const bool in_place = space_.size() == 0;
  Buffer<std::int64_t, true> spread;
  std::int64_t* words = reinterpret_cast<std::int64_t*>(halves_.lower);
  kernel::fft().round(halves_.lower, count_ / 2, factor, words);
  kernel::fft().round(halves_.upper, count_ / 2, factor, words + count_ / 2);
  const ring::Basis& basis = poly_.basis();
  if (const std::size_t stride = basis.n() / count_; stride > 1) {
    spread = Buffer<std::int64_t, true>(basis.n());
    for (std::size_t k = 0; k < count_; ++k) {
      std::memcpy(&spread[k * stride], words + k, sizeof(std::int64_t));
    }
    words = spread.data();
  }
  for (std::size_t i = 0; i < basis.size(); ++i) {
    if (in_place && i == home_) continue;
    basis.ntt(i).forwardIntegers(words, bits_, poly_.residue(i));
  }
  if (in_place) basis.ntt(home_).forwardIntegers(words, bits_, poly_.residue(home_));
  return std::move(poly_);
}

void Rounding::inLimbs(double factor) {
  const std::size_t count = limbsFor(bits_), stride = poly_.n() / count_;
  Buffer<std::int64_t, true> limbs(count * count_, unset);
  for (double& value : space_) value *= factor;
  for (std::size_t limb = count; limb-- > 1;) {
    const double unit = std::ldexp(1.0, kLimbBits * static_cast<int>(limb));
    const double inverse = std::ldexp(1.0, -kLimbBits * static_cast<int>(limb));
    for (std::size_t k = 0; k < count_; ++k) {
      limbs[limb * count_ + k] = takeLimb(space_[k], unit, inverse);
    }
  }
  for (std::size_t k = 0; k < count_; ++k) limbs[k] = roundHalfAway(space_[k]);

  for (std::size_t i = 0; i < poly_.size(); ++i) {
    const Modulus& q = poly_.basis().modulus(i);
    std::uint64_t* row = poly_.residue(i);
    if (stride > 1) std::fill_n(row, poly_.n(), 0);
    const ShoupFactor unit = q.shoup(q.reduce(std::uint64_t{1} << kLimbBits));
    for (std::size_t k = 0; k < count_; ++k) {
      std::uint64_t r = q.fromSigned(limbs[(count - 1) * count_ + k]);
      for (std::size_t limb = count - 1; limb-- > 0;) {
        r = q.add(q.mul(r, unit), q.fromSigned(limbs[limb * count_ + k]));
      }
      row[k * stride] = r;
    }
    poly_.basis().ntt(i).forward(row);
  }
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

void toCentredDoubles(const ring::Poly<ring::Coeff>& x, int shift, const Halves& out) {
  const ring::Basis& basis = x.basis();
  const std::size_t half = x.n() / 2;
  const double unit = std::ldexp(1.0, -shift);
  if (basis.size() == 1) {
    const std::uint64_t q = basis.modulus(0).value();
    kernel::fft().centre(x.residue(0), half, q, unit, out.lower);
    kernel::fft().centre(x.residue(0) + half, half, q, unit, out.upper);
    return;
  }
  if (basis.size() == 2) {
    const Modulus &q0 = basis.modulus(0), &q1 = basis.modulus(1);
    centreTwo(q0, q1, x.residue(0), x.residue(1), unit, half, out.lower);
    centreTwo(q0, q1, x.residue(0) + half, x.residue(1) + half, unit, half, out.upper);
    return;
  }
  std::vector<Modulus> moduli;
  for (std::size_t i = 0; i < basis.size(); ++i) moduli.push_back(basis.modulus(i));
  const arith::Crt crt(moduli);
  Buffer<std::uint64_t, true> residues(basis.size()), value(crt.words());
  for (std::size_t k = 0; k < x.n(); ++k) {
    for (std::size_t i = 0; i < basis.size(); ++i) residues[i] = x.residue(i)[k];
    crt.compose(residues, value);
    (k < half ? out.lower[k] : out.upper[k - half]) = crt.toCentredDouble(value, shift);
  }
}

}  // namespace veilsum::ckks
