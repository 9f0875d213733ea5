package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/** The questions that tables answer. What can answer which is decided by {@link Strategies}. */
public enum Question {
  /** The sum of a column of numbers. */
  SUM,
  /** How many rows; of a category, how many of each label. */
  COUNT,
  /** The arithmetic mean of a column of numbers. */
  MEAN,
  /** The population variance, the sum of squared deviations over the number of rows. */
  VARIANCE,
  /** The sum of the products of two columns of one kind, row by row. */
  DOT,
  /** The smallest value. */
  MIN,
  /** The largest value. */
  MAX,
  /** The row of the smallest value, from 0; the first of several. */
  ARGMIN,
  /** The row of the largest value, from 0; the first of several. */
  ARGMAX,
  /** The k largest values with their rows, the largest first. */
  TOP,
  /** How many rows in each bucket, or of each label. */
  HISTOGRAM,
  /**
   * The value of nearest rank: the smallest one that at least p percent of the rows do not exceed.
   */
  PERCENTILE,
  /** The 50th percentile: of an even number of rows the lower of the two in the middle. */
  MEDIAN;

  /** The largest k of {@link #TOP}. */
  public static final int MAX_TOP = BlockExtremes.KEPT;

  /** The name on the command line and in results. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The question of a name; {@code USAGE} with the names there are where there is none. */
  public static Question named(String text) {
    return Arrays.stream(values())
        .filter(question -> question.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.USAGE,
                    "no question \"%s\"; there are %s"
                        .formatted(text, Arrays.stream(values()).map(Question::text).toList())));
  }

  /** How many columns it is about, at most. */
  public int columns() {
    return this == DOT ? 2 : 1;
  }

  /** Whether it is answered with a value of the column, or the row of one. */
  boolean isOrder() {
    return switch (this) {
      case MIN, MAX, ARGMIN, ARGMAX, TOP, PERCENTILE, MEDIAN -> true;
      default -> false;
    };
  }

  /** Whether it is about the smallest value. */
  boolean isSmallest() {
    return this == MIN || this == ARGMIN;
  }

  /** The rank in percent, of a percentile or the median. */
  static double rank(Question question, double number) {
    return question == MEDIAN ? 50 : number;
  }

  /** Refuses a number that is missing, not wanted, or out of range. */
  void requireNumber(OptionalDouble number) {
    boolean fits =
        switch (this) {
          case TOP ->
              number.isPresent()
                  && number.getAsDouble() == Math.rint(number.getAsDouble())
                  && number.getAsDouble() >= 1
                  && number.getAsDouble() <= MAX_TOP;
          case PERCENTILE ->
              number.isPresent() && number.getAsDouble() >= 0 && number.getAsDouble() <= 100;
          default -> number.isEmpty();
        };
    if (!fits) {
      String wanted =
          switch (this) {
            case TOP -> "takes a whole number from 1 to " + MAX_TOP;
            case PERCENTILE -> "takes a rank from 0 to 100";
            default -> "takes no number";
          };
      throw new VeilsumException(
          ErrorCode.USAGE,
          text() + " " + wanted + (number.isPresent() ? ", not " + shown(number) : "; give it"));
    }
  }

  private static String shown(OptionalDouble number) {
    double value = number.getAsDouble();
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
