// Sums of products and the steps of base conversions of every path that this processor runs,
// against plain definitions in 128-bit arithmetic or against the portable path, which has to be
// matched bit for bit.

#include "test/kernel_case.h"

namespace veilsum::kernel {
namespace {

INSTANTIATE_TEST_SUITE_P(Paths, KernelTest,
                         testing::Values(Isa::kScalar, Isa::kAvx2, Isa::kAvx512Ifma),
                         [](const auto& path) { return std::string(isaName(path.param)); });

TEST_P(KernelTest, PairsOfInnerProducts) {
  for (Word q : moduli()) {
    const arith::Modulus modulus(q);
    for (std::size_t count : {0, 1, 2, 3, 4, 5, 17, 64, 65, 255}) {
      const std::size_t n = count > 17 ? 19 : 37;
      for (bool largest : {false, true}) {
        std::vector<Words> rows;
        const auto row = [&] { rows.push_back(largest ? filled(n, q - 1) : residues(n, q)); };
        while (rows.size() < 3 * count + 2) row();
        std::vector<Words> lazies;
        std::vector<const Word*> a, b[2];
        for (std::size_t j = 0; j < count; ++j) {
          lazies.push_back(lazy(rows[j], q));
          a.push_back(lazies.back().data());
          b[0].push_back(rows[count + j].data());
          b[1].push_back(rows[2 * count + j].data());
        }
        const arith::ShoupFactor w = modulus.shoup(largest ? q - 1 : uniform(q));
        for (int terms = 0; terms < 4; ++terms) {
          const Word* added[2] = {(terms & 1) != 0 ? rows[3 * count].data() : nullptr,
                                  (terms & 2) != 0 ? rows[3 * count + 1].data() : nullptr};
          Words got[2] = {filled(n, 7), filled(n, 9)};
          path().innerProductPair({a.data(),
                                   {b[0].data(), b[1].data()},
                                   count,
                                   {added[0], added[1]},
                                   w.w,
                                   w.quotient,
                                   {got[0].data(), got[1].data()}},
                                  n, modulus.barrett());
          Words in_place = rows[3 * count].copy();
          for (int h = 0; h < 2; ++h) {
            Words expected(n);
            for (std::size_t i = 0; i < n; ++i) {
              u128 sum = added[h] != nullptr ? u128{added[h][i]} * w.w % q : 0;
              for (std::size_t j = 0; j < count; ++j) {
                sum = (sum + u128{rows[j][i]} * b[h][j][i]) % q;
              }
              expected[i] = static_cast<Word>(sum);
            }
            expectEqual(got[h], expected, std::to_string(count) + " terms, " + name(n, q));
            if (h != 0 || added[0] == nullptr) continue;
            path().innerProductPair({a.data(),
                                     {b[0].data(), b[1].data()},
                                     count,
                                     {in_place.data(), nullptr},
                                     w.w,
                                     w.quotient,
                                     {in_place.data(), got[1].copy().data()}},
                                    n, modulus.barrett());
            expectEqual(in_place, expected, "in place, " + name(n, q));
          }
        }
      }
    }
  }
}

TEST_P(KernelTest, FirstFactorsMayBeLazy) {
  for (Word q : moduli()) {
    const Barrett modulus = arith::Modulus(q).barrett();
    for (std::size_t count : {1, 2, 5, 65}) {
      const std::size_t n = 67;
      for (bool largest : {false, true}) {
        std::vector<Words> rows;
        std::vector<const Word*> a, b;
        Words expected(n), got(n);
        for (std::size_t j = 0; j < count; ++j) {
          const Words factor = largest ? filled(n, q - 1) : residues(n, q);
          rows.push_back(lazy(factor, q));
          a.push_back(rows.back().data());
          rows.push_back(largest ? filled(n, q - 1) : residues(n, q));
          b.push_back(rows.back().data());
          for (std::size_t i = 0; i < n; ++i) {
            expected[i] = static_cast<Word>((u128{factor[i]} * b[j][i] + expected[i]) % q);
          }
        }
        path().innerProduct(a.data(), b.data(), count, n, modulus, got.data());
        expectEqual(got, expected, std::to_string(count) + " products, " + name(n, q));
        if (count > 1) continue;
        path().multiply(a[0], b[0], n, modulus, got.data());
        expectEqual(got, expected, "product, " + name(n, q));
      }
    }
  }
}

TEST_P(KernelTest, InnerProducts) {
  for (Word q : moduli()) {
    const Barrett modulus = arith::Modulus(q).barrett();
    for (std::size_t count : {0, 1, 2, 5, 16, 17, 33, 64, 65, 256}) {
      const std::size_t n = count > 64 ? 19 : 35;
      // Random rows, then the largest sums that there are.
      for (bool largest : {false, true}) {
        std::vector<Words> rows;
        std::vector<const Word*> a, b;
        for (std::size_t j = 0; j < 2 * count; ++j) {
          rows.push_back(largest ? filled(n, q - 1) : residues(n, q));
          (j < count ? a : b).push_back(rows.back().data());
        }
        Words expected(n), got = filled(n, 7);
        for (std::size_t i = 0; i < n; ++i) {
          u128 sum = 0;
          for (std::size_t j = 0; j < count; ++j) sum = (sum + u128{a[j][i]} * b[j][i] % q) % q;
          expected[i] = static_cast<Word>(sum);
        }
        path().innerProduct(a.data(), b.data(), count, n, modulus, got.data());
        expectEqual(got, expected, "inner product of " + std::to_string(count) + " " + name(n, q));
      }
    }
  }
}

TEST_P(KernelTest, LinearCombinations) {
  for (Word q : moduli()) {
    const Barrett modulus = arith::Modulus(q).barrett();
    for (int input_bits : {20, 46, 50, 52, 53, 61}) {
      for (std::size_t count : {1, 6, 40, 256}) {
        const std::size_t n = 21;
        const Word limit = Word{1} << input_bits;
        for (bool largest : {false, true}) {
          std::vector<Words> rows;
          std::vector<const Word*> a;
          Words scalars = largest ? filled(count, q - 1) : residues(count, q);
          for (std::size_t j = 0; j < count; ++j) {
            rows.push_back(largest ? filled(n, limit - 1) : residues(n, limit));
            a.push_back(rows.back().data());
          }
          Words expected(n), got = filled(n, 7);
          for (std::size_t i = 0; i < n; ++i) {
            u128 sum = 0;
            for (std::size_t j = 0; j < count; ++j) sum = (sum + u128{a[j][i]} * scalars[j]) % q;
            expected[i] = static_cast<Word>(sum);
          }
          path().linearCombination(a.data(), scalars.data(), count, n, input_bits, modulus,
                                   got.data());
          expectEqual(got, expected,
                      std::to_string(count) + " rows of " + std::to_string(input_bits) + " bits, " +
                          name(n, q));
        }
      }
    }
  }
}

TEST_P(KernelTest, Tensors) {
  for (Word q : moduli()) {
    const Word down = tensorScale(q, GetParam());
    EXPECT_EQ(u128{down} * tensorScaleInverse(q, GetParam()) % q, 1 % q) << name(8, q);
    const Barrett modulus = arith::Modulus(q).barrett();
    for (std::size_t n : {1, 8, 21, 64}) {
      for (const bool largest : {false, true}) {
        for (const bool scaled : {false, true}) {
          std::vector<Words> rows;
          for (int j = 0; j < 4; ++j) rows.push_back(largest ? filled(n, q - 1) : residues(n, q));
          std::vector<Words> expected;
          for (int k = 0; k < 3; ++k) expected.emplace_back(n);
          for (std::size_t i = 0; i < n; ++i) {
            const auto product = [&](std::size_t x, std::size_t y) {
              return u128{rows[x][i]} * rows[y][i] % q * (scaled ? down : 1) % q;
            };
            expected[0][i] = static_cast<Word>(product(0, 2));
            expected[1][i] = static_cast<Word>((product(0, 3) + product(1, 2)) % q);
            expected[2][i] = static_cast<Word>(product(1, 3));
          }
          // Lazy words of the first pair: the same modulo q in their lower 52 bits, noise above.
          if (GetParam() == Isa::kAvx512Ifma && q < (Word{1} << 50)) {
            for (std::size_t j : {0, 1}) {
              for (Word& x : rows[j]) {
                const Word most = ((Word{1} << 52) - 1 - x) / q;
                x += q * (largest ? most : uniform(most + 1));
                x |= uniform(Word{1} << 12) << 52;
              }
            }
          }
          // In place, as multiplication does, and apart.
          for (bool apart : {false, true}) {
            std::vector<Words> in, out;
            for (const Words& row : rows) in.push_back(row.copy());
            for (int k = 0; k < 3; ++k) out.push_back(filled(n, 7));
            const Word* const a[] = {in[0].data(), in[1].data()};
            const Word* const b[] = {in[2].data(), in[3].data()};
            Word* const to[] = {apart ? out[0].data() : in[2].data(),
                                apart ? out[1].data() : in[3].data(),
                                apart ? out[2].data() : in[0].data()};
            (scaled ? path().scaledTensor : path().tensor)(a, b, n, modulus, to);
            const std::size_t place[] = {2, 3, 0};
            for (std::size_t k = 0; k < 3; ++k) {
              expectEqual(apart ? out[k] : in[place[k]], expected[k],
                          "part " + std::to_string(k) + " of a tensor, " + name(n, q));
            }
          }
        }
      }
    }
  }
}

TEST_P(KernelTest, CombinedDigits) {
  for (Word q : moduli()) {
    const Barrett modulus = arith::Modulus(q).barrett();
    for (int input_bits : {20, 46, 50, 52, 60}) {
      for (std::size_t count : {1, 2, 3, 4, 5, 6, 7, 8, 9, 40, 255}) {
        const std::size_t n = 37;
        const Word limit = Word{1} << input_bits;
        for (bool largest : {false, true}) {
          std::vector<Words> rows;
          std::vector<const Word*> a;
          Words scalars = largest ? filled(count + 1, q - 1) : residues(count + 1, q);
          for (std::size_t j = 0; j <= count; ++j) {
            const Word most = j < count ? limit - 1 : count;
            rows.push_back(largest ? filled(n, most) : residues(n, most + 1));
            a.push_back(rows.back().data());
          }
          const Words addend = largest ? filled(n, q - 1) : residues(n, q);
          for (bool added : {false, true}) {
            Words expected(n), got = filled(n, 7);
            for (std::size_t i = 0; i < n; ++i) {
              u128 sum = added ? addend[i] : 0;
              for (std::size_t j = 0; j <= count; ++j) sum = (sum + u128{a[j][i]} * scalars[j]) % q;
              expected[i] = static_cast<Word>(sum);
            }
            const DigitCombination combination(modulus, input_bits, scalars, GetParam());
            path().combineDigits(combination, a.data(), added ? addend.data() : nullptr, n,
                                 got.data());
            expectEqual(got, expected,
                        std::to_string(count) + " digits of " + std::to_string(input_bits) +
                            " bits, " + name(n, q));
          }
        }
      }
    }
  }
}

TEST_P(KernelTest, RoundedQuotients) {
  for (int bits : {20, 46, 52, 60}) {
    for (std::size_t count = 1; count <= 12; ++count) {
      const auto primes = arith::largestPrimes(bits, 2, count);
      const std::size_t n = 117;
      std::vector<Words> rows;
      std::vector<const Word*> a;
      std::vector<double> inverses;
      for (Word q : primes) {
        rows.push_back(residues(n, q));
        rows.back()[0] = 0, rows.back()[1] = q - 1;
        a.push_back(rows.back().data());
        inverses.push_back(1.0 / static_cast<double>(q));
      }
      Words got(n), expected(n);
      std::vector<double> fractions(n), expected_fractions(n);
      path().roundedQuotient(a.data(), inverses.data(), count, n, got.data(), nullptr);
      portable().roundedQuotient(a.data(), inverses.data(), count, n, expected.data(),
                                 expected_fractions.data());
      expectEqual(got, expected, "rounded quotient");
      path().roundedQuotient(a.data(), inverses.data(), count, n, got.data(), fractions.data());
      expectEqual(got, expected, "rounded quotient with fractions");
      EXPECT_EQ(fractions, expected_fractions);
      for (std::size_t i = 0; i < n; ++i) {
        long double sum = 0;
        for (std::size_t j = 0; j < count; ++j) {
          sum += static_cast<long double>(a[j][i]) / static_cast<long double>(primes[j]);
        }
        ASSERT_NEAR(static_cast<double>(got[i]), static_cast<double>(sum), 0.5 + 1e-13);
        ASSERT_NEAR(fractions[i], static_cast<double>(sum - got[i]), 1e-13);
      }
    }
  }
}

TEST_P(KernelTest, CrtDigits) {
  for (int bits : kBits) {
    const Word q = arith::largestPrimes(bits, 2, 1)[0];
    const std::size_t n = 1021;
    const Word inverse = 1 + uniform(q - 1);
    for (bool first : {false, true}) {
      const DigitFactors factors = {q, inverse, static_cast<Word>((u128{inverse} << 64) / q),
                                    static_cast<Word>((u128{1} << (50 + bits)) / q), first};
      Words x = residues(n, q);
      // The digits around q / 2, from x = digit / inverse.
      const arith::Modulus modulus(q);
      for (Word d = 0; d < 4; ++d) x[d] = modulus.mul(q / 2 - 1 + d, modulus.inverse(inverse));
      Words y(n), v = filled(n, 5);
      path().crtDigits(x.data(), n, factors, y.data(), v.data());
      for (std::size_t i = 0; i < n; ++i) {
        const auto digit = static_cast<Word>(u128{x[i]} * inverse % q);
        ASSERT_EQ(y[i], digit) << name(n, q);
        const bool above = digit > q / 2;
        const auto exact = static_cast<Word>((u128{above ? q - digit : digit} << 50) / q);
        const Word units = above ? (Word{1} << 50) - first - (v[i] - 5) : v[i] - 5;
        ASSERT_LE(units, exact) << name(n, q) << " digit " << digit;
        ASSERT_LE(exact - units, 3u) << name(n, q) << " digit " << digit;
      }
      Words expected_y(n), expected_v = filled(n, 5);
      portable().crtDigits(x.data(), n, factors, expected_y.data(), expected_v.data());
      expectEqual(y, expected_y, "digits");
      expectEqual(v, expected_v, "fractions");
    }
  }
}

TEST_P(KernelTest, CrtQuotients) {
  const std::size_t n = 517;
  for (std::size_t count : {1, 2, 3, 5, 9}) {
    std::vector<Word> primes;
    for (std::size_t j = 0; j < count; ++j) {
      primes.push_back(arith::largestPrimes(kBits[(3 * j + count) % std::size(kBits)], 2, 9)[j]);
    }
    // Digit by digit, on the portable path.
    std::vector<DigitFactors> factors;
    std::vector<Words> digits;
    std::vector<const Word*> y;
    Words expected = filled(n, Word{1} << 49);
    for (std::size_t j = 0; j < count; ++j) {
      const Word q = primes[j], inverse = 1 + uniform(q - 1);
      factors.push_back({q, inverse, static_cast<Word>((u128{inverse} << 64) / q),
                         static_cast<Word>((u128{1} << (50 + std::bit_width(q))) / q), j == 0});
      digits.emplace_back(n);
      portable().crtDigits(residues(n, q).data(), n, factors[j], digits[j].data(), expected.data());
      y.push_back(digits[j].data());
    }
    for (Word& v : expected) v >>= 50;
    Words got(n);
    path().crtQuotient(y.data(), factors.data(), count, n, got.data());
    expectEqual(got, expected, std::to_string(count) + " primes");
    // The quotient of the sum of fractions, where that is not near a half.
    for (std::size_t i = 0; i < n; ++i) {
      long double sum = 0;
      for (std::size_t j = 0; j < count; ++j) {
        sum += static_cast<long double>(y[j][i]) / static_cast<long double>(primes[j]);
      }
      ASSERT_NEAR(static_cast<double>(got[i]), static_cast<double>(sum), 0.5 + 1e-12);
    }
  }
}

}  // namespace
}  // namespace veilsum::kernel
