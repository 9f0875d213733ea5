package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;

/**
 * A declared range of decimal numbers in fixed point.
 *
 * @param least the minimum, counting 10^-places; at most 2^62 from 0
 * @param greatest the maximum, not below it, likewise
 * @param places decimal places
 */
public record FixedRange(long least, long greatest, int places) {
  /** The most decimal places. */
  public static final int MAX_PLACES = 18;

  private static final long LIMIT = 1L << 62; // differences stay within a long

  public FixedRange {
    if (places < 0 || places > MAX_PLACES) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a number has at most %d decimal places".formatted(MAX_PLACES));
    }
    if (least > greatest) {
      throw new VeilsumException(ErrorCode.USAGE, "the range must not fall");
    }
    if (least <= -LIMIT || greatest >= LIMIT) {
      throw tooWide();
    }
  }

  /**
   * The range of two bounds, with the places that the longer one has.
   *
   * @throws VeilsumException USAGE
   */
  public static FixedRange of(BigDecimal min, BigDecimal max) {
    return of(min, max, 0);
  }

  /** The range of two bounds, with at least so many places. */
  static FixedRange of(BigDecimal min, BigDecimal max, int leastPlaces) {
    int places = Math.max(leastPlaces, Math.max(min.scale(), max.scale()));
    if (places > MAX_PLACES) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a number has at most %d decimal places".formatted(MAX_PLACES));
    }
    return new FixedRange(fixed(min, places), fixed(max, places), places);
  }

  /** A number in fixed point; USAGE where that takes more than a long. */
  static long fixed(BigDecimal value, int places) {
    try {
      return value.setScale(places).unscaledValue().longValueExact();
    } catch (ArithmeticException e) {
      throw tooWide();
    }
  }

  /** The minimum with all its places. */
  public BigDecimal min() {
    return BigDecimal.valueOf(least, places);
  }

  /** The maximum with all its places. */
  public BigDecimal max() {
    return BigDecimal.valueOf(greatest, places);
  }

  String text() {
    return min().toPlainString() + ".." + max().toPlainString();
  }

  private static VeilsumException tooWide() {
    return new VeilsumException(
        ErrorCode.USAGE, "a bound with its decimal places has more than 62 bits");
  }
}
