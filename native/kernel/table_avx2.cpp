#if defined(__AVX2__)

#include "kernel/avx2.h"
#include "kernel/paths.h"
#include "kernel/scalar.h"

namespace veilsum::kernel {

const Table& avx2Table() {
  static constexpr Table kTable = {
      .nttForward = avx2::nttForward,
      .nttInverse = avx2::nttInverse,
      .nttForwardLazy = avx2::nttForwardLazy,
      .nttForwardIntegers = avx2::nttForwardIntegers,
      .nttForwardSmallLazy = avx2::nttForwardSmallLazy,
      .nttForwardSubtractScale = avx2::nttForwardSubtractScale,
      .add = avx2::add,
      .subtract = avx2::subtract,
      .negate = avx2::negate,
      .multiply = avx2::multiply,
      .multiplyAdd = avx2::multiplyAdd,
      .sum = avx2::sum,
      .lazyMultiplyAdd = avx2::lazyMultiplyAdd,
      .multiplyScalar = avx2::multiplyScalar,
      .multiplyScalarAdd = avx2::multiplyScalarAdd,
      .reduce = avx2::reduce,
      .liftSigned = avx2::liftSigned,
      .liftIntegers = avx2::liftIntegers,
      .addSigned = avx2::addSigned,
      .liftCentred = avx2::liftCentred,
      .reduceCentred = avx2::reduceCentred,
      .permuteEights = scalar::permuteEights,
      .innerProduct = avx2::innerProduct,
      .tensor = avx2::tensor,
      .scaledTensor = avx2::tensor,
      .innerProductPair = avx2::innerProductPair,
      .linearCombination = avx2::linearCombination,
      .combineDigits = avx2::combineDigits,
      .roundedQuotient = scalar::roundedQuotient,
      .crtDigits = avx2::crtDigits,
      .crtQuotient = scalar::crtQuotient,
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
