#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "arith/primes.h"
#include "base/block_reserve.h"
#include "ckks/embedding.h"
#include "ckks/rounding.h"
#include "ckks_instance.h"
#include "kernel/fft.h"
#include "kernel/fft_paths.h"
#include "kernel/isa.h"

namespace veilsum::ckks {
namespace {

using test::circle;
using test::Instance;
using test::largestDifference;
using test::reals;
using test::shapes;
using test::Slots;
using LongComplex = std::complex<long double>;

Code codeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::kInternal;
}

// m(zeta^e) by Horner's rule.
LongComplex evaluate(std::span<const double> m, std::size_t exponent) {
  const long double angle = std::numbers::pi_v<long double> * static_cast<long double>(exponent) /
                            static_cast<long double>(m.size());
  const LongComplex point = std::polar(1.0L, angle);
  LongComplex sum = 0;
  for (std::size_t k = m.size(); k-- > 0;) sum = sum * point + static_cast<long double>(m[k]);
  return sum;
}

TEST(CkksEmbedding, SlotsAreTheValuesAtPowersOfThree) {
  for (const std::size_t n : {4u, 8u, 16u, 64u, 512u, 2048u}) {
    const auto embedding = Embedding::get(n);
    std::mt19937_64 random(n);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<double> m(n);
    for (double& coefficient : m) coefficient = uniform(random);
    std::vector<double> work = m;
    Slots slots(n / 2);
    embedding->toSlots({work.data(), work.data() + n / 2}, 1.0, slots);
    std::size_t exponent = 1;
    for (std::size_t i = 0; i < n / 2; ++i, exponent = exponent * 3 % (2 * n)) {
      if (n > 64 && i % 37 != 0) continue;
      const LongComplex expected = evaluate(m, exponent);
      EXPECT_LT(std::abs(expected - LongComplex(slots[i])), 1e-13 * std::sqrt(n)) << n << " " << i;
    }
    std::vector<double> back(n);
    embedding->toCoefficients(slots, {back.data(), back.data() + n / 2});
    const auto size = static_cast<double>(n / 2);
    for (std::size_t k = 0; k < n; ++k) ASSERT_NEAR(back[k] / size, m[k], 1e-14);
  }
}

// Every path that this processor runs.
std::vector<const kernel::Fft*> paths() {
  std::vector<const kernel::Fft*> result = {&kernel::kFftScalar};
#if defined(__x86_64__)
  if (kernel::isaSupported(kernel::Isa::kAvx2)) result.push_back(&kernel::kFftAvx2);
  if (kernel::isaSupported(kernel::Isa::kAvx512Ifma)) result.push_back(&kernel::kFftAvx512Ifma);
#endif
  return result;
}

using Complex = std::complex<double>;

Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// e^(2 pi i numerator / denominator), to double precision: what FftTables hold is a rounding of it.
Complex root(std::size_t numerator, std::size_t denominator) {
  const LongComplex exact =
      std::polar(1.0L, 2 * std::numbers::pi_v<long double> * static_cast<long double>(numerator) /
                           static_cast<long double>(denominator));
  return {static_cast<double>(exact.real()), static_cast<double>(exact.imag())};
}

// The factor of a node, from its tables: its own place, or that of an ancestor.
Complex factorOf(const kernel::FftTables& tables, std::size_t k) {
  const auto at = [&](std::size_t node, int which) {
    const double* const words = tables.nodes.data() + node / 8 * 64 + node % 8 + 16 * which;
    return Complex(words[0], words[8]);
  };
  if (k % 2 == 1 && k > 1) return Complex(0, 1) * factorOf(tables, k - 1);
  const std::size_t held = tables.nodes.size() / 8;
  if (k < held) return at(k, 0);
  return k / 2 < held ? at(k / 2, 1) : at(k / 4, k % 4 == 0 ? 2 : 3);
}

// The tree layer by layer, and its leaves in the order of the slots.
Slots slotsByLayers(std::vector<Complex> x) {
  const std::size_t size = x.size();
  const kernel::FftTables tables(4 * size);
  int bits = 0;
  for (std::size_t nodes = 1; nodes < size; nodes *= 2, ++bits) {
    const std::size_t half = size / nodes / 2;
    for (std::size_t k = nodes; k < 2 * nodes; ++k) {
      const Complex c = factorOf(tables, k);
      for (std::size_t j = 2 * half * (k - nodes); j < 2 * half * (k - nodes) + half; ++j) {
        const Complex y = product(x[j + half], c);
        x[j + half] = x[j] - y;
        x[j] += y;
      }
    }
  }
  Slots slots(size);
  for (std::size_t i = 0, power = 1; i < size; ++i, power = power * 3 % (4 * size)) {
    const std::size_t index = ((i % 2 == 0 ? power : 4 * size - power) - 1) / 4;
    std::size_t leaf = 0;
    for (int b = 0; b < bits; ++b) leaf |= (index >> b & 1) << (bits - 1 - b);
    slots[i] = i % 2 == 0 ? x[leaf] : std::conj(x[leaf]);
  }
  return slots;
}

TEST(CkksEmbedding, FactorsAreTheRootsTheyShouldBe) {
  for (std::size_t size = 1; size <= 2048; size *= 2) {
    const kernel::FftTables tables(4 * size);
    for (std::size_t nodes = 1; nodes < size; nodes *= 2) {
      for (std::size_t i = 0; i < nodes; ++i) {
        std::size_t reversed = 0;
        for (std::size_t b = 1, x = i; b < nodes; b *= 2, x /= 2) reversed = 2 * reversed + x % 2;
        const Complex c = factorOf(tables, nodes + i);
        EXPECT_LT(std::abs(c - root(1 + 4 * reversed, 8 * nodes)), 0x1p-53) << nodes << " " << i;
      }
    }
  }
}

TEST(CkksEmbedding, PathsAgreeBitForBit) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (std::size_t size = 1; size <= 65536; size *= 2) {
    const kernel::FftTables tables(size);
    std::vector<Complex> x(size);
    std::vector<double> re(size), im(size);
    for (std::size_t k = 0; k < size; ++k) {
      re[k] = uniform(random), im[k] = uniform(random);
      x[k] = {re[k], im[k]};
    }
    const Slots expected = slotsByLayers(x);
    std::vector<double> first_re, first_im;
    for (const kernel::Fft* path : paths()) {
      auto re1 = re, im1 = im;
      Slots slots(size);
      path->toSlots(tables, re1.data(), im1.data(), 0.75, slots.data());
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(slots[i].real(), expected[i].real() * 0.75) << size << " " << i;
        ASSERT_EQ(slots[i].imag(), expected[i].imag() * 0.75) << size << " " << i;
      }
      path->fromSlots(tables, slots.data(), re1.data(), im1.data());
      if (first_re.empty()) first_re = re1, first_im = im1;
      ASSERT_EQ(re1, first_re);
      ASSERT_EQ(im1, first_im);
      const double whole = 0.75 * static_cast<double>(size);
      for (std::size_t k = 0; k < size; ++k) {
        ASSERT_NEAR(re1[k] / whole, re[k], 1e-14);
        ASSERT_NEAR(im1[k] / whole, im[k], 1e-14);
      }
    }
  }
}

TEST(CkksEmbedding, RoundingOnEveryPath) {
  std::mt19937_64 random(3);
  for (const std::size_t n : {1u, 3u, 8u, 4103u}) {
    std::vector<double> x(n);
    for (std::size_t k = 0; k < n; ++k) {
      const double mantissa = 1 + static_cast<double>(random() >> 12) * 0x1p-52;
      x[k] = std::ldexp(random() & 1 ? -mantissa : mantissa, static_cast<int>(random() % 65) - 4);
      if (k % 3 == 1) x[k] = std::ldexp(std::round(std::ldexp(x[k], -8)) + 0.5, 0);
    }
    const double edges[] = {0.5,
                            -0.5,
                            0x1.fffffffffffffp-2,
                            -0x1.fffffffffffffp-2,
                            1.5,
                            -1.5,
                            0.0,
                            -0.0,
                            0x1p51,
                            0x1p51 + 0.5,
                            0x1p51 - 0.25,
                            0x1p52 + 1,
                            0x1p53,
                            -0x1p52 + 0.5,
                            0x1p53 - 1,
                            -0x1p61};
    std::copy_n(edges, std::min(n, std::size(edges)), x.begin());
    for (const double factor : {1.0, 0.5}) {
      for (const kernel::Fft* path : paths()) {
        std::vector<std::int64_t> words(n);
        path->round(x.data(), n, factor, words.data());
        for (std::size_t k = 0; k < n; ++k) {
          ASSERT_EQ(words[k], static_cast<std::int64_t>(std::round(x[k] * factor)))
              << x[k] << " times " << factor;
        }
      }
    }
  }
}

TEST(CkksEmbedding, LargestSquareOnEveryPath) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t n : {1u, 2u, 5u, 8u, 64u, 77u}) {
    for (const kernel::Fft* path : paths()) {
      Slots values = circle(n, 0.5, 1);
      values[n / 2] = {0.75, -0.5};
      bool refused = true;
      EXPECT_EQ(path->largestSquare(values.data(), n, 1, refused), 0.8125);
      EXPECT_FALSE(refused);
      EXPECT_EQ(path->largestSquare(values.data(), n, 0.8125, refused), 0.8125);
      EXPECT_FALSE(refused);
      path->largestSquare(values.data(), n, 0.8, refused);
      EXPECT_TRUE(refused);
      for (const double bad : {nan, 2.0, std::numeric_limits<double>::infinity()}) {
        values[n - 1] = {0, bad};
        path->largestSquare(values.data(), n, 1, refused);
        EXPECT_TRUE(refused);
      }
    }
  }
}

// Integers of up to 120 bits, by 128-bit arithmetic.
TEST(CkksRounding, ExactForEveryWidth) {
  const std::vector<std::uint64_t> primes = {
      arith::largestPrimes(30, 4096, 1)[0], arith::largestPrimes(46, 4096, 1)[0],
      arith::largestPrimes(60, 4096, 1)[0], arith::largestPrimes(59, 4096, 1)[0]};
  const auto basis = ring::Basis::create(2048, primes);
  std::mt19937_64 random(5);
  for (const int bits : {2, 20, 29, 30, 45, 46, 53, 61, 62, 63, 64, 90, 100, 101, 120}) {
    std::vector<double> x(2048);
    for (double& value : x) {
      const double mantissa = 1 + static_cast<double>(random() >> 12) * 0x1p-52;
      value = std::ldexp(random() & 1 ? -mantissa : mantissa,
                         static_cast<int>(random() % static_cast<unsigned>(bits + 3)) - 4);
    }
    x[0] = 0.5, x[1] = -0.5, x[2] = 0.49999999999999994, x[3] = -0.49999999999999994, x[4] = 1.5;
    x[5] = -1.5, x[6] = 0, x[7] = -0.0;
    Rounding rounding(basis, x.size(), bits);
    for (std::size_t k = 0; k < x.size(); ++k) {
      (k < 1024 ? rounding.halves().lower[k] : rounding.halves().upper[k - 1024]) = x[k] / 4;
    }
    const auto poly = ring::toCoeff(std::move(rounding).finish(4));
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double rounded = std::round(x[k]);  // half away from zero
      const auto magnitude = static_cast<unsigned __int128>(std::abs(rounded));
      for (std::size_t i = 0; i < primes.size(); ++i) {
        auto expected = static_cast<std::uint64_t>(magnitude % primes[i]);
        if (rounded < 0 && expected != 0) expected = primes[i] - expected;
        ASSERT_EQ(poly.residue(i)[k], expected) << bits << " bits: " << x[k];
        ASSERT_EQ(roundToResidue(x[k], bits, basis->modulus(i)), expected);
      }
    }
    // And back, through as many residues as it takes.
    std::vector<double> back(2048);
    const Halves halves{back.data(), back.data() + 1024};
    const auto most = [&](std::size_t residues) {
      toCentredDoubles(poly.prefix(residues), 3, halves);
      for (std::size_t k = 0; k < x.size(); ++k) {
        const double expected = std::round(x[k]) / 8;
        ASSERT_LE(std::abs(back[k] - expected), std::abs(expected) * 0x1p-51) << residues;
      }
    };
    if (bits < 29) most(1);
    if (bits < 75) most(2);
    if (bits < 134) most(3);
    most(4);
  }
}

class CkksEncoder : public testing::TestWithParam<test::Shape> {
 protected:
  const Instance& on = Instance::of(GetParam());
};

// Secret doubles that an exception leaves in the polynomial's memory do not stay there.
TEST(CkksRounding, WipesWhatIsNotFinished) {
  const ring::BasisPtr basis =
      ring::Basis::create(4096, std::vector<std::uint64_t>{arith::largestPrimes(46, 8192, 2)});
  const std::size_t bytes = basis->n() * basis->size() * sizeof(double);
  const double* lower = nullptr;
  {
    Rounding rounding(basis, basis->n(), 40);
    lower = rounding.halves().lower;
    std::fill_n(rounding.halves().lower, basis->n() / 2, 3.0);
    std::fill_n(rounding.halves().upper, basis->n() / 2, 5.0);
  }
  void* const block = takeReserved(bytes);  // not to be read once it is freed
  if (block != lower) GTEST_SKIP() << "the block is not kept, or with another processor";
  const auto* const words = static_cast<const std::uint64_t*>(block);
  EXPECT_TRUE(std::all_of(words, words + basis->n() * basis->size(),
                          [](std::uint64_t word) { return word == 0; }));
  detail::freeBlock(block, bytes);
}

TEST_P(CkksEncoder, FullAndSparseRoundTrip) {
  for (std::size_t slots = 1; slots <= on.slots(); slots *= 2) {
    for (const Slots& values : {circle(slots, 3.0, 1), reals(slots, 3.0, 2)}) {
      const Plaintext plain = on.encode(values);
      EXPECT_LE(plain.message, 3.0 * (1 + 1e-15));
      Slots out(on.slots());
      const double error = on.encoder.decode(plain, out);
      EXPECT_LE(largestDifference(out, values), error) << slots;
      EXPECT_LE(error, 8.0 * static_cast<double>(on.slots()) / on.scale() + 1e-12);
    }
  }
}

TEST_P(CkksEncoder, SlotsThatTheCallerFilledAreEncodedAlike) {
  for (const std::size_t slots : {std::size_t{1}, std::size_t{8}, on.slots()}) {
    const Encoding encoding{.level = 0, .scale = on.scale() / 4, .slots = slots, .bound = 1.0};
    const std::size_t count = (slots + 1) / 2;
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = std::sin(static_cast<double>(i + 1));
    }
    veilsum::ckks::Slots filled = on.encoder.slotsFor(count, slots);
    ASSERT_EQ(filled.size(), slots);
    std::copy(values.begin(), values.end(), filled.begin());
    const Plaintext a = on.encoder.encode(std::move(filled), encoding);
    const Plaintext b = on.encoder.encode(std::span<const double>(values), encoding);
    EXPECT_TRUE(std::ranges::equal(a.poly->words(), b.poly->words()));
    EXPECT_EQ(a.noise, b.noise);
    Slots out(count);
    EXPECT_LE(on.encoder.decode(a, out), 1.0);
    for (std::size_t i = 0; i < count; ++i) EXPECT_NEAR(out[i].real(), values[i], 1e-3);
  }
}

TEST_P(CkksEncoder, SparseIsTheSubring) {
  const Slots values = circle(8, 1.0, 3);
  auto poly = ring::toCoeff(on.encode(values).poly->copy());
  const std::size_t stride = on.shape.n / 16;
  for (std::size_t k = 0; k < on.shape.n; ++k) {
    EXPECT_TRUE(k % stride == 0 || poly.residue(0)[k] == 0) << k;
  }
}

TEST_P(CkksEncoder, RealConstantIsAConstantPolynomial) {
  const Plaintext plain = on.encoder.encodeConstant(-1.25, {.level = 0, .scale = on.scale()});
  const auto poly = ring::toCoeff(plain.poly->copy());
  const auto& q = poly.basis().modulus(0);
  EXPECT_EQ(poly.residue(0)[0],
            q.fromSigned(-static_cast<std::int64_t>(std::round(1.25 * on.scale()))));
  for (std::size_t k = 1; k < on.shape.n; ++k) ASSERT_EQ(poly.residue(0)[k], 0u);
  EXPECT_EQ(plain.noise, 0.0);
  EXPECT_EQ(plain.message, 1.25);
}

TEST_P(CkksEncoder, ComplexConstantFillsEverySlot) {
  for (const std::optional<double> bound : {std::optional<double>(), std::optional<double>(2.0)}) {
    for (const std::complex<double> value : {std::complex<double>(0.3, -1.1), {0, 1}, {-1, 0}}) {
      const Plaintext plain = on.encoder.encodeConstant(
          value, {.level = on.top(), .scale = on.scale(), .bound = bound});
      Slots out(on.slots());
      const double error = on.encoder.decode(plain, out);
      EXPECT_LE(largestDifference(out, {value}), error);
      EXPECT_LE(error, 4 / on.scale() + 1e-12);
      // The transform gives the same.
      Slots repeated(on.slots(), value), out2(on.slots());
      const double error2 = on.encoder.decode(on.encode(repeated), out2);
      EXPECT_LE(largestDifference(out, out2), error + error2);
    }
  }
}

// Where the rounding of doubles is all the error: inputs that do not look like noise.
TEST_P(CkksEncoder, StructuredValuesAtLargeScales) {
  const double top_bits = on.context->basisQ(on.top())->log2();
  const double scale = std::ldexp(1.0, static_cast<int>(std::min(top_bits - 3, 118.0)));
  const std::size_t count = on.slots();
  std::vector<Slots> inputs(5, Slots(count));
  for (std::size_t i = 0; i < count; ++i) {
    inputs[0][i] = 1.0;
    inputs[1][i] = i % 2 == 0 ? 1.0 : -1.0;
    inputs[2][i] = static_cast<double>(i) / static_cast<double>(count);
    inputs[3][i] = i == 3 ? 1.0 : 0.0;
    inputs[4][i] = std::complex<double>(0, i < count / 2 ? 1.0 : 0.1);
  }
  for (const Slots& values : inputs) {
    Slots out(count);
    const double error = on.encoder.decode(on.encode(values, on.top(), scale), out);
    EXPECT_LE(test::largestDifference(out, values), error);
    EXPECT_LE(error, 1e-13 + static_cast<double>(count) / scale);
  }
}

TEST_P(CkksEncoder, LargeScales) {
  const double top_bits = on.context->basisQ(on.top())->log2();
  for (const int bits : {1, 20, 61, 62, 63, 64, 80, 100, 118, 120}) {
    if (bits + 2 > top_bits) continue;
    const double scale = std::ldexp(1.37, bits - 1);
    const Slots values = circle(on.slots(), 1.0, static_cast<unsigned>(bits));
    const Plaintext plain = on.encode(values, on.top(), scale);
    Slots out(on.slots());
    const double error = on.encoder.decode(plain, out);
    EXPECT_LE(largestDifference(out, values), error) << bits;
    EXPECT_LE(error, bits >= 61 ? 1e-13 : 1e6 / scale) << bits;
    const Plaintext constant = on.encoder.encodeConstant(0.7, {.level = on.top(), .scale = scale});
    const double constant_error = on.encoder.decode(constant, out);
    EXPECT_LE(largestDifference(out, {0.7}), constant_error);
  }
}

TEST_P(CkksEncoder, DeclaredBoundIsAllThatIsPublic) {
  const Encoding encoding{.level = on.top(), .scale = on.scale(), .bound = 4.0};
  const Plaintext a = on.encoder.encode(reals(on.slots(), 0.001, 1), encoding);
  const Plaintext b = on.encoder.encode(circle(on.slots(), 4.0, 1), encoding);
  EXPECT_EQ(a.message, 4.0);
  EXPECT_EQ(a.noise, b.noise);
  EXPECT_EQ(b.message, 4.0);
}

TEST_P(CkksEncoder, Refusals) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Encoding encoding{.level = on.top(), .scale = on.scale()};
  for (const double bad : {nan, infinity, -infinity, 1e300}) {
    Slots values = reals(on.slots(), 1, 1);
    values[17] = {0, bad};
    EXPECT_EQ(codeOf([&] { on.encoder.encode(values, encoding); }), Code::kOutOfRange);
    EXPECT_EQ(codeOf([&] { on.encoder.encodeConstant(bad, encoding); }), Code::kOutOfRange);
  }
  const Slots one = {1.0};
  for (const double scale : {0.0, -1.0, nan, infinity, 0x1.1p120, 1e-310}) {
    EXPECT_EQ(codeOf([&] { on.encoder.encode(one, {.level = 0, .scale = scale}); }),
              Code::kOutOfRange);
    EXPECT_EQ(codeOf([&] { on.encoder.encodeConstant(1, {.level = 0, .scale = scale}); }),
              Code::kOutOfRange);
  }
  const double q0 = static_cast<double>(on.context->parameters().q[0]);
  EXPECT_EQ(codeOf([&] { on.encoder.encode(one, {.level = 0, .scale = q0 / 2}); }),
            Code::kOutOfRange);
  EXPECT_EQ(codeOf([&] {
              on.encoder.encode(reals(4, 2.0, 1),
                                {.level = 0, .scale = 1024, .slots = 4, .bound = 0.01});
            }),
            Code::kOutOfRange);
  for (const double bound : {nan, infinity, -1.0}) {
    EXPECT_EQ(codeOf([&] { on.encoder.encode(one, {.level = 0, .scale = 1024, .bound = bound}); }),
              Code::kOutOfRange);
  }
  EXPECT_EQ(codeOf([&] { on.encoder.encode(one, {.level = on.top() + 1, .scale = 1024}); }),
            Code::kUsage);
  EXPECT_EQ(codeOf([&] { on.encoder.encode(one, {.level = 0, .scale = 1024, .slots = 3}); }),
            Code::kUsage);
  EXPECT_EQ(
      codeOf([&] { on.encoder.encode(reals(4, 1, 1), {.level = 0, .scale = 9, .slots = 2}); }),
      Code::kUsage);
  EXPECT_EQ(codeOf([&] { on.encoder.slotsFor(5, 4); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { on.encoder.slotsFor(1, 3); }), Code::kUsage);
  EXPECT_EQ(codeOf([&] { on.encoder.slotsFor(1, 2 * on.slots()); }), Code::kUsage);
  EXPECT_EQ(
      codeOf([&] { on.encoder.encode(on.encoder.slotsFor(1, 4), {.level = 0, .scale = 1024}); }),
      Code::kUsage);
  Slots too_many(on.slots() + 1);
  EXPECT_EQ(codeOf([&] { on.encoder.decode(on.encode(one), too_many); }), Code::kUsage);
}

INSTANTIATE_TEST_SUITE_P(Sets, CkksEncoder, testing::ValuesIn(shapes()),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace veilsum::ckks
