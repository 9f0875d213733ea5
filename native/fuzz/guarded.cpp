#include <cstdio>
#include <cstdlib>

#include "base/buffer.h"
#include "base/error.h"
#include "fuzz/target.h"

namespace veilsum::fuzz {

namespace {

// Codes that no input may cause.
bool isOurFault(Code code) {
  return code == Code::kInternal || code == Code::kUsage || code == Code::kOutOfMemory ||
         code == Code::kClosed;
}

}  // namespace

bool guarded(Bytes input) {
  setAllocationLimit(kMostBytes);
  try {
    read(input);
    return true;
  } catch (const Error& e) {
    if (isOurFault(e.code())) {
      std::fprintf(stderr, "an input of %zu bytes caused %s\n", input.size(), e.what());
      std::abort();
    }
    return false;
  }
}

}  // namespace veilsum::fuzz
