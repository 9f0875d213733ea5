// The kernels on one residue, timed without Java: the names are those of the JMH class
// KernelBenchmark, and of kernel/table.h for the rest. Each result is held against the scalar table
// first. Built with -DVEILSUM_BENCH=ON; VEILSUM_ISA chooses the path.
//
//   bench_kernels [N...]      default 4096 8192 16384 32768

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "arith/ntt.h"
#include "arith/primes.h"
#include "kernel/table.h"

namespace veilsum::kernel {
namespace {

using Words = Buffer<std::uint64_t>;

constexpr int kRows = 8;  // of inner products and linear combinations
constexpr int kBlocks = 15;
constexpr double kBlockSeconds = 2e-3;

double processorTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The median over blocks of a call's time.
double seconds(const std::function<void()>& call) {
  int times = 1;
  for (double taken = 0; taken < kBlockSeconds;) {
    const double start = processorTime();
    for (int i = 0; i < times; ++i) call();
    taken = processorTime() - start;
    if (taken < kBlockSeconds) times *= 2;
  }
  std::vector<double> blocks(kBlocks);
  for (double& block : blocks) {
    const double start = processorTime();
    for (int i = 0; i < times; ++i) call();
    block = (processorTime() - start) / times;
  }
  std::nth_element(blocks.begin(), blocks.begin() + kBlocks / 2, blocks.end());
  return blocks[kBlocks / 2];
}

// One kernel over `out`, from the same words each time it is checked.
struct Kernel {
  const char* name;
  std::function<void(const Table&, const NttTwiddles&, Words& out)> run;
};

// Residues of one prime and what the kernels take beside them.
struct Operands {
  explicit Operands(std::size_t n, int bits)
      : q(arith::largestPrimes(bits, 2 * n, 1)[0]), modulus(q) {
    std::mt19937_64 random(1);
    for (int i = 0; i < kRows; ++i) {
      a.emplace_back(n), b.emplace_back(n);
      for (auto* row : {&a.back(), &b.back()}) {
        for (std::uint64_t& word : *row) word = random() % q;
      }
      a_rows.push_back(a.back().data()), b_rows.push_back(b.back().data());
      scalars.push_back(random() % q);
    }
  }
  std::uint64_t q;
  arith::Modulus modulus;
  std::vector<Words> a, b;
  std::vector<const std::uint64_t*> a_rows, b_rows;
  std::vector<std::uint64_t> scalars;
};

std::vector<Kernel> kernelsOn(const Operands& x, std::size_t n, int bits) {
  const auto* a = x.a[0].data();
  const std::uint64_t q = x.q;
  const Barrett barrett = x.modulus.barrett();
  const arith::ShoupFactor factor = x.modulus.shoup(x.scalars[0]);
  return {
      {"nttForward", [](const Table& t, const NttTwiddles& w,
                        Words& out) { t.nttForward(w, out.data(), out.data()); }},
      {"nttForwardSubtractScale",
       [=](const Table& t, const NttTwiddles& w, Words& out) {
         t.nttForwardSubtractScale(w, out.data(), q, out.data(), a, factor.w, factor.quotient,
                                   out.data());
       }},
      {"nttInverse", [](const Table& t, const NttTwiddles& w,
                        Words& out) { t.nttInverse(w, out.data(), w.scale, out.data()); }},
      {"addResidues", [=](const Table& t, const NttTwiddles&,
                          Words& out) { t.add(out.data(), a, n, q, out.data()); }},
      {"multiplyResidues", [=](const Table& t, const NttTwiddles&,
                               Words& out) { t.multiply(out.data(), a, n, barrett, out.data()); }},
      {"multiplyAdd",
       [=, &x](const Table& t, const NttTwiddles&, Words& out) {
         t.multiplyAdd(a, x.b[0].data(), n, barrett, out.data());
       }},
      {"multiplyScalar",
       [=](const Table& t, const NttTwiddles&, Words& out) {
         t.multiplyScalar(a, n, factor.w, factor.quotient, q, out.data());
       }},
      {"innerProduct of 8",
       [=, &x](const Table& t, const NttTwiddles&, Words& out) {
         t.innerProduct(x.a_rows.data(), x.b_rows.data(), kRows, n, barrett, out.data());
       }},
      {"linearCombination of 8",
       [=, &x](const Table& t, const NttTwiddles&, Words& out) {
         t.linearCombination(x.a_rows.data(), x.scalars.data(), kRows, n, bits, barrett,
                             out.data());
       }},
      {"reduce", [=](const Table& t, const NttTwiddles&,
                     Words& out) { t.reduce(a, n, barrett, out.data()); }},
      {"chacha20",
       [=](const Table& t, const NttTwiddles&, Words& out) {
         const std::uint32_t state[16] = {1, 2, 3};
         t.chacha20(state, n / 8, reinterpret_cast<std::uint8_t*>(out.data()));
       }},
      {"ternary", [=](const Table& t, const NttTwiddles&,
                      Words& out) { t.ternary(a, n, reinterpret_cast<std::int8_t*>(out.data())); }},
      {"centredBinomial",
       [=](const Table& t, const NttTwiddles&, Words& out) {
         t.centredBinomial(a, n, reinterpret_cast<std::int8_t*>(out.data()));
       }},
  };
}

bool sameAsScalar(const Kernel& kernel, const Operands& x, std::size_t n) {
  const auto psi = arith::Ntt::get(n, x.q)->psi();
  const NttTwiddles ours(n, x.q, psi, activeIsa()), scalar(n, x.q, psi, Isa::kScalar);
  Words first = x.b[1].copy(), second = x.b[1].copy();
  kernel.run(table(), ours, first);
  kernel.run(table(Isa::kScalar), scalar, second);
  return std::equal(first.begin(), first.end(), second.begin());
}

int run(const std::vector<std::size_t>& degrees) {
  std::printf("path %s, one thread, us of processor time, medians of %d blocks\n\n",
              isaName(activeIsa()), kBlocks);
  std::printf("| kernel | prime | N | us |\n|---|---|---|---|\n");
  for (const int bits : {46, 60}) {
    for (const std::size_t n : degrees) {
      const Operands x(n, bits);
      const NttTwiddles twiddles(n, x.q, arith::Ntt::get(n, x.q)->psi(), activeIsa());
      Words out = x.b[1].copy();
      for (const Kernel& kernel : kernelsOn(x, n, bits)) {
        if (!sameAsScalar(kernel, x, n)) {
          std::fprintf(stderr, "%s at N=%zu is not what the scalar path gives\n", kernel.name, n);
          return 1;
        }
        // Transforms run over their own results, which are residues again.
        std::copy(x.b[1].begin(), x.b[1].end(), out.begin());
        const double time = seconds([&] { kernel.run(table(), twiddles, out); });
        std::printf("| %s | %d bits | %zu | %.2f |\n", kernel.name, bits, n, 1e6 * time);
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace veilsum::kernel

int main(int argc, char** argv) {
  std::vector<std::size_t> degrees;
  for (int i = 1; i < argc; ++i) {
    degrees.push_back(std::strtoul(argv[i], nullptr, 10));
    if (degrees.back() < 1024 || degrees.back() > 131072 ||
        (degrees.back() & (degrees.back() - 1))) {
      std::fprintf(stderr, "bench_kernels: N is a power of two from 1024 to 131072, not %s\n",
                   argv[i]);
      return 2;
    }
  }
  if (degrees.empty()) degrees = {4096, 8192, 16384, 32768};
  return veilsum::kernel::run(degrees);
}
