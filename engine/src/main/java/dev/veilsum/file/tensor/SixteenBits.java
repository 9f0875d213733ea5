package dev.veilsum.file.tensor;

/**
 * The two formats of 16 bits, IEEE 754 binary16 and bfloat16 (the upper half of binary32). Reading
 * is exact; writing rounds once, from double, to the nearest value, ties to the even one (IEEE
 * 754-2019, section 4.3.1).
 */
final class SixteenBits {
  private static final int FLOAT16_EXPONENT = 5;
  private static final int BFLOAT16_EXPONENT = 8;
  private static final int DOUBLE_FRACTION = 52;
  private static final int DOUBLE_BIAS = 1023;
  private static final long DOUBLE_INFINITY = 0x7ffL << DOUBLE_FRACTION;

  private SixteenBits() {}

  /** The value of a binary16. */
  static float fromFloat16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** The value of a bfloat16. */
  static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The binary16 that is nearest; infinity from 65520 on. */
  static short toFloat16(double value) {
    return round(value, FLOAT16_EXPONENT);
  }

  /** The bfloat16 that is nearest; infinity from about 3.3961775e38 on. */
  static short toBfloat16(double value) {
    return round(value, BFLOAT16_EXPONENT);
  }

  /** Rounds to 1 bit of sign, {@code exponentBits}, and the rest of 16 as the fraction. */
  private static short round(double value, int exponentBits) {
    int fractionBits = 15 - exponentBits;
    int leastExponent = 2 - (1 << (exponentBits - 1)); // of normal numbers
    int infinity = ((1 << exponentBits) - 1) << fractionBits;
    long bits = Double.doubleToRawLongBits(value);
    int sign = (int) (bits >>> 48) & 0x8000;
    long magnitude = bits & Long.MAX_VALUE;
    if (magnitude > DOUBLE_INFINITY) {
      return (short) (sign | infinity | 1 << (fractionBits - 1)); // a quiet NaN
    }
    int exponent = (int) (magnitude >>> DOUBLE_FRACTION) - DOUBLE_BIAS;
    if (exponent < leastExponent - fractionBits - 1) {
      return (short) sign; // below half of the least subnormal number
    }
    long significand = magnitude & -1L >>> 12 | 1L << DOUBLE_FRACTION;
    int dropped = DOUBLE_FRACTION - fractionBits + Math.max(0, leastExponent - exponent);
    long kept = significand >>> dropped;
    long rest = significand & (1L << dropped) - 1;
    long half = 1L << (dropped - 1);
    if (rest > half || rest == half && (kept & 1) == 1) {
      kept++; // may carry into the exponent, which is then right
    }
    // The leading bit of a normal significand adds the 1 by which its exponent field is larger.
    long rounded = ((long) Math.max(0, exponent - leastExponent) << fractionBits) + kept;
    return (short) (sign | (int) Math.min(rounded, infinity));
  }
}
