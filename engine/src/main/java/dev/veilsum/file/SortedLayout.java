package dev.veilsum.file;

import java.util.Locale;

/**
 * How the values of a sorted column are cut into digits: the two layouts of the last-match circuit.
 * A value's <i>code</i> is its distance from the column's minimum plus 1, so that 0 stands for "no
 * match"; its digits stand least significant first.
 */
public enum SortedLayout {
  /** Three digits of 16 bits: the smaller ring, the faster circuit. */
  A(3, 16),
  /** Two digits of 21 bits: the larger ring, the smaller answer. */
  B(2, 21);

  private final int digits;
  private final int digitBits;

  SortedLayout(int digits, int digitBits) {
    this.digits = digits;
    this.digitBits = digitBits;
  }

  /** How many digits a code has. */
  public int digits() {
    return digits;
  }

  /** Bits of a digit. */
  public int digitBits() {
    return digitBits;
  }

  /** The greatest code: 2^48 - 1 or 2^42 - 1. */
  public long maxCode() {
    return (1L << digits * digitBits) - 1;
  }

  /** Digit {@code number} of a code, from 0, the least significant. */
  public long digit(long code, int number) {
    return code >>> number * digitBits & (1L << digitBits) - 1;
  }

  /** The code of its digits, least significant first; each below 2^{@link #digitBits}. */
  public long code(long[] ofDigits) {
    long code = 0;
    for (int i = digits - 1; i >= 0; i--) {
      code = code << digitBits | ofDigits[i];
    }
    return code;
  }

  /** As it stands in a kind: {@code a} or {@code b}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
