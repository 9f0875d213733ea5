// The last match in sorted columns, on both schemes, against the cleartext. Two tests that measure
// are disabled: run bgv_match_test --gtest_also_run_disabled_tests --gtest_filter=*DISABLED*.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "bfv/encoder.h"
#include "bfv/noise.h"
#include "last_match.h"

namespace veilsum::bgv::testing {
namespace {

// Masks under the public key at the highest level; digits, which their owner encrypts, under the
// secret key at `digit_level`.
template <class Scheme>
struct Encrypted {
  std::vector<typename Scheme::Ciphertext> masks;
  std::vector<std::vector<typename Scheme::Ciphertext>> digits;

  Encrypted(const Column& column, const Setting& s, const bfv::BatchEncoder& encoder,
            std::size_t digit_level) {
    for (const auto& m : column.mask) {
      masks.push_back(Scheme::encrypt(encoder.encode(m), s.public_key, s.context->maxLevel()));
    }
    for (const auto& layers : column.digit) {
      auto& all = digits.emplace_back();
      for (const auto& v : layers) {
        all.push_back(Scheme::encrypt(encoder.encode(v), s.secret, digit_level));
      }
    }
  }
};

template <class Scheme>
void expectLastMatch(const bfv::ContextPtr& context, std::size_t layers, std::size_t digits,
                     int base_bits, std::size_t group, std::size_t digit_level) {
  Setting s(context);
  const bfv::BatchEncoder encoder(context);
  const Column column(context->n(), layers, digits, base_bits, s.random);
  const Encrypted<Scheme> in(column, s, encoder, digit_level);
  auto results = lastMatch<Scheme>(in.masks, in.digits, group, s.keys);
  std::vector<std::vector<std::uint64_t>> out;
  for (auto& r : results) {
    const std::size_t level = r.level();
    const double left = bfv::noiseBudgetBits(r);
    r = bfv::modSwitchTo(r, 0);
    std::printf("%s, n %zu: level %zu with %.1f bits left, at the last prime %.1f\n", Scheme::kName,
                context->n(), level, left, bfv::noiseBudgetBits(r));
    out.emplace_back(context->n());
    encoder.decode(Scheme::decrypt(r, s.secret), out.back());
  }
  EXPECT_EQ(column.wrong(out), 0u);
}

TEST(LastMatch, LayoutAInBgv) {
  expectLastMatch<BgvScheme>(contextForBgv(layoutA()), 8, 3, 16, 8, 1);
}

// The chain of layout B, whose bits do not depend on it, in a smaller ring.
TEST(LastMatch, LayoutBInBgv) {
  Case small = layoutB();
  small.n = 2048;
  expectLastMatch<BgvScheme>(contextForBgv(small), 64, 2, 21, 8, 4);
}

TEST(LastMatch, SmallInBothSchemes) {
  const Case c{"", 2048, {46, 46, 46, 46}, {46}, 1, 0, 65537};
  expectLastMatch<BfvScheme>(bfv::testing::contextOf(c), 4, 3, 16, 2, 2);
  const Case d{"", 2048, {46, 38, 38, 38, 38}, {46}, 1, 0, 65537};
  expectLastMatch<BgvScheme>(contextForBgv(d), 4, 3, 16, 2, 3);
}

double threadMilliseconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

template <class F>
double milliseconds(F&& f) {
  const double start = threadMilliseconds();
  f();
  return threadMilliseconds() - start;
}

// The median of rounds of each, taken in turns.
template <class F, class G>
std::pair<double, double> inTurns(int rounds, F&& f, G&& g) {
  std::vector<double> a, b;
  for (int i = 0; i < rounds; ++i) {
    a.push_back(milliseconds(f));
    b.push_back(milliseconds(g));
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return {a[a.size() / 2], b[b.size() / 2]};
}

// Products at each level of the same chain, and BFV's own preset.
TEST(LastMatchSpeed, DISABLED_ProductsAtEachLevel) {
  const std::vector<std::pair<Case, Case>> pairs = {
      {layoutA(), {"bfv8192", 8192, {42, 42, 42, 42}, {46}, 1, 0, 65537}},
      {layoutB(), {"bfv16384", 16384, std::vector<int>(8, 42), {46, 46}, 2, 0, 3735553}}};
  for (const auto& [bgv_case, bfv_case] : pairs) {
    Setting s(contextForBgv(bgv_case)), t(bfv::testing::contextOf(bfv_case));
    const Clear m = s.randomClear(), w = t.randomClear();
    for (std::size_t level = s.context->maxLevel(); level > 0; --level) {
      const bfv::Ciphertext a = bfv::encrypt(s.plain(m), s.secret, level);
      const Ciphertext b = bgv::encrypt(s.plain(m), s.secret, level);
      const auto [bfv_ms, bgv_ms] = inTurns(
          21, [&] { bfv::multiplyRelinearize(a, a, s.keys); },
          [&] { bgv::multiplyRelinearize(b, b, s.keys); });
      const auto [tensor, relin] = inTurns(
          21, [&] { bgv::multiply(b, b); },
          [&, c = bgv::multiply(b, b)] { bgv::relinearize(c, s.keys); });
      std::printf("%s level %zu: BFV %.3f ms, BGV %.3f ms (tensor %.3f, relinearize %.3f)\n",
                  bgv_case.name, level, bfv_ms, bgv_ms, tensor, relin);
    }
    for (std::size_t level = t.context->maxLevel(); level > 0; --level) {
      const bfv::Ciphertext a = bfv::encrypt(t.plain(w), t.secret, level);
      const auto [ms, again] = inTurns(
          11, [&] { bfv::multiplyRelinearize(a, a, t.keys); },
          [&] { bfv::multiplyRelinearize(a, a, t.keys); });
      std::printf("%s level %zu: BFV %.3f ms\n", bfv_case.name, level, std::min(ms, again));
    }
  }
}

template <class Scheme>
double timeOfColumn(const bfv::ContextPtr& context, std::size_t layers, std::size_t digits,
                    int base_bits, std::size_t group, std::size_t digit_level, int times) {
  Setting s(context);
  const bfv::BatchEncoder encoder(context);
  const Column column(context->n(), layers, digits, base_bits, s.random);
  const Encrypted<Scheme> in(column, s, encoder, digit_level);
  std::vector<double> all;
  double left = 0;
  for (int i = 0; i < times; ++i) {
    std::vector<typename Scheme::Ciphertext> r;
    all.push_back(milliseconds([&] { r = lastMatch<Scheme>(in.masks, in.digits, group, s.keys); }));
    left = bfv::noiseBudgetBits(r[0]);
  }
  std::sort(all.begin(), all.end());
  std::printf("%s n %zu, %zu layers: %.1f ms, %.1f bits left\n", Scheme::kName, context->n(),
              layers, all[all.size() / 2], left);
  return all[all.size() / 2];
}

TEST(LastMatchSpeed, DISABLED_Layouts) {
  const bfv::ContextPtr a = contextForBgv(layoutA()), b = contextForBgv(layoutB());
  const bfv::ContextPtr c =
      bfv::testing::contextOf({"", 8192, {42, 42, 42, 42}, {46}, 1, 0, 65537});
  const bfv::ContextPtr d =
      bfv::testing::contextOf({"", 16384, std::vector<int>(8, 42), {46, 46}, 2, 0, 3735553});
  const double one = timeOfColumn<BgvScheme>(a, 8, 3, 16, 8, 1, 9);
  std::printf("layout A, 16 groups: BGV %.1f ms\n", 16 * one);
  const double other = timeOfColumn<BfvScheme>(c, 8, 3, 16, 8, 3, 5);
  std::printf("layout A, 16 groups: BFV %.1f ms\n", 16 * other);
  timeOfColumn<BgvScheme>(b, 64, 2, 21, 8, 4, 3);
  timeOfColumn<BfvScheme>(d, 64, 2, 21, 8, 7, 1);
}

}  // namespace
}  // namespace veilsum::bgv::testing
