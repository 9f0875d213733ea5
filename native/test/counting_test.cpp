// What a profile tells: counts of kernels against the formulas of the algorithms.

#include "kernel/counting.h"

#include <gtest/gtest.h>

#include "ckks/linear_transform.h"
#include "ckks_instance.h"

namespace veilsum::kernel {
namespace {

template <class Work>
Counts countsOf(Work work) {
  startCounting();
  work();
  return stopCounting();
}

TEST(Counting, CountsATransformOfEachResidue) {
  const auto basis = ring::Basis::create(4096, arith::largestPrimes(46, 8192, 3));
  ring::Poly<ring::Coeff> a(basis);
  const Counts counts = countsOf([&] { toEval(std::move(a)); });
  EXPECT_EQ(counts.transforms, 3u);
  EXPECT_EQ(counts.butterflies, 3u * 2048 * 12);
  EXPECT_EQ(counts.bytes, 3u * 2 * 8 * 4096);
  EXPECT_EQ(counts.products, 0u);
}

TEST(Counting, NothingIsCountedUnlessOn) {
  const auto basis = ring::Basis::create(1024, arith::largestPrimes(40, 2048, 1));
  const Counts nothing = countsOf([] {});
  toEval(ring::Poly<ring::Coeff>(basis));
  EXPECT_EQ(nothing.transforms + nothing.products + nothing.bytes, 0u);
  EXPECT_EQ(countingTable(), nullptr);
  EXPECT_EQ(countsOf([] {}).transforms, 0u);
}

// With L residues, k special primes and d digits, relinearization with the division by P and the
// last prime at once takes L transforms back, d (L + k) - L for the digits, and 2 (k + 1) back and
// 2 (L - 1) forward for the division: d (L + k) + 2 k + 2 L in all (Han and Ki, ePrint 2019/688,
// section 3, the rescale fused). The tensor has none, its products are 4 of L residues.
TEST(Counting, RelinearizationTakesTheTransformsOfTheFormula) {
  for (const ckks::test::Shape& shape :
       {ckks::test::Shape{"k1", 4096, {46, 40, 40, 40}, {46}, 1, 40},
        ckks::test::Shape{"k2", 4096, {46, 40, 40, 40, 40, 40}, {46, 46}, 2, 40}}) {
    const ckks::test::Instance instance(shape, {1});
    const auto a = instance.encrypt(ckks::test::reals(instance.slots(), 1, 1));
    const std::size_t L = shape.q.size(), k = shape.p.size(), d = (L + k - 1) / k;
    const Counts tensor = countsOf([&] { ckks::multiply(a, a); });
    EXPECT_EQ(tensor.transforms, 0u);
    EXPECT_GE(tensor.products, 3 * L * shape.n);
    EXPECT_LE(tensor.products, 4 * L * shape.n);
    const auto product = ckks::multiply(a, a);
    const Counts counts = countsOf([&] { ckks::relinearizeRescale(product, instance.keys); });
    EXPECT_EQ(counts.transforms, d * (L + k) + 2 * k + 2 * L) << shape.name;
    // The inner products with the key, two for each digit and residue, are among the products.
    EXPECT_GE(counts.products, 2 * d * (L + k) * shape.n) << shape.name;
    const Counts add = countsOf([&] { ckks::add(a, a); });
    EXPECT_EQ(add.bytes, 2 * 3 * L * shape.n * 8) << shape.name;
    EXPECT_EQ(add.transforms, 0u);
  }
}

// With L residues, k special primes, D digits and g giant steps that rotate: D (L + k) for the one
// decomposition, in each giant step L + k for the division and D (L + k) for the switch, and
// 2 (L + k) for the last division, a rescale in it or not (ckks/linear_transform.h).
TEST(Counting, LinearTransformsTakeTheTransformsOfTheFormula) {
  for (const ckks::test::Shape& shape :
       {ckks::test::Shape{"k1", 4096, {46, 40, 40, 40}, {46}, 1, 40},
        ckks::test::Shape{"k2", 4096, {46, 40, 40, 40, 40, 40}, {46, 46}, 2, 40}}) {
    constexpr std::size_t kDimension = 16;
    ckks::LinearTransform::Diagonals diagonals;
    for (std::size_t k = 0; k < kDimension; ++k) {
      diagonals[k] = ckks::test::reals(kDimension, 1, static_cast<unsigned>(k));
    }
    const ckks::test::Instance instance(shape, {1, 2, 3, 4, 8, 12});
    const auto a = instance.encrypt(ckks::test::reals(kDimension, 1, 99));
    const ckks::LinearTransform matrix(
        instance.context, diagonals,
        {.dimension = kDimension, .level = instance.top(), .scale = 0x1p40, .baby_steps = 4});
    const std::size_t L = shape.q.size(), k = shape.p.size(), d = (L + k - 1) / k, g = 3;
    const std::uint64_t formula = (L + k) * (d * (g + 1) + g + 2);
    const Counts plain = countsOf([&] { ckks::apply(matrix, a, instance.keys); });
    EXPECT_EQ(plain.transforms, formula) << shape.name;
    const Counts rescaled = countsOf([&] { ckks::applyRescale(matrix, a, instance.keys); });
    EXPECT_EQ(rescaled.transforms, formula) << shape.name;
    const Counts hoisted = countsOf([&] {
      ckks::rotateHoisted(a, std::vector<std::int64_t>{1, 2, 3, 4}, instance.keys);
    });
    EXPECT_EQ(hoisted.transforms, (L + k) * (d + 2 * 4)) << shape.name;
  }
}

}  // namespace
}  // namespace veilsum::kernel
