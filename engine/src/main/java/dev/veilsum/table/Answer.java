package dev.veilsum.table;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One decrypted answer.
 *
 * @param column the column that was asked about; for dot products "a*b"
 * @param operation as in {@link Question#text()}
 * @param value the value with its exactness
 */
public record Answer(String column, String operation, Value value) {
  /** What an answer is. */
  public sealed interface Value {
    /** Whether the encrypted computation added no error at all. */
    boolean exact();
  }

  /** A whole number, exact. */
  public record Whole(BigInteger value) implements Value {
    @Override
    public boolean exact() {
      return true;
    }
  }

  /**
   * A quotient of exact whole numbers, rounded to the nearest double: a mean or a variance of
   * integers.
   */
  public record Quotient(double value) implements Value {
    @Override
    public boolean exact() {
      return true;
    }
  }

  /**
   * An approximate number.
   *
   * @param errorBound |value - true value| is at most this, save with probability 2^-64; from
   *     public numbers alone
   */
  public record Approximate(double value, double errorBound) implements Value {
    @Override
    public boolean exact() {
      return false;
    }
  }

  /** A count for each label of a category, in the order of their declaration; exact. */
  public record Counts(Map<String, Long> counts) implements Value {
    public Counts {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    @Override
    public boolean exact() {
      return true;
    }
  }
}
