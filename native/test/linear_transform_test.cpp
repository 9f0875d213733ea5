// Encrypted vectors times public matrices, against the matrix product in the clear and against
// rotations, plain products and sums.

#include "ckks/linear_transform.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "ckks_instance.h"

namespace veilsum::ckks {
namespace {

using Complex = std::complex<double>;
using Diagonals = LinearTransform::Diagonals;
using test::circle;
using test::Instance;
using test::largestDifference;
using test::measuredNoise;
using test::sameWords;
using test::shapes;
using test::Slots;

template <class F>
Code codeOf(F f, std::string* message = nullptr) {
  try {
    f();
  } catch (const Error& e) {
    if (message != nullptr) *message = e.what();
    return e.code();
  }
  return Code::kInternal;
}

/// Complex numbers of magnitude 1 on the diagonals of these indices.
Diagonals diagonalsOf(std::size_t d, const std::vector<std::size_t>& indices, unsigned seed = 3) {
  Diagonals result;
  for (const std::size_t k : indices) result[k] = circle(d, 1.0, seed + static_cast<unsigned>(k));
  return result;
}

std::vector<std::size_t> upTo(std::size_t d) {
  std::vector<std::size_t> result(d);
  for (std::size_t k = 0; k < d; ++k) result[k] = k;
  return result;
}

/// M v by M's entries, in long doubles.
Slots product(const Diagonals& diagonals, const Slots& v) {
  const std::size_t d = v.size();
  std::vector<std::vector<Complex>> matrix(d, std::vector<Complex>(d));
  for (const auto& [k, values] : diagonals) {
    for (std::size_t i = 0; i < d; ++i) matrix[i][(i + k) % d] = values[i];
  }
  Slots result(d);
  for (std::size_t i = 0; i < d; ++i) {
    std::complex<long double> sum = 0;
    for (std::size_t j = 0; j < d; ++j) {
      sum += std::complex<long double>(matrix[i][j]) * std::complex<long double>(v[j]);
    }
    result[i] = Complex(sum);
  }
  return result;
}

rlwe::EvaluationKeys keysFor(const Instance& on, const std::vector<std::int64_t>& rotations) {
  rlwe::EvaluationKeys keys;
  for (const std::int64_t steps : rotations) {
    const std::uint64_t g = rlwe::galoisElement(on.shape.n, steps);
    keys.galois.emplace(g, rlwe::galoisKey(on.secret, g));
  }
  return keys;
}

/// The same by a rotation and a plain product for each diagonal.
Ciphertext composed(const Instance& on, const Diagonals& diagonals, const Ciphertext& a,
                    double scale) {
  std::vector<std::int64_t> steps;
  std::vector<Plaintext> plains;
  for (const auto& [k, values] : diagonals) {
    steps.push_back(static_cast<std::int64_t>(k));
    plains.push_back(on.encode(values, a.level(), scale));
  }
  std::vector<std::int64_t> rotating;
  for (const std::int64_t step : steps) {
    if (step != 0) rotating.push_back(step);
  }
  const auto rotated = rotateHoisted(a, steps, keysFor(on, rotating));
  std::vector<const Ciphertext*> left;
  std::vector<const Plaintext*> right;
  for (std::size_t i = 0; i < rotated.size(); ++i) {
    left.push_back(&rotated[i]);
    right.push_back(&plains[i]);
  }
  return innerProductPlain(left, right);
}

class Transforms : public testing::TestWithParam<test::Shape> {
 protected:
  Ciphertext encrypt(const Slots& values) const {
    return ckks::encrypt(on.encode(values), on.secret);
  }
  LinearTransform transform(const Diagonals& diagonals, std::size_t d,
                            std::size_t baby_steps = 0) const {
    return LinearTransform(
        on.context, diagonals,
        {.dimension = d, .level = on.top(), .scale = scale(), .baby_steps = baby_steps});
  }
  /// Of the diagonals: so that products fit every chain, and what is left is precise.
  double scale() const { return on.top() == 1 ? 0x1p20 : on.scale(); }

  void expect(const Ciphertext& c, const Slots& expected, const char* what,
              double largest_error = 0.05) const {
    if (on.shape.n <= 8192) expectNoise(c, expected, what);  // it takes a while
    Slots out(on.slots());
    const double error = decrypt(c, on.secret, out);
    EXPECT_LE(largestDifference(out, expected), error) << what;
    // Values are of about 4, and most scales are fine enough for that.
    if (c.scale > 0x1p24) {
      EXPECT_LE(error, largest_error) << what;
    }
  }
  /// The noise that is there.
  double expectNoise(const Ciphertext& c, const Slots& expected, const char* what) const {
    const double noise = measuredNoise(on, c, expected);
    EXPECT_LE(noise, c.noise) << what;
    return noise;
  }

  const Instance& on = Instance::of(GetParam());
};

TEST_P(Transforms, DenseMatrixWithLessNoiseThanItsParts) {
  constexpr std::size_t kDimension = 8;
  const Slots v = circle(kDimension, 0.25, 1);
  const Diagonals diagonals = diagonalsOf(kDimension, upTo(kDimension));
  const Slots expected = product(diagonals, v);
  const Ciphertext a = encrypt(v);
  const LinearTransform matrix = transform(diagonals, kDimension);
  const auto keys = keysFor(on, matrix.rotations());
  const Ciphertext result = apply(matrix, a, keys);
  EXPECT_EQ(result.level(), a.level());
  EXPECT_EQ(result.degree(), 1u);
  EXPECT_EQ(result.scale, a.scale * matrix.scale());
  EXPECT_NEAR(matrix.norm(), kDimension, 1e-12);
  EXPECT_NEAR(result.message, kDimension * 0.25, 1e-12);
  const double noise = expectNoise(result, expected, "applied");

  const Ciphertext parts = composed(on, diagonals, a, scale());
  const double ratio = noise / expectNoise(parts, expected, "composed");
  EXPECT_LT(result.noise, parts.noise);
  // What is saved are roundings: most of it where key switches err by less than those.
  const bool roundings =
      8 * rlwe::keySwitchErrorNoise(*on.context, on.top()) < rlwe::roundingNoise(*on.context);
  EXPECT_LT(ratio, roundings ? 0.3 : 1.5);
  RecordProperty("noise_of_composition", std::to_string(ratio));
  std::printf("noise: %.2f of the composition's, bound %.2f of its bound, 2^%.1f below the bound\n",
              ratio, result.noise / parts.noise, std::log2(result.noise / noise));
}

TEST_P(Transforms, AnyNumberOfBabySteps) {
  constexpr std::size_t kDimension = 8;
  const Slots v = circle(kDimension, 0.25, 1);
  const Diagonals diagonals = diagonalsOf(kDimension, upTo(kDimension));
  const Slots expected = product(diagonals, v);
  const Ciphertext a = encrypt(v);
  for (const std::size_t baby_steps : {1u, 3u, 4u}) {
    const LinearTransform matrix = transform(diagonals, kDimension, baby_steps);
    EXPECT_EQ(matrix.babySteps(), baby_steps);
    std::set<std::int64_t> rotations;
    for (std::size_t k = 1; k < kDimension; ++k) {
      rotations.insert(static_cast<std::int64_t>(k % baby_steps));
      rotations.insert(static_cast<std::int64_t>(k - k % baby_steps));
    }
    rotations.erase(0);
    EXPECT_EQ(matrix.rotations(), std::vector<std::int64_t>(rotations.begin(), rotations.end()));
    expect(apply(matrix, a, keysFor(on, matrix.rotations())), expected, "baby steps");
  }
}

TEST_P(Transforms, SparseMatrices) {
  const std::size_t slots = on.slots();
  const std::pair<std::size_t, std::vector<std::size_t>> cases[] = {
      {slots, {0, 3, 7, slots - 2}},  {slots, {5}}, {slots, {0}}, {64, {0, 8, 40}},
      {slots / 2, {1, 2, slots / 4}}, {8, {7}},     {2, {0, 1}},  {1, {0}},
  };
  for (const auto& [d, indices] : cases) {
    const Slots v = circle(d, 0.5, 9);
    const Diagonals diagonals = diagonalsOf(d, indices);
    const Slots expected = [&] {  // the entries alone: d may be all slots
      Slots sum(d);
      for (const auto& [k, values] : diagonals) {
        for (std::size_t i = 0; i < d; ++i) sum[i] += values[i] * v[(i + k) % d];
      }
      return sum;
    }();
    const LinearTransform matrix = transform(diagonals, d);
    // No more rotations than diagonals that rotate.
    EXPECT_LE(matrix.rotations().size(), indices.size() - (indices[0] == 0 ? 1 : 0));
    const Ciphertext a = encrypt(v);
    const auto keys = keysFor(on, matrix.rotations());
    expect(apply(matrix, a, keys), expected, "sparse");
    expect(applyRescale(matrix, a, keys), expected, "sparse, rescaled");
  }
}

// No rotation: the plain product's words, and no key.
TEST_P(Transforms, DiagonalMatrixIsAPlainProduct) {
  const Slots v = circle(on.slots(), 0.5, 9);
  const Diagonals diagonals = diagonalsOf(on.slots(), {0});
  const LinearTransform matrix = transform(diagonals, on.slots());
  EXPECT_TRUE(matrix.rotations().empty());
  const Ciphertext a = encrypt(v);
  const Ciphertext plain = multiplyPlain(a, on.encode(diagonals.at(0), on.top(), scale()));
  const Ciphertext result = apply(matrix, a, {});
  EXPECT_TRUE(sameWords(result, plain));
  EXPECT_LE(result.noise, plain.noise * (1 + 1e-9));
  EXPECT_TRUE(sameWords(applyRescale(matrix, a, {}), rescale(plain)));
}

TEST_P(Transforms, RescaledAtOnce) {
  constexpr std::size_t kDimension = 8;
  const Slots v = circle(kDimension, 0.25, 1);
  const Diagonals diagonals = diagonalsOf(kDimension, upTo(kDimension));
  const Slots expected = product(diagonals, v);
  const LinearTransform matrix = transform(diagonals, kDimension);
  const auto keys = keysFor(on, matrix.rotations());
  const Ciphertext a = encrypt(v);
  const Ciphertext at_once = applyRescale(matrix, a, keys);
  const Ciphertext in_turn = rescale(apply(matrix, a, keys));
  EXPECT_EQ(at_once.level(), on.top() - 1);
  EXPECT_EQ(at_once.scale, in_turn.scale);
  EXPECT_EQ(at_once.message, in_turn.message);
  EXPECT_LE(at_once.noise, in_turn.noise);
  expect(at_once, expected, "at once");
  expect(in_turn, expected, "in turn");
}

// At any level up to the transform's; a ciphertext above it comes down.
TEST_P(Transforms, Levels) {
  constexpr std::size_t kDimension = 8;
  const Slots v = circle(kDimension, 0.25, 1);
  const Diagonals diagonals = diagonalsOf(kDimension, {0, 1, 3, 6});
  const Slots expected = product(diagonals, v);
  const LinearTransform matrix = transform(diagonals, kDimension, 2);
  const auto keys = keysFor(on, matrix.rotations());
  const Ciphertext a = encrypt(v);
  for (std::size_t level = 1; level <= on.top(); level += on.top() > 3 ? 2 : 1) {
    const Ciphertext low = dropTo(a, level);
    const Ciphertext result = apply(matrix, low, keys);
    EXPECT_EQ(result.level(), level);
    expect(result, expected, "low");
    const LinearTransform lower(
        on.context, diagonals,
        {.dimension = kDimension, .level = level, .scale = scale(), .baby_steps = 2});
    const Ciphertext down = apply(lower, a, keys);
    EXPECT_TRUE(sameWords(down, result));
    EXPECT_EQ(down.noise, result.noise);
    EXPECT_TRUE(sameWords(applyRescale(lower, a, keys), applyRescale(matrix, low, keys)));
  }
  EXPECT_EQ(codeOf([&] { applyRescale(matrix, dropTo(a, 0), keys); }), Code::kDepth);
  // The bottom holds whole numbers, of which an encoding is taken to err by 1/2 each.
  Diagonals signs;
  for (const std::size_t k : {0u, 3u}) signs[k] = Slots(kDimension, k == 0 ? 1.0 : -1.0);
  const LinearTransform whole(on.context, signs, {.dimension = kDimension, .level = 0, .scale = 1});
  const auto sign_keys = keysFor(on, whole.rotations());
  expect(apply(whole, a, sign_keys), product(signs, v), "bottom", 5);
}

TEST_P(Transforms, Refusals) {
  constexpr std::size_t kDimension = 8;
  const Slots v = circle(kDimension, 0.25, 1);
  const Diagonals diagonals = diagonalsOf(kDimension, {0, 1, 5});
  const LinearTransform matrix = transform(diagonals, kDimension, 4);
  const Ciphertext a = encrypt(v);
  std::string message;
  EXPECT_EQ(codeOf([&] { apply(matrix, a, {}); }, &message), Code::kMissingKey);
  EXPECT_EQ(codeOf([&] { apply(matrix, a, keysFor(on, {1})); }), Code::kMissingKey);
  const auto keys = keysFor(on, matrix.rotations());
  EXPECT_EQ(codeOf([&] { apply(matrix, square(a), keys); }), Code::kUsage);
  Ciphertext loud = a.copy();
  loud.message = std::ldexp(1.0, 600);
  EXPECT_EQ(codeOf([&] { apply(matrix, loud, keys); }, &message), Code::kNoiseBudget);
  EXPECT_NE(message.find("linear transform"), std::string::npos) << message;
  const Instance& other = Instance::of(shapes()[GetParam().n == 2048 ? 1 : 0]);
  EXPECT_EQ(codeOf([&] { apply(matrix, other.encrypt(v), keys); }), Code::kParameterMismatch);
  EXPECT_EQ(codeOf([&] { apply(matrix, a, keysFor(other, matrix.rotations())); }),
            Code::kParameterMismatch);

  const auto make = [&](const Diagonals& of, LinearTransform::Encoding encoding) {
    return codeOf([&] { LinearTransform(on.context, of, encoding); });
  };
  const LinearTransform::Encoding good{.dimension = kDimension, .level = on.top(), .scale = 0x1p20};
  auto encoding = good;
  encoding.dimension = 6;
  EXPECT_EQ(make(diagonals, encoding), Code::kUsage);
  encoding.dimension = 2 * on.slots();
  EXPECT_EQ(make(diagonals, encoding), Code::kUsage);
  encoding = good;
  encoding.level = on.top() + 1;
  EXPECT_EQ(make(diagonals, encoding), Code::kUsage);
  encoding = good;
  encoding.baby_steps = kDimension + 1;
  EXPECT_EQ(make(diagonals, encoding), Code::kUsage);
  encoding = good;
  encoding.scale = 0;
  EXPECT_EQ(make(diagonals, encoding), Code::kOutOfRange);
  EXPECT_EQ(make({}, good), Code::kUsage);
  EXPECT_EQ(make({{3, Slots(kDimension)}}, good), Code::kUsage);
  EXPECT_EQ(make({{kDimension, Slots(kDimension, 1.0)}}, good), Code::kUsage);
  EXPECT_EQ(make({{0, Slots(kDimension - 1, 1.0)}}, good), Code::kUsage);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(make({{0, Slots(kDimension, nan)}}, good), Code::kOutOfRange);
}

// Rows of runs and whole rows: both are the products of the encodings, word for word.
TEST_P(Transforms, GroupsMultiplyAsRowsDo) {
  for (const std::size_t period : {std::size_t{1}, std::size_t{2}, std::size_t{32}, on.slots()}) {
    const ring::BasisPtr& basis = on.context->basisQP(on.top());
    const std::size_t n = basis->n();
    DiagonalGroup group(0, {2, 0, 1}, basis, period);
    EXPECT_EQ(group.words(), 3 * basis->size() *
                                 (period == on.slots() ? n : std::max(2 * period, std::size_t{4})));
    std::vector<ExtendedPlaintext> encoded;
    for (unsigned b = 0; b < 3; ++b) {
      ckks::Slots slots = on.encoder.slotsFor(period, period);
      const Slots values = circle(period, 1.0, b);
      std::copy(values.begin(), values.end(), slots.begin());
      encoded.push_back(on.encoder.encodeExtended(
          std::move(slots), {.level = on.top(), .scale = on.scale(), .slots = period}));
      group.put(b, *encoded.back().poly);
    }
    std::mt19937_64 random(1);
    std::vector<std::vector<std::uint64_t>> rows(3, std::vector<std::uint64_t>(n));
    std::vector<std::uint64_t> out(n), expected(n);
    for (std::size_t i = 0; i < basis->size(); ++i) {
      const arith::Modulus& q = basis->modulus(i);
      for (auto& row : rows) {
        for (auto& word : row) word = random() % q.value();
      }
      for (const bool without_first : {false, true}) {
        const std::uint64_t* pointers[] = {rows[0].data(), rows[1].data(),
                                           without_first ? nullptr : rows[2].data()};
        std::fill(expected.begin(), expected.end(), 0);
        const std::size_t places[] = {2, 0, 1};
        for (std::size_t b = without_first ? 1 : 0; b < 3; ++b) {
          for (std::size_t k = 0; k < n; ++k) {
            expected[k] =
                q.add(expected[k], q.mul(pointers[places[b]][k], encoded[b].poly->residue(i)[k]));
          }
        }
        // In pieces shorter and longer than the runs.
        const std::size_t piece = without_first ? n / 2 : 64;
        for (std::size_t begin = 0; begin < n; begin += piece) {
          group.multiply(i, begin, piece, pointers, out.data());
        }
        EXPECT_EQ(out, expected) << period << " " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Transforms, testing::ValuesIn(shapes()),
                         [](const auto& shape) { return shape.param.name; });

// The example of the paper's users: a dense layer over all slots' period 64 and 256.
TEST(LinearTransform, ChoosesMoreBabyStepsThanGiantOnes) {
  const Instance& on = Instance::of(shapes()[1]);
  for (const std::size_t d : {64u, 256u, 2048u}) {
    const std::size_t n1 = babyStepsFor(*on.context, on.top(), d, upTo(d));
    EXPECT_GT(n1 * n1, d) << d;
    EXPECT_LT(n1 * n1, 16 * d) << d;
    EXPECT_LE(n1, 256u);
  }
  EXPECT_EQ(babyStepsFor(*on.context, on.top(), 2048, std::vector<std::size_t>{0, 5, 900}), 1024u);
}

TEST(LinearTransform, WithoutSpecialPrimesDiagonalsAlone) {
  const Instance& with = Instance::of(shapes()[1]);
  rlwe::ParameterSet set = with.context->parameters();
  set.p.clear();
  const auto context = rlwe::Context::create(set);
  const auto secret = rlwe::SecretKey::generate(context, random::Seed{5});
  const Slots v = circle(64, 1.0, 1), w = circle(64, 1.0, 2);
  const Encoder encoder(context);
  const Ciphertext a =
      encrypt(encoder.encode(v, {.level = 2, .scale = 0x1p40, .slots = 64}), secret);
  const LinearTransform matrix(context, {{0, w}}, {.dimension = 64, .level = 2, .scale = 0x1p40});
  Slots out(64);
  const double error = decrypt(applyRescale(matrix, a, {}), secret, out);
  EXPECT_LE(largestDifference(out, test::map([](Complex x, Complex y) { return x * y; }, v, w)),
            error);
  const LinearTransform turning(context, {{1, w}}, {.dimension = 64, .level = 2, .scale = 0x1p40});
  EXPECT_NE(codeOf([&] { apply(turning, a, {}); }), Code::kInternal);
}

}  // namespace
}  // namespace veilsum::ckks
