package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * Whole numbers from 0 to base^count - 1 as digits, least significant first: how numbers that are
 * wider than t stand in slots.
 *
 * @param base at least 2, at most t
 * @param count digits a number, at least 1; base^count fits a {@code long}
 */
public record Digits(long base, int count) {
  public Digits {
    if (base < 2 || count < 1 || count * (Math.log(base) / Math.log(2)) > 62.9) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d digits of base %d: at most 62 bits in all".formatted(count, base));
    }
  }

  /** The largest number that they hold. */
  public long largest() {
    long power = 1;
    for (int d = 0; d < count; d++) {
      power *= base;
    }
    return power - 1;
  }

  /** One digit of every value, centred to [-t/2, t/2), as it is encoded modulo t. */
  public long[] of(long[] values, int digit, long t) {
    long divisor = 1;
    for (int d = 0; d < digit; d++) {
      divisor *= base;
    }
    long[] digits = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      long residue = values[i] / divisor % base;
      digits[i] = residue > (t - 1) / 2 ? residue - t : residue;
    }
    return digits;
  }

  /**
   * The values of decrypted digits, the inverse of {@link #of}.
   *
   * @param digits {@code count} arrays of the same length, least significant first
   */
  public long[] join(long[][] digits, long t) {
    long[] values = new long[digits[0].length];
    for (int d = count - 1; d >= 0; d--) {
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] * base + Math.floorMod(digits[d][i], t);
      }
    }
    return values;
  }
}
