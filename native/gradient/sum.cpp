#include "gradient/sum.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/secrecy.h"
#include "kernel/table.h"
#include "random/samplers.h"
#include "ring/rows.h"
#include "rlwe/small_poly.h"
#include "wire/packed.h"

namespace veilsum::gradient {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

void addPacked(const Codec& codec, std::span<const std::uint8_t* const> polynomials,
               std::span<const std::uint64_t> weights, std::span<std::uint64_t> sum) {
  const ring::Basis& basis = *codec.basis();
  require(polynomials.size() == weights.size() && sum.size() == basis.size() * codec.n(),
          Code::kInternal, "an accumulator of another size");
  std::vector<const std::uint8_t*> rows(polynomials.begin(), polynomials.end());
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const arith::Modulus& q = basis.modulus(i);
    kernel::table().unpackAdd(rows.data(), weights.data(), rows.size(), codec.n(), q.bits(),
                              sum.data() + i * codec.n());
    for (auto& row : rows) row += wire::packedRowSize(codec.n(), q);
  }
}

// n is a multiple of 8, so that rows have no unused bits.
template <class Form>
void unpackInto(const Codec& codec, std::span<const std::uint8_t> packed, Poly<Form>& out) {
  require(packed.size() == codec.polynomialBytes(), Code::kCorrupt,
          "a packed polynomial of another size");
  const std::uint8_t* start = packed.data();
  const std::uint64_t once = 1;
  std::fill(out.words().begin(), out.words().end(), 0);
  addPacked(codec, {&start, 1}, {&once, 1}, out.words());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t largest = out.basis().modulus(i).value() - 1;
    std::uint64_t beyond = 0;
    for (std::size_t k = 0; k < codec.n(); ++k) beyond |= largest - out.residue(i)[k];
    // Of a secret polynomial too, whether it is refused is public.
    require(declassified(beyond >> 63 == 0), Code::kCorrupt,
            "a packed residue is not below its modulus");
  }
}

template void unpackInto(const Codec&, std::span<const std::uint8_t>, Poly<Coeff>&);
template void unpackInto(const Codec&, std::span<const std::uint8_t>, Poly<Eval>&);

void packSum(const Codec& codec, std::span<const std::uint64_t> sum, std::span<std::uint8_t> out) {
  const ring::Basis& basis = *codec.basis();
  require(sum.size() == basis.size() * codec.n() && out.size() == codec.polynomialBytes(),
          Code::kUsage, "an accumulator of another size");
  Buffer<std::uint64_t> row(codec.n());
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const arith::Modulus& q = basis.modulus(i);
    kernel::table().reduce(sum.data() + i * codec.n(), codec.n(), q.barrett(), row.data());
    const std::size_t bytes = wire::packedRowSize(codec.n(), q);
    wire::packRow(row, q, out.first(bytes));
    out = out.subspan(bytes);
  }
}

void expandSeeds(const Codec& codec, std::span<const random::Seed> seeds,
                 std::span<const std::uint64_t> weights, std::uint64_t chunk,
                 std::span<std::uint8_t> out) {
  const ring::Basis& basis = *codec.basis();
  require(seeds.size() == weights.size() && out.size() == codec.polynomialBytes(), Code::kUsage,
          "the output of expanded seeds has another size");
  Buffer<std::uint64_t> row(codec.n()), sum(codec.n());
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const arith::Modulus& q = basis.modulus(i);
    std::fill(sum.begin(), sum.end(), 0);
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      random::expandUniform(seeds[k], chunk * basis.size() + i, q, row);
      if (weights[k] == 1) {
        ring::rows::add(q, codec.n(), sum.data(), row.data(), sum.data());
      } else {
        ring::rows::scaleAdd(q, codec.n(), row.data(), q.reduce(weights[k]), sum.data());
      }
    }
    const std::size_t bytes = wire::packedRowSize(codec.n(), q);
    wire::packRow(sum, q, out.first(bytes));
    out = out.subspan(bytes);
  }
}

void decrypt(const Codec& codec, const rlwe::SecretKey& secret, std::span<const std::uint8_t> c0,
             std::span<const std::uint8_t> c1, std::uint64_t most, std::span<std::uint64_t> sums) {
  secret.context()->requireSame(*codec.context());
  const ring::BasisPtr& basis = codec.basis();
  Poly<Eval> product(basis);
  const rlwe::WipeAtEnd wiped(product);
  unpackInto(codec, c1, product);
  mulInto(product, secret.secretPoly());
  Poly<Coeff> x = toCoeff(std::move(product));
  const rlwe::WipeAtEnd wiped_x(x);
  Poly<Coeff> first(basis);
  unpackInto(codec, c0, first);
  addInto(x, first);
  codec.decode(x, sums);
  std::uint64_t beyond = 0;
  for (const std::uint64_t sum : sums) beyond |= most - sum;
  // Whether the key is refused is public.
  require(declassified(beyond >> 63 == 0), Code::kWrongKey,
          "a sum is larger than any that these clients could have made: the key or the file is not "
          "the one it says it is");
}

template <class Real>
void dequantize(std::span<const std::uint64_t> sums, std::uint64_t weight, double clip, int bits,
                double scale, std::span<Real> out) {
  const double most = std::ldexp(1.0, bits) - 1;
  const double step = 2 * clip / most / static_cast<double>(weight) * scale;
  // From the middle of the range, which is exact: a sum of w (2^b - 1) / 2 is zero.
  const double middle = most * static_cast<double>(weight) / 2;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto sum = static_cast<double>(static_cast<std::int64_t>(sums[i]));
    out[i] = static_cast<Real>((sum - middle) * step);
  }
}

template void dequantize(std::span<const std::uint64_t>, std::uint64_t, double, int, double,
                         std::span<float>);
template void dequantize(std::span<const std::uint64_t>, std::uint64_t, double, int, double,
                         std::span<double>);

}  // namespace veilsum::gradient
