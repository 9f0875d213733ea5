#include "kernel/isa.h"

#include <cstdlib>

#include "base/error.h"

namespace veilsum::kernel {
namespace {

Isa bestSupported() {
  for (Isa isa : {Isa::kAvx512Ifma, Isa::kAvx2}) {
    if (isaSupported(isa)) return isa;
  }
  return Isa::kScalar;
}

Isa chosen() {
  const char* name = std::getenv("VEILSUM_ISA");
  if (name == nullptr || *name == '\0') return bestSupported();
  for (Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512Ifma}) {
    if (std::string(name) != isaName(isa)) continue;
    if (isaSupported(isa)) return isa;
    throw Error(Code::kUnsupported, std::string("VEILSUM_ISA=") + name +
                                        ": this processor lacks these instructions; the best it "
                                        "runs is " +
                                        isaName(bestSupported()));
  }
  throw Error(Code::kUnsupported,
              std::string("VEILSUM_ISA=") + name + " is no path; use scalar, avx2 or avx512ifma");
}

}  // namespace

const char* isaName(Isa isa) {
  switch (isa) {
    case Isa::kScalar:
      return "scalar";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512Ifma:
      return "avx512ifma";
  }
  return "unknown";
}

bool isaSupported(Isa isa) {
#if defined(__x86_64__)
  // __builtin_cpu_supports also checks that the operating system saves the wide registers.
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi2");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vbmi");
#else
  const bool avx2 = false, avx512 = false;
#endif
  switch (isa) {
    case Isa::kScalar:
      return true;
    case Isa::kAvx2:
      return avx2;
    case Isa::kAvx512Ifma:
      return avx2 && avx512;
  }
  return false;
}

Isa activeIsa() {
  static const Isa active = chosen();
  return active;
}

}  // namespace veilsum::kernel
