package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * The parameter sigma of a discrete Gaussian, a rational number: numerator / 2^denominatorBits.
 *
 * @param numerator 1 to 2^26
 * @param denominatorBits 0 to 10
 */
public record Sigma(int numerator, int denominatorBits) {
  static final int MAX_NUMERATOR = 1 << 26;
  static final int MAX_DENOMINATOR_BITS = 10;

  /** Refuses what is beyond the ranges: OUT_OF_RANGE. */
  public Sigma {
    if (numerator < 1
        || numerator > MAX_NUMERATOR
        || denominatorBits < 0
        || denominatorBits > MAX_DENOMINATOR_BITS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "sigma = %d / 2^%d; numerators go to 2^26 and denominators to 2^%d"
              .formatted(numerator, denominatorBits, MAX_DENOMINATOR_BITS));
    }
  }

  /** The least such number, of the largest denominator there is room for, that is at least this. */
  static Sigma atLeast(double sigma) {
    int bits = MAX_DENOMINATOR_BITS;
    while (bits > 0 && sigma * (1 << bits) > MAX_NUMERATOR) {
      bits--;
    }
    double numerator = Math.ceil(sigma * (1 << bits));
    if (!(numerator <= MAX_NUMERATOR)) { // NaN too
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "noise of sigma %.3g in units of the integers; at most 2^26: take a greater clip"
              .formatted(sigma));
    }
    return new Sigma((int) Math.max(1, numerator), bits);
  }

  /** As a real number, which it is exactly. */
  public double value() {
    return (double) numerator / (1 << denominatorBits);
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
