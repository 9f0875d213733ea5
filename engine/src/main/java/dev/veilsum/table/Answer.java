package dev.veilsum.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One decrypted answer.
 *
 * @param column the column that was asked about; for dot products "a*b"
 * @param operation as in {@link Question#text()}
 * @param value the value with its exactness
 * @param notes public texts that came with it: the condition ({@code where}), the strategy, and
 *     what the question noted
 */
public record Answer(String column, String operation, Value value, Map<String, String> notes) {
  public Answer {
    notes = Map.copyOf(notes);
  }

  /** Without notes. */
  public Answer(String column, String operation, Value value) {
    this(column, operation, value, Map.of());
  }

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

  /** A decimal number, exact. */
  public record Decimal(BigDecimal value) implements Value {
    @Override
    public boolean exact() {
      return true;
    }
  }

  /**
   * A time, exact.
   *
   * @param epochMillis milliseconds since 1970 in UTC
   */
  public record Moment(long epochMillis) implements Value {
    @Override
    public boolean exact() {
      return true;
    }

    /** The same as an instant. */
    public Instant instant() {
      return Instant.ofEpochMilli(epochMillis);
    }
  }

  /**
   * A value of a column of which only the bucket is known: at least {@code from}, and below {@code
   * until}.
   *
   * @param from a number or a moment
   * @param until likewise; of the last bucket the column's greatest value, which belongs to it
   */
  public record Within(Value from, Value until) implements Value {
    @Override
    public boolean exact() {
      return false;
    }
  }

  /** There is no such row: nothing was selected. */
  public record None() implements Value {
    @Override
    public boolean exact() {
      return true;
    }
  }

  /** Values with their rows, the largest first; exact. */
  public record Top(List<Entry> entries) implements Value {
    public Top {
      entries = List.copyOf(entries);
    }

    /**
     * One of them.
     *
     * @param row over all tables, from 0
     */
    public record Entry(Value value, long row) {}

    @Override
    public boolean exact() {
      return true;
    }
  }

  /** A count for each bucket, in order; exact. */
  public record Histogram(List<Bin> bins) implements Value {
    public Histogram {
      bins = List.copyOf(bins);
    }

    /**
     * One bucket.
     *
     * @param from where it starts: a number or a moment
     */
    public record Bin(Value from, long count) {}

    @Override
    public boolean exact() {
      return true;
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
