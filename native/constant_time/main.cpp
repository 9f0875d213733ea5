// The dynamic check of constant time: run it under Valgrind (scripts/constant-time). Exits 1 where
// memcheck reports a branch or an address that depends on a secret, or where it misses one of the
// leaks made on purpose; 2 where it does not run under Valgrind. With --secret-primes, which needs
// --suppressions=constant_time/gmp.supp, Paillier alone, its primes secret too.

#include <valgrind/memcheck.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>

#include "constant_time/check.h"
#include "kernel/isa.h"

namespace veilsum::constant_time {

void Check::begin(const std::string& name) {
  name_ = name;
  VALGRIND_PRINTF("in: %s\n", name.c_str());  // into the log, before what is reported there
  before_ = VALGRIND_COUNT_ERRORS;
}

void Check::end(bool leaks) {
  const unsigned reports = VALGRIND_COUNT_ERRORS - before_;
  const bool good = leaks == (reports > 0);
  if (!good) ++failures_;
  const char* verdict = leaks ? (good ? "found" : "NOT FOUND") : (good ? "ok" : "LEAKS");
  std::printf("  %-46s %s", name_.c_str(), verdict);
  if (!leaks && !good) std::printf(" (%u reports)", reports);
  std::printf("\n");
  std::fflush(stdout);
}

void Check::verify(bool right, const std::string& what) {
  if (right) return;
  ++failures_;
  std::printf("  %-46s WRONG RESULT\n", what.c_str());
}

namespace {

volatile std::uint8_t kept;  // what the leaks compute, so that they stay

[[gnu::noinline]] void branchOn(std::uint8_t secret) {
  if (secret & 1) {
    __asm__ __volatile__("nop");  // no conditional move takes its place
    kept = secret;
  }
}

[[gnu::noinline]] void lookUp(const std::uint8_t* table, std::uint8_t secret) {
  kept = table[secret];
}

// Stops at the first difference, as memcmp may.
[[gnu::noinline]] bool equalUntil(const std::uint8_t* a, const std::uint8_t* b, int n) {
  for (int i = 0; i < n; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace

void checkControls(Check& check) {
  std::uint8_t secret[32] = {7, 1, 3};
  const std::uint8_t other[32] = {7, 1, 3};
  std::uint8_t table[256] = {};
  markSecret(secret, sizeof(secret));
  check.control("a branch on a secret", [&] { branchOn(secret[0]); });
  check.control("a table read at a secret index", [&] { lookUp(table, secret[1]); });
  check.control("a comparison that stops early", [&] { kept = equalUntil(secret, other, 32); });
}

}  // namespace veilsum::constant_time

int main(int argc, char** argv) {
  using namespace veilsum;
  const bool secret_primes = argc == 2 && std::strcmp(argv[1], "--secret-primes") == 0;
  if (argc > 1 && !secret_primes) {
    std::fprintf(stderr, "constant_time: no option %s; there is --secret-primes\n", argv[1]);
    return 2;
  }
  if (!RUNNING_ON_VALGRIND) {
    std::fprintf(stderr, "constant_time: run under valgrind, as scripts/constant-time does\n");
    return 2;
  }
  try {
    std::printf("path %s\n", kernel::isaName(kernel::activeIsa()));
    constant_time::Check check;
    constant_time::checkControls(check);
    if (!secret_primes) {
      constant_time::checkSampling(check);
      constant_time::checkSchemes(check);
      constant_time::checkGradient(check);
      constant_time::checkThreshold(check);
    }
#if defined(VEILSUM_WITH_PAILLIER)
    constant_time::checkPaillier(check, secret_primes);
#endif
    return check.failures() == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "constant_time: %s\n", e.what());
    return 1;
  }
}
