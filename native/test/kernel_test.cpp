// Every kernel but those of kernel_products_test.cpp, on every path that this processor runs,
// against plain definitions in 128-bit arithmetic or against the portable path, which has to be
// matched bit for bit.

#include "test/kernel_case.h"

namespace veilsum::kernel {
namespace {

INSTANTIATE_TEST_SUITE_P(Paths, KernelTest,
                         testing::Values(Isa::kScalar, Isa::kAvx2, Isa::kAvx512Ifma),
                         [](const auto& path) { return std::string(isaName(path.param)); });

TEST_P(KernelTest, TransformsMatchThePortableOnes) {
  for (int bits : kBits) {
    for (std::size_t n = 16; n <= 131072; n *= 2) {
      // 20-bit primes end at n = 8192; the largest transforms run on a few sizes of primes.
      if (bits == 20 && n > 8192) continue;
      if (n > 32768 && bits != 45 && bits != 46 && bits != 50 && bits != 60) continue;
      const Word q = arith::largestPrimes(bits, 2 * n, 1)[0];
      const Word psi = arith::minimalPrimitiveRoot(2 * n, q);
      const NttTwiddles twiddles(n, q, psi, GetParam()), plain(n, q, psi, Isa::kScalar);
      const Words inputs[] = {residues(n, q), filled(n, q - 1), filled(n, 0)};
      for (const Words& input : inputs) {
        Words forward = input.copy(), expected = input.copy();
        path().nttForward(twiddles, forward.data(), forward.data());
        portable().nttForward(plain, expected.data(), expected.data());
        expectEqual(forward, expected, "forward " + name(n, q));
        path().nttInverse(twiddles, forward.data(), twiddles.scale, forward.data());
        expectEqual(forward, input, "inverse of forward " + name(n, q));
        Words inverse(n);
        expected = input.copy();
        path().nttInverse(twiddles, input.data(), twiddles.scale, inverse.data());
        portable().nttInverse(plain, expected.data(), plain.scale, expected.data());
        expectEqual(inverse, expected, "inverse " + name(n, q));
      }
    }
  }
}

// The word that a lazy one stands for.
Word residueOf(Word lazy, Word q) {
  return (std::bit_width(q) <= 50 ? lazy % (Word{1} << 52) : lazy) % q;
}

TEST_P(KernelTest, FusedTransformsAreThePlainOnesWithTheirSteps) {
  for (int bits : {30, 45, 46, 47, 50, 51, 60, 61}) {
    for (std::size_t n : {16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 32768}) {
      const Word q = arith::largestPrimes(bits, 2 * n, 1)[0];
      const Word psi = arith::minimalPrimitiveRoot(2 * n, q);
      const NttTwiddles twiddles(n, q, psi, GetParam()), plain(n, q, psi, Isa::kScalar);
      const arith::Modulus modulus(q);
      const Word scalar = n == 512 ? q - 1 : uniform(q);
      const auto quotient = static_cast<Word>((u128{scalar} << 64) / q);
      const Words x = residues(n, q);

      std::vector<std::int8_t> small(n);
      for (std::int8_t& value : small) value = static_cast<std::int8_t>(random_());
      Words lifted(n), transformed(n);
      portable().liftSigned(small.data(), n, q, lifted.data());
      portable().nttForward(plain, lifted.data(), lifted.data());
      path().nttForwardSmallLazy(twiddles, small.data(), transformed.data());
      for (Word& word : transformed) word = residueOf(word, q);
      expectEqual(transformed, lifted, "lazy of small words " + name(n, q));

      for (int integer_bits : {12, bits - 1, std::min(bits + 2, 62)}) {
        std::vector<std::int64_t> integers(n);
        const std::int64_t most = (std::int64_t{1} << integer_bits) - 1;
        for (std::int64_t& value : integers) {
          value = static_cast<std::int64_t>(random_()) & most;
          if (random_() % 2) value = -value;
        }
        integers[0] = -most;
        portable().liftIntegers(integers.data(), n, integer_bits, modulus.barrett(), lifted.data());
        portable().nttForward(plain, lifted.data(), lifted.data());
        path().nttForwardIntegers(twiddles, integers.data(), integer_bits, modulus.barrett(),
                                  transformed.data());
        expectEqual(transformed, lifted, "of integers " + name(n, q));
        std::copy(integers.begin(), integers.end(), transformed.begin());
        path().nttForwardIntegers(twiddles,
                                  reinterpret_cast<const std::int64_t*>(transformed.data()),
                                  integer_bits, modulus.barrett(), transformed.data());
        expectEqual(transformed, lifted, "of integers in place " + name(n, q));
      }

      for (Word from : {q, q - 2, q / 2 + 1 + q / 2 % 2, 2 * q - 1}) {
        const Words input = n == 2048 ? filled(n, from - 1) : residues(n, from);
        Words expected(n), got(n);
        portable().liftCentred(input.data(), n, from, q, expected.data());
        portable().nttForward(plain, expected.data(), expected.data());

        path().nttForwardLazy(twiddles, input.data(), from, got.data());
        for (Word& word : got) word = residueOf(word, q);
        expectEqual(got, expected, "lazy " + name(n, q));
        got = input.copy();
        path().nttForwardLazy(twiddles, got.data(), from, got.data());
        for (Word& word : got) word = residueOf(word, q);
        expectEqual(got, expected, "lazy in place " + name(n, q));

        for (std::size_t i = 0; i < n; ++i) {
          expected[i] = modulus.mul(modulus.sub(x[i], expected[i]), scalar);
        }
        Words work(n);
        path().nttForwardSubtractScale(twiddles, input.data(), from, work.data(), x.data(), scalar,
                                       quotient, got.data());
        expectEqual(got, expected, "subtract and scale " + name(n, q));
        got = x.copy();
        path().nttForwardSubtractScale(twiddles, input.data(), from, work.data(), got.data(),
                                       scalar, quotient, got.data());
        expectEqual(got, expected, "subtract and scale, over x " + name(n, q));
        got = input.copy();
        path().nttForwardSubtractScale(twiddles, got.data(), from, got.data(), x.data(), scalar,
                                       quotient, got.data());
        expectEqual(got, expected, "subtract and scale in place " + name(n, q));
      }

      for (Word factor : {scalar, Word{0}, q - 1}) {
        Words expected(n), got(n);
        portable().nttInverse(plain, x.data(), plain.scale, expected.data());
        for (Word& word : expected) word = modulus.mul(word, factor);
        path().nttInverse(twiddles, x.data(), twiddles.scaledBy(factor), got.data());
        expectEqual(got, expected, "scaled inverse " + name(n, q));
        got = x.copy();
        path().nttInverse(twiddles, got.data(), twiddles.scaledBy(factor), got.data());
        expectEqual(got, expected, "scaled inverse in place " + name(n, q));
      }
    }
  }
}

TEST_P(KernelTest, LayoutsAreTheFastOnesTheyShouldBe) {
  if (GetParam() == Isa::kScalar) GTEST_SKIP();
  const bool avx2 = GetParam() == Isa::kAvx2;
  for (std::size_t n = avx2 ? 32 : 128; n <= 131072; n *= 2) {
    for (int bits : {30, 45, 46, 47, 48, 50, 51, 60}) {
      const Word q = arith::largestPrimes(bits, 2 * n, 1)[0];
      const NttTwiddles twiddles(n, q, arith::minimalPrimitiveRoot(2 * n, q), GetParam());
      const NttLayout words = bits <= 46   ? NttLayout::kOffset52
                              : bits <= 50 ? NttLayout::kHarvey52
                                           : NttLayout::kHarvey64;
      const NttLayout doubles = bits <= 48   ? NttLayout::kDouble
                                : bits <= 50 ? NttLayout::kDoubleSettled
                                             : NttLayout::kWords64;
      EXPECT_EQ(twiddles.layout, avx2 ? doubles : words) << name(n, q);
    }
  }
}

TEST_P(KernelTest, ComponentwiseArithmetic) {
  for (Word q : moduli()) {
    const Barrett modulus = arith::Modulus(q).barrett();
    for (std::size_t n : kLengths) {
      const Words a = residues(n, q), b = residues(n, q), c = residues(n, q), d = residues(n, q);
      const Word scalar = n == 7 ? q - 1 : uniform(q);
      const auto quotient = static_cast<Word>((u128{scalar} << 64) / q);
      Words words(n);
      for (Word& x : words) x = random_() >> (random_() % 64);
      words[0] = ~Word{0};

      // Each in place and out of place.
      const auto check = [&](const char* what, auto run, auto define) {
        Words expected(n), got = c.copy();
        for (std::size_t i = 0; i < n; ++i) expected[i] = static_cast<Word>(define(i));
        run(got.data());
        expectEqual(got, expected, std::string(what) + " " + name(n, q));
      };
      check(
          "add", [&](Word* out) { path().add(a.data(), b.data(), n, q, out); },
          [&](std::size_t i) { return (u128{a[i]} + b[i]) % q; });
      check(
          "subtract", [&](Word* out) { path().subtract(a.data(), b.data(), n, q, out); },
          [&](std::size_t i) { return (u128{a[i]} + q - b[i]) % q; });
      check(
          "negate", [&](Word* out) { path().negate(a.data(), n, q, out); },
          [&](std::size_t i) { return (q - a[i]) % q; });
      check(
          "multiply", [&](Word* out) { path().multiply(a.data(), b.data(), n, modulus, out); },
          [&](std::size_t i) { return u128{a[i]} * b[i] % q; });
      check(
          "multiplyAdd",
          [&](Word* out) { path().multiplyAdd(a.data(), b.data(), n, modulus, out); },
          [&](std::size_t i) { return (u128{a[i]} * b[i] + c[i]) % q; });
      check(
          "lazyMultiplyAdd",
          [&](Word* out) { path().lazyMultiplyAdd(a.data(), b.data(), d.data(), n, modulus, out); },
          [&](std::size_t i) { return (u128{a[i]} * b[i] + c[i] + d[i]) % q; });
      check(
          "lazyMultiplyAdd of two",
          [&](Word* out) { path().lazyMultiplyAdd(a.data(), b.data(), nullptr, n, modulus, out); },
          [&](std::size_t i) { return (u128{a[i]} * b[i] + c[i]) % q; });
      check(
          "multiplyScalar",
          [&](Word* out) { path().multiplyScalar(a.data(), n, scalar, quotient, q, out); },
          [&](std::size_t i) { return u128{a[i]} * scalar % q; });
      check(
          "multiplyScalarAdd",
          [&](Word* out) { path().multiplyScalarAdd(a.data(), n, scalar, quotient, q, out); },
          [&](std::size_t i) { return (u128{a[i]} * scalar + c[i]) % q; });
      check(
          "reduce", [&](Word* out) { path().reduce(words.data(), n, modulus, out); },
          [&](std::size_t i) { return words[i] % q; });

      check(
          "add in place", [&](Word* out) { path().add(out, b.data(), n, q, out); },
          [&](std::size_t i) { return (u128{c[i]} + b[i]) % q; });
      check(
          "subtract in place", [&](Word* out) { path().subtract(a.data(), out, n, q, out); },
          [&](std::size_t i) { return (u128{a[i]} + q - c[i]) % q; });
      check(
          "negate in place", [&](Word* out) { path().negate(out, n, q, out); },
          [&](std::size_t i) { return (q - c[i]) % q; });
      check(
          "square in place", [&](Word* out) { path().multiply(out, out, n, modulus, out); },
          [&](std::size_t i) { return u128{c[i]} * c[i] % q; });
      check(
          "multiplyScalar in place",
          [&](Word* out) { path().multiplyScalar(out, n, scalar, quotient, q, out); },
          [&](std::size_t i) { return u128{c[i]} * scalar % q; });
    }
  }
}

// The lazy words of the widest range: 52 bits that count, and noise above them.
TEST_P(KernelTest, SumsOfRows) {
  constexpr std::size_t kMost = 17;
  for (Word q : moduli()) {
    for (std::size_t n : kLengths) {
      std::vector<Words> rows;
      std::vector<const Word*> at;
      Words expected = filled(n, 0), got(n);
      for (std::size_t count = 1; count <= kMost && count <= (Word{1} << 63) / q; ++count) {
        // The largest residues at last, and the largest sum in the first word throughout.
        rows.push_back(count % 4 == 0 ? filled(n, q - 1) : residues(n, q));
        rows.back()[0] = q - 1;
        at.push_back(rows.back().data());
        for (std::size_t i = 0; i < n; ++i) expected[i] = (expected[i] + rows.back()[i]) % q;
        path().sum(at.data(), count, n, q, got.data());
        expectEqual(got, expected, "sum of " + std::to_string(count) + " " + name(n, q));
      }
      path().sum(at.data(), at.size(), n, q, rows[0].data());
      expectEqual(rows[0], expected, "sum in place " + name(n, q));
    }
  }
}

TEST_P(KernelTest, LazyMultiplyAddTakesLazyWords) {
  if (GetParam() != Isa::kAvx512Ifma) GTEST_SKIP() << "this path has no lazy words";
  for (int bits : {20, 36, 46, 50}) {
    const Word q = arith::largestPrimes(bits, 2, 1)[0];
    const std::size_t n = 1003;
    for (bool largest : {false, true}) {
      Words a(n), sum(n);
      for (Words* lazy : {&a, &sum}) {
        for (Word& x : *lazy) x = largest ? ~Word{0} : random_();
      }
      const Words b = largest ? filled(n, q - 1) : residues(n, q), c = b.copy();
      Words expected(n);
      constexpr Word kCounts = (Word{1} << 52) - 1;
      for (std::size_t i = 0; i < n; ++i) {
        expected[i] =
            static_cast<Word>((u128{a[i] & kCounts} * b[i] + (sum[i] & kCounts) + c[i]) % q);
      }
      path().lazyMultiplyAdd(a.data(), b.data(), c.data(), n, arith::Modulus(q).barrett(),
                             sum.data());
      expectEqual(sum, expected, name(n, q));
    }
  }
}

TEST_P(KernelTest, SignedValuesBecomeResidues) {
  std::vector<std::int8_t> a(1003);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<std::int8_t>(random_());
  for (Word q : {Word{257}, Word{65537}, (Word{1} << 61) - 1}) {
    Words out(a.size());
    path().liftSigned(a.data(), a.size(), q, out.data());
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(out[i], a[i] < 0 ? q - static_cast<Word>(-a[i]) : static_cast<Word>(a[i]));
    }
    const Words before = residues(a.size(), q);
    Words sum = before.copy();
    path().addSigned(a.data(), a.size(), q, sum.data());
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(sum[i], (u128{before[i]} + out[i]) % q) << name(a.size(), q);
    }
  }
}

TEST_P(KernelTest, IntegersBecomeResidues) {
  for (Word q : moduli()) {
    for (int bits : {1, 20, 40, 45, 46, 47, 50, 51, 62}) {
      const std::size_t n = 1003;
      const auto most = static_cast<std::int64_t>((Word{1} << bits) - 1);
      std::vector<std::int64_t> a(n);
      for (std::int64_t& x : a) {
        x = static_cast<std::int64_t>(random_() >> (random_() % 60)) & most;
        if (random_() % 2) x = -x;
      }
      a[0] = most, a[1] = -most, a[2] = 0;
      Words got(n);
      path().liftIntegers(a.data(), n, bits, arith::Modulus(q).barrett(), got.data());
      for (std::size_t i = 0; i < n; ++i) {
        const auto rest = static_cast<Word>(a[i] < 0 ? -a[i] : a[i]) % q;
        ASSERT_EQ(got[i], a[i] < 0 && rest != 0 ? q - rest : rest)
            << name(n, q) << ": " << a[i] << " of " << bits << " bits";
      }
    }
  }
}

TEST_P(KernelTest, CentredValuesBecomeResidues) {
  for (Word q : moduli()) {
    if (q % 2 == 0) continue;
    for (Word b : {q / 2 + 1, q - 1, q, q + 2, Word{1} << 61}) {
      for (std::size_t n : kLengths) {
        Words a = residues(n, q), got(n);
        a[0] = q / 2 + n % 2;  // both sides of the middle
        path().liftCentred(a.data(), n, q, b, got.data());
        for (std::size_t i = 0; i < n; ++i) {
          const auto centred =
              static_cast<std::int64_t>(a[i]) - (a[i] > q / 2 ? static_cast<std::int64_t>(q) : 0);
          const auto expected = centred < 0 ? centred + static_cast<std::int64_t>(b) : centred;
          ASSERT_EQ(got[i], static_cast<Word>(expected)) << name(n, q) << " b = " << b;
        }
      }
    }
  }
}

TEST_P(KernelTest, CentredValuesAreReduced) {
  for (Word q : moduli()) {
    if (q % 2 == 0) continue;
    for (Word b : {Word{3}, Word{65537}, (Word{1} << 20) - 3, (Word{1} << 40) + 15, q / 2, q + 2}) {
      if (b < 3 || b >> 61 != 0) continue;
      const Barrett modulus = arith::Modulus(b).barrett();
      for (std::size_t n : kLengths) {
        Words a = residues(n, q), got(n);
        a[0] = q / 2 + n % 2;  // both sides of the middle
        path().reduceCentred(a.data(), n, q, modulus, got.data());
        for (std::size_t i = 0; i < n; ++i) {
          const __int128 centred = a[i] > q / 2 ? static_cast<__int128>(a[i]) - q : a[i];
          const __int128 expected = (centred % b + b) % b;
          ASSERT_EQ(got[i], static_cast<Word>(expected)) << name(n, q) << " b = " << b;
        }
      }
    }
  }
}

TEST_P(KernelTest, EightsArePermuted) {
  for (std::size_t n : {8, 16, 1024}) {
    const Words a = residues(n, Word{1} << 60);
    std::vector<std::uint32_t> positions(n);
    Words got(n), expected(n);
    for (std::size_t i = 0; i < n; i += 8) {
      const auto eight = static_cast<std::uint32_t>(8 * uniform(n / 8));
      for (std::size_t k = 0; k < 8; ++k) {
        positions[i + k] = eight + static_cast<std::uint32_t>(uniform(8));
        expected[i + k] = a[positions[i + k]];
      }
    }
    path().permuteEights(a.data(), positions.data(), n, got.data());
    expectEqual(got, expected, "permutation of " + std::to_string(n));
  }
}
TEST_P(KernelTest, ChaCha20IsTheStandardsBlockFunction) {
  // RFC 8439, section 2.3.2: key 00..1f, nonce 00 00 00 09 00 00 00 4a 00 00 00 00, counter 1.
  std::uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::uint32_t i = 0; i < 8; ++i) state[4 + i] = 0x03020100 + i * 0x04040404;
  state[12] = 1, state[13] = 0x09000000, state[14] = 0x4a000000, state[15] = 0;
  const std::uint8_t expected[64] = {
      0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3,
      0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22,
      0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa,
      0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1,
      0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e};
  std::uint8_t out[64];
  path().chacha20(state, 1, out);
  EXPECT_EQ(std::memcmp(out, expected, 64), 0);
}

TEST_P(KernelTest, ChaCha20CountsBlocksIn64Bits) {
  std::uint32_t state[16];
  for (std::uint32_t& word : state) word = static_cast<std::uint32_t>(random_());
  for (std::uint64_t counter : {std::uint64_t{0}, std::uint64_t{0xfffffff7},
                                std::uint64_t{0x1fffffffc}, ~std::uint64_t{0} - 5}) {
    for (std::size_t blocks : {0, 1, 3, 8, 15, 16, 17, 31, 64, 100}) {
      state[12] = static_cast<std::uint32_t>(counter);
      state[13] = static_cast<std::uint32_t>(counter >> 32);
      std::vector<std::uint8_t> got(64 * blocks + 1, 0xa5), expected(64 * blocks + 1, 0xa5);
      path().chacha20(state, blocks, got.data());
      for (std::size_t block = 0; block < blocks; ++block) {
        std::uint32_t one[16];
        std::copy_n(state, 16, one);
        one[12] = static_cast<std::uint32_t>(counter + block);
        one[13] = static_cast<std::uint32_t>((counter + block) >> 32);
        portable().chacha20(one, 1, expected.data() + 64 * block);
      }
      ASSERT_EQ(got, expected) << blocks << " blocks from " << counter;
    }
  }
}

TEST_P(KernelTest, SamplesFromWords) {
  for (std::size_t n : {0, 1, 7, 8, 9, 512, 1001}) {
    Words words(n);
    for (Word& x : words) x = random_();
    // The words where floor(3 w / 2^64) steps.
    const Word steps[] = {
        0,       0x5555555555555555, 0x5555555555555556, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaab,
        ~Word{0}};
    for (std::size_t i = 0; i < std::min<std::size_t>(n, 6); ++i) words[i] = steps[i];

    std::vector<std::int8_t> ternary(n), noise(n);
    path().ternary(words.data(), n, ternary.data());
    path().centredBinomial(words.data(), n, noise.data());
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_EQ(ternary[i], static_cast<int>((u128{words[i]} * 3) >> 64) - 1);
      int difference = 0;
      for (int bit = 0; bit < 21; ++bit) {
        difference += static_cast<int>(words[i] >> bit & 1);
        difference -= static_cast<int>(words[i] >> (21 + bit) & 1);
      }
      ASSERT_EQ(noise[i], difference);
    }

    for (Word q : {Word{3}, Word{1} << 20, (Word{1} << 46) - 57, (Word{1} << 61) - 1}) {
      const Word mask =
          arith::Modulus(q).bits() == 64 ? ~Word{0} : (Word{1} << arith::Modulus(q).bits()) - 1;
      std::vector<Word> expected;
      for (Word x : words) {
        if ((x & mask) < q) expected.push_back(x & mask);
      }
      Words out(n);
      const std::size_t count = path().selectBelow(words.data(), n, mask, q, out.data());
      ASSERT_EQ(count, expected.size());
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), out.begin()));
    }
  }
}

// One bit at a time, as wire/packed.h defines rows.
Word packedWord(const std::vector<std::uint8_t>& row, std::size_t i, int bits) {
  Word word = 0;
  for (int k = 0; k < bits; ++k) {
    const std::size_t bit = i * static_cast<std::size_t>(bits) + static_cast<std::size_t>(k);
    word |= (Word{row[bit / 8]} >> bit % 8 & 1) << k;
  }
  return word;
}

// Every width, with and without a rest, several rows at once, and weights that take each kind of
// product; -w takes back what w added.
TEST_P(KernelTest, PackedWordsAddUp) {
  for (int bits = 1; bits <= 60; ++bits) {
    for (std::size_t n : {1, 7, 8, 9, 16, 40, 63, 128}) {
      for (Word largest : {Word{1}, Word{3}, Word{1000}, Word{1} << 30, ~Word{0}}) {
        const std::size_t count = 1 + random_() % 5;
        std::vector<std::vector<std::uint8_t>> rows(count);
        std::vector<const std::uint8_t*> starts;
        std::vector<Word> weights, back;
        for (auto& row : rows) {
          row.resize((n * static_cast<std::size_t>(bits) + 7) / 8);
          for (auto& byte : row) byte = static_cast<std::uint8_t>(random_());
          if (random_() % 4 == 0) std::fill(row.begin(), row.end(), 0xff);
          starts.push_back(row.data());
          weights.push_back(largest == 1 ? 1 : 1 + random_() % largest);
          back.push_back(0 - weights.back());
        }
        Words sum(n), expected(n);
        for (std::size_t i = 0; i < n; ++i) {
          sum[i] = expected[i] = random_();
          for (std::size_t k = 0; k < count; ++k) {
            expected[i] += weights[k] * packedWord(rows[k], i, bits);
          }
        }
        const Words before = sum.copy();
        path().unpackAdd(starts.data(), weights.data(), count, n, bits, sum.data());
        expectEqual(sum, expected, "width " + std::to_string(bits));
        path().unpackAdd(starts.data(), back.data(), count, n, bits, sum.data());
        expectEqual(sum, before, "taken back, width " + std::to_string(bits));
      }
    }
  }
}

// Against the definition, in order of its operations; then where the definition says nothing.
TEST_P(KernelTest, NumbersAreQuantized) {
  constexpr std::size_t kCount = 1003;
  for (int bits : {2, 4, 8, 16, 32}) {
    for (double clip : {1.0, 0.01, 1e-20, 3e20}) {
      const double most = std::ldexp(1.0, bits) - 1;
      const Quantizer quantizer{clip, most / (2 * clip), most};
      std::vector<double> values(kCount);
      std::vector<float> floats(kCount);
      std::vector<std::uint32_t> words(kCount);
      for (std::size_t i = 0; i < kCount; ++i) {
        values[i] = clip * (static_cast<double>(random_() % 2001) / 800 - 1.25);
        if (i % 50 == 0) values[i] = clip;
        if (i % 50 == 1) values[i] = -clip;
        floats[i] = static_cast<float>(values[i]);
        words[i] = i % 7 == 0 ? ~std::uint32_t{0} : static_cast<std::uint32_t>(random_());
      }
      Words whole(kCount), of_floats(kCount);
      ASSERT_TRUE(
          path().quantizeDoubles(values.data(), words.data(), kCount, quantizer, &whole[0]));
      ASSERT_TRUE(
          path().quantizeFloats(floats.data(), words.data(), kCount, quantizer, &of_floats[0]));
      for (std::size_t i = 0; i < kCount; ++i) {
        const auto expected = [&](double value) {
          const double x = (std::clamp(value, -clip, clip) + clip) * quantizer.scale;
          return static_cast<Word>(std::min(std::floor(x + words[i] * 0x1p-32), most));
        };
        ASSERT_EQ(whole[i], expected(values[i])) << values[i] << " at " << bits << " bits";
        ASSERT_EQ(of_floats[i], expected(floats[i])) << floats[i] << " at " << bits << " bits";
      }
      for (double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        for (std::size_t at : {std::size_t{0}, std::size_t{500}, kCount - 1}) {
          std::vector<double> with = values;
          std::vector<float> with_float = floats;
          with[at] = bad;
          with_float[at] = static_cast<float>(bad);
          EXPECT_FALSE(
              path().quantizeDoubles(with.data(), words.data(), kCount, quantizer, &whole[0]));
          EXPECT_FALSE(
              path().quantizeFloats(with_float.data(), words.data(), kCount, quantizer, &whole[0]));
        }
      }
    }
  }
}

}  // namespace
}  // namespace veilsum::kernel
