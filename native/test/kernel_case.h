#ifndef VEILSUM_TEST_KERNEL_CASE_H_
#define VEILSUM_TEST_KERNEL_CASE_H_

// What the tests of kernels share: every path that this processor runs, and the values that are
// worth a test.

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "arith/modulus.h"
#include "arith/primes.h"
#include "base/buffer.h"
#include "kernel/table.h"

namespace veilsum::kernel {
namespace {

using Word = std::uint64_t;
using u128 = unsigned __int128;
using Words = Buffer<Word>;

constexpr int kBits[] = {20, 30, 36, 40, 45, 46, 47, 48, 49, 50, 51, 55, 60};

class KernelTest : public testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!isaSupported(GetParam())) GTEST_SKIP() << "this processor lacks " << isaName(GetParam());
  }
  const Table& path() const { return table(GetParam()); }
  const Table& portable() const { return table(Isa::kScalar); }
  Word uniform(Word q) { return random_() % q; }

  // Residues with both ends of the range among them.
  Words residues(std::size_t n, Word q) {
    Words a(n);
    for (Word& x : a) {
      const Word kind = random_() % 8;
      x = kind == 0 ? 0 : kind == 1 ? q - 1 : random_() % q;
    }
    return a;
  }
  Words filled(std::size_t n, Word x) {
    Words a(n);
    std::fill(a.begin(), a.end(), x);
    return a;
  }

  // Words that stand for the same residues as first factors, of any form a lazy transform of this
  // path may leave.
  Words lazy(const Words& a, Word q) {
    Words result = a.copy();
    if (GetParam() != Isa::kAvx512Ifma || std::bit_width(q) > 50) return result;
    for (Word& x : result) {
      const Word most = ((Word{1} << 52) - 1 - x) / q, kind = random_() % 4;
      x += q * (kind == 0 ? most : kind == 1 ? 0 : random_() % (most + 1));
      x |= random_() << 52;
    }
    return result;
  }

  std::mt19937_64 random_{20240601};
};

inline void expectEqual(const Words& got, const Words& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i], expected[i]) << what << ", word " << i << " of " << got.size();
  }
}

inline std::string name(std::size_t n, Word q) {
  return "n " + std::to_string(n) + " q " + std::to_string(q);
}

// Moduli of every size, primes and others, and lengths with and without a rest.
inline std::vector<Word> moduli() {
  std::vector<Word> result = {2, 3, 4, 5, 65537, (Word{1} << 61) - 1};
  for (int bits : kBits) {
    result.push_back(arith::largestPrimes(bits, 2, 1)[0]);
    result.push_back(Word{1} << (bits - 1));
    result.push_back((Word{1} << bits) - 1);
  }
  return result;
}
constexpr std::size_t kLengths[] = {1, 7, 8, 16, 61, 1024, 4099};

}  // namespace
}  // namespace veilsum::kernel

#endif  // VEILSUM_TEST_KERNEL_CASE_H_
