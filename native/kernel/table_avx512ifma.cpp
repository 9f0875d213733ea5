#if defined(__AVX512IFMA__)

#include "kernel/avx512ifma.h"
#include "kernel/paths.h"

namespace veilsum::kernel {

const Table& avx512IfmaTable() {
  static constexpr Table kTable = {
      .nttForward = avx512ifma::nttForward,
      .nttInverse = avx512ifma::nttInverse,
      .nttForwardLazy = avx512ifma::nttForwardLazy,
      .nttForwardIntegers = avx512ifma::nttForwardIntegers,
      .nttForwardSmallLazy = avx512ifma::nttForwardSmallLazy,
      .nttForwardSubtractScale = avx512ifma::nttForwardSubtractScale,
      .add = avx512ifma::add,
      .subtract = avx512ifma::subtract,
      .negate = avx512ifma::negate,
      .multiply = avx512ifma::multiply,
      .multiplyAdd = avx512ifma::multiplyAdd,
      .sum = avx512ifma::sum,
      .lazyMultiplyAdd = avx512ifma::lazyMultiplyAdd,
      .multiplyScalar = avx512ifma::multiplyScalar,
      .multiplyScalarAdd = avx512ifma::multiplyScalarAdd,
      .reduce = avx512ifma::reduce,
      .liftSigned = avx512ifma::liftSigned,
      .liftIntegers = avx512ifma::liftIntegers,
      .addSigned = avx512ifma::addSigned,
      .liftCentred = avx512ifma::liftCentred,
      .reduceCentred = avx512ifma::reduceCentred,
      .permuteEights = avx512ifma::permuteEights,
      .innerProduct = avx512ifma::innerProduct,
      .tensor = avx512ifma::tensor,
      .scaledTensor = avx512ifma::scaledTensor,
      .innerProductPair = avx512ifma::innerProductPair,
      .linearCombination = avx512ifma::linearCombination,
      .combineDigits = avx512ifma::combineDigits,
      .roundedQuotient = avx512ifma::roundedQuotient,
      .crtDigits = avx512ifma::crtDigits,
      .crtQuotient = avx512ifma::crtQuotient,
      .unpackAdd = avx512ifma::unpackAdd,
      .quantizeFloats = avx512ifma::quantizeFloats,
      .quantizeDoubles = avx512ifma::quantizeDoubles,
      .chacha20 = avx512ifma::chacha20,
      .selectBelow = avx512ifma::selectBelow,
      .ternary = avx512ifma::ternary,
      .centredBinomial = avx512ifma::centredBinomial,
  };
  return kTable;
}

}  // namespace veilsum::kernel

#endif  // __AVX512IFMA__
