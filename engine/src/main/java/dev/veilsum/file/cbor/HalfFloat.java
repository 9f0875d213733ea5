package dev.veilsum.file.cbor;

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits of bias 15, 10 fraction bits. */
final class HalfFloat {
  /** What {@link #ofExactly} gives where there is no such half. */
  static final int INEXACT = -1;

  private HalfFloat() {}

  /** The bits of the finite half that equals {@code value}, or {@link #INEXACT}. */
  static int ofExactly(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int sign = (int) (bits >>> 63) << 15;
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return sign;
    }
    if (magnitude > 65504) {
      return INEXACT;
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    double significand = Math.scalb(magnitude, 10 - exponent); // a whole number where exact
    if (significand != Math.rint(significand)) {
      return INEXACT;
    }
    // A significand of 2^10 or more carries into the exponent, which is what the hidden bit means.
    return sign | (((exponent + 14) << 10) + (int) significand);
  }

  /** The value of a half's bits; infinite or NaN where its exponent is 31. */
  static double valueOf(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (fraction + 1024), exponent - 25);
        };
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }
}
