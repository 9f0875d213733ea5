package dev.veilsum.table;

import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From values and counts in the clear to what was asked: the key holder's arithmetic. */
final class Results {
  private Results() {}

  /** The nearest rank of a percentile: from 1 to n, or 1 of no rows. */
  static long nearestRank(double percent, long n) {
    BigDecimal exact = new BigDecimal(percent).multiply(BigDecimal.valueOf(n)).movePointLeft(2);
    long rank = exact.setScale(0, RoundingMode.CEILING).longValueExact();
    return Math.max(1, Math.min(rank, Math.max(1, n)));
  }

  /** Values in fixed point with their rows, in no order. */
  static final class Found {
    private long[] values = new long[64];
    private long[] rows = new long[64];
    private int count;

    void add(long value, long row) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
        rows = Arrays.copyOf(rows, 2 * count);
      }
      values[count] = value;
      rows[count++] = row;
    }

    /** The order of the values: the smallest first, of equal ones the first row. */
    private List<Integer> order(boolean largestFirst) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        order.add(i);
      }
      order.sort(
          (i, j) -> {
            int byValue = Long.compare(values[i], values[j]);
            return byValue != 0
                ? (largestFirst ? -byValue : byValue)
                : Long.compare(rows[i], rows[j]);
          });
      return order;
    }

    /** The answer to a question about values. */
    Answer.Value answer(Question question, double number, ColumnKind.FixedPoint kind) {
      if (count == 0) {
        return question == Question.TOP ? new Answer.Top(List.of()) : new Answer.None();
      }
      boolean largest = question == Question.MAX || question == Question.ARGMAX;
      return switch (question) {
        case MIN, MAX -> value(kind, values[order(largest).get(0)]);
        case ARGMIN, ARGMAX -> new Answer.Whole(BigInteger.valueOf(rows[order(largest).get(0)]));
        case TOP ->
            new Answer.Top(
                order(true).stream()
                    .limit((long) number)
                    .map(i -> new Answer.Top.Entry(value(kind, values[i]), rows[i]))
                    .toList());
        default -> {
          long[] ascending = Arrays.copyOf(values, count);
          Arrays.sort(ascending);
          yield value(
              kind, ascending[(int) nearestRank(Question.rank(question, number), count) - 1]);
        }
      };
    }
  }

  /** A value of a column as it is answered. */
  static Answer.Value value(ColumnKind.FixedPoint kind, long fixed) {
    return kind instanceof ColumnKind.Time
        ? new Answer.Moment(fixed)
        : Finish.fixed(BigInteger.valueOf(fixed), kind.places());
  }

  /** The answer to a question about buckets, from the count of rows in each. */
  static Answer.Value ofBuckets(
      Question question, double number, ColumnKind.FixedPoint kind, long[] counts) {
    Buckets buckets =
        kind instanceof ColumnKind.Ordered ordered
            ? ordered.buckets()
            : ((ColumnKind.Time) kind).buckets().orElseThrow();
    long rows = Arrays.stream(counts).sum();
    if (question == Question.HISTOGRAM) {
      List<Answer.Histogram.Bin> bins = new ArrayList<>();
      for (int j = 0; j < counts.length; j++) {
        bins.add(new Answer.Histogram.Bin(value(kind, buckets.start(j)), counts[j]));
      }
      return new Answer.Histogram(bins);
    }
    if (rows == 0) {
      return new Answer.None();
    }
    long rank =
        switch (question) {
          case MIN -> 1;
          case MAX -> rows;
          default -> nearestRank(Question.rank(question, number), rows);
        };
    int bucket = 0;
    for (long before = counts[0]; before < rank; before += counts[bucket]) {
      bucket++;
    }
    return bucket(kind, buckets, bucket);
  }

  private static Answer.Value bucket(ColumnKind.FixedPoint kind, Buckets buckets, int j) {
    boolean grid = kind instanceof ColumnKind.Ordered ordered && !ordered.floor();
    if (grid) {
      return value(kind, buckets.start(j));
    }
    long until = j + 1 < buckets.count() ? buckets.start(j + 1) : kind.greatest();
    return new Answer.Within(value(kind, buckets.start(j)), value(kind, until));
  }
}
