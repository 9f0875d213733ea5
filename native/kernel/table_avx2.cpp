#if defined(__AVX2__)

#include "kernel/avx2.h"
#include "kernel/paths.h"
#include "kernel/scalar.h"

namespace veilsum::kernel {

const Table& avx2Table() {
  // AVX2 multiplies 32-bit words only: products modulo q stay with the 64-bit multiplier.
  static constexpr Table kTable = {
      .nttForward = scalar::nttForward,
      .nttInverse = scalar::nttInverse,
      .add = avx2::add,
      .subtract = avx2::subtract,
      .negate = avx2::negate,
      .multiply = scalar::multiply,
      .multiplyAdd = scalar::multiplyAdd,
      .multiplyScalar = scalar::multiplyScalar,
      .multiplyScalarAdd = scalar::multiplyScalarAdd,
      .reduce = scalar::reduce,
      .liftSigned = avx2::liftSigned,
      .innerProduct = scalar::innerProduct,
      .linearCombination = scalar::linearCombination,
      .roundedQuotient = scalar::roundedQuotient,
      .crtDigits = scalar::crtDigits,
      .unpackAdd = avx2::unpackAdd,
      .quantizeFloats = scalar::quantizeFloats,
      .quantizeDoubles = scalar::quantizeDoubles,
      .chacha20 = avx2::chacha20,
      .selectBelow = scalar::selectBelow,
      .ternary = scalar::ternary,
      .centredBinomial = avx2::centredBinomial,
  };
  return kTable;
}

}  // namespace veilsum::kernel

#endif  // __AVX2__
