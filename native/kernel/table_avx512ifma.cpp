#if defined(__AVX512IFMA__)

#include "kernel/avx512ifma.h"
#include "kernel/paths.h"

namespace veilsum::kernel {

const Table& avx512IfmaTable() {
  static const Table path = [] {
    Table t = scalarTable();
    t.nttForward = avx512ifma::nttForward;
    t.nttInverse = avx512ifma::nttInverse;
    return t;
  }();
  return path;
}

}  // namespace veilsum::kernel

#endif  // __AVX512IFMA__
