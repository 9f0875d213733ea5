#include "kernel/paths.h"
#include "kernel/scalar.h"

namespace veilsum::kernel {

const Table& scalarTable() {
  static constexpr Table kTable = {
      .nttForward = scalar::nttForward,
      .nttInverse = scalar::nttInverse,
      .nttForwardLazy = scalar::nttForwardLazy,
      .nttForwardIntegers = scalar::nttForwardIntegers,
      .nttForwardSmallLazy = scalar::nttForwardSmallLazy,
      .nttForwardSubtractScale = scalar::nttForwardSubtractScale,
      .add = scalar::add,
      .subtract = scalar::subtract,
      .negate = scalar::negate,
      .multiply = scalar::multiply,
      .multiplyAdd = scalar::multiplyAdd,
      .sum = scalar::sum,
      .lazyMultiplyAdd = scalar::lazyMultiplyAdd,
      .multiplyScalar = scalar::multiplyScalar,
      .multiplyScalarAdd = scalar::multiplyScalarAdd,
      .reduce = scalar::reduce,
      .liftSigned = scalar::liftSigned,
      .liftIntegers = scalar::liftIntegers,
      .addSigned = scalar::addSigned,
      .liftCentred = scalar::liftCentred,
      .reduceCentred = scalar::reduceCentred,
      .permuteEights = scalar::permuteEights,
      .innerProduct = scalar::innerProduct,
      .tensor = scalar::tensor,
      .scaledTensor = scalar::tensor,
      .innerProductPair = scalar::innerProductPair,
      .linearCombination = scalar::linearCombination,
      .combineDigits = scalar::combineDigits,
      .roundedQuotient = scalar::roundedQuotient,
      .crtDigits = scalar::crtDigits,
      .crtQuotient = scalar::crtQuotient,
      .unpackAdd = scalar::unpackAdd,
      .quantizeFloats = scalar::quantizeFloats,
      .quantizeDoubles = scalar::quantizeDoubles,
      .chacha20 = scalar::chacha20,
      .selectBelow = scalar::selectBelow,
      .ternary = scalar::ternary,
      .centredBinomial = scalar::centredBinomial,
  };
  return kTable;
}

}  // namespace veilsum::kernel
