#include "kernel/table.h"

#include <string>

#include "base/error.h"
#include "kernel/counting.h"
#include "kernel/paths.h"

namespace veilsum::kernel {

const Table& table(Isa isa) {
  if (!isaSupported(isa)) {
    throw Error(Code::kUnsupported,
                std::string("this processor does not run the path ") + isaName(isa));
  }
#if defined(__x86_64__)
  if (isa == Isa::kAvx512Ifma) return avx512IfmaTable();
  if (isa == Isa::kAvx2) return avx2Table();
#endif
  return scalarTable();
}

const Table& table() {
  static const Table& active = table(activeIsa());
  const Table* counting = countingTable();
  return counting != nullptr ? *counting : active;
}

}  // namespace veilsum::kernel
