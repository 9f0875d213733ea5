package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * How real numbers become integers: x is round(x * 2^fractionBits), half to even, and must have |x|
 * < 2^integerBits. The format is public; it sets the bound that fresh ciphertexts carry.
 *
 * @param integerBits 0 to 1024
 * @param fractionBits 0 to 1074, as fine as doubles get
 */
public record FixedPoint(int integerBits, int fractionBits) {
  /** |x| < 2^31 in steps of 2^-32. */
  public static final FixedPoint DEFAULT = new FixedPoint(31, 32);

  public FixedPoint {
    if (integerBits < 0 || integerBits > 1024 || fractionBits < 0 || fractionBits > 1074) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a fixed-point format of "
              + integerBits
              + " integer bits and "
              + fractionBits
              + " fraction bits; they go from 0 to 1024 and to 1074");
    }
  }

  /** The magnitude that no encoded integer passes: 2^(integerBits + fractionBits). */
  BigInteger bound() {
    return BigInteger.ONE.shiftLeft(integerBits + fractionBits);
  }

  /** BAD_INPUT for NaN and infinities, OUT_OF_RANGE beyond the format. */
  BigInteger toInteger(double x) {
    if (!Double.isFinite(x)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "not a finite number; remove NaN and infinities");
    }
    if (Math.abs(x) >= Math.scalb(1.0, integerBits)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a value's magnitude is not below 2^" + integerBits + "; take more integer bits");
    }
    return new BigDecimal(x)
        .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(fractionBits)))
        .setScale(0, RoundingMode.HALF_EVEN)
        .toBigIntegerExact();
  }

  /** The double nearest to integer * 2^exponent; infinite beyond the doubles. */
  static double toDouble(BigInteger integer, int exponent) {
    if (exponent >= 0) {
      return integer.shiftLeft(exponent).doubleValue();
    }
    // 2^-e is 5^e / 10^e: exact in decimals.
    return new BigDecimal(integer.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent)
        .doubleValue();
  }
}
