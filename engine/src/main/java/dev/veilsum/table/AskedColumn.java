package dev.veilsum.table;

import dev.veilsum.table.AnswerType.Ranked;
import dev.veilsum.table.AnswerType.Span;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A column of some rows with the questions that its kind can answer, each typed by its answer; what
 * a kind cannot answer is not there. Where no row is asked about, sums are 0 and the others none.
 */
public abstract sealed class AskedColumn {
  private final SelectedRows rows;
  private final String name;

  private AskedColumn(SelectedRows rows, String name) {
    this.rows = rows;
    this.name = name;
  }

  final <T> TypedQuestion<T> ask(Question question, AnswerType<T> type) {
    return rows.question(question, OptionalDouble.empty(), type, name);
  }

  final <T> TypedQuestion<T> ask(Question question, double number, AnswerType<T> type) {
    return rows.question(question, OptionalDouble.of(number), type, name);
  }

  final <T> TypedQuestion<T> ask(Question question, AskedColumn other, AnswerType<T> type) {
    return rows.question(question, OptionalDouble.empty(), type, name, other.name);
  }

  /** Real numbers: approximate, each answer with its error bound. */
  public static final class Reals extends AskedColumn {
    Reals(SelectedRows rows, String name) {
      super(rows, name);
    }

    public TypedQuestion<Answer.Approximate> sum() {
      return ask(Question.SUM, AnswerType.REAL);
    }

    public TypedQuestion<Optional<Answer.Approximate>> mean() {
      return ask(Question.MEAN, AnswerType.REAL.orNone());
    }

    /** The population variance. */
    public TypedQuestion<Optional<Answer.Approximate>> variance() {
      return ask(Question.VARIANCE, AnswerType.REAL.orNone());
    }

    /** The sum of the products with another column, row by row. */
    public TypedQuestion<Answer.Approximate> dot(Reals other) {
      return ask(Question.DOT, other, AnswerType.REAL);
    }
  }

  /** What has smallest and largest values, and rows where they stand. */
  public abstract static sealed class Values<V> extends AskedColumn {
    final AnswerType<V> value;

    private Values(SelectedRows rows, String name, AnswerType<V> value) {
      super(rows, name);
      this.value = value;
    }

    public final TypedQuestion<Optional<V>> min() {
      return ask(Question.MIN, value.orNone());
    }

    public final TypedQuestion<Optional<V>> max() {
      return ask(Question.MAX, value.orNone());
    }

    /** The row of the smallest value, from 0. */
    public final TypedQuestion<Optional<Long>> argmin() {
      return ask(Question.ARGMIN, AnswerType.ROW.orNone());
    }

    /** The row of the largest value, from 0. */
    public final TypedQuestion<Optional<Long>> argmax() {
      return ask(Question.ARGMAX, AnswerType.ROW.orNone());
    }

    /**
     * The largest values, the largest first, with their rows.
     *
     * @param k how many, 1 to {@link Question#MAX_TOP}; USAGE for others
     */
    public final TypedQuestion<List<Ranked<V>>> top(int k) {
      return ask(Question.TOP, k, value.ranked());
    }
  }

  /** Whole or decimal numbers in any order: exact. */
  public static final class Numbers<V> extends Values<V> {
    Numbers(SelectedRows rows, String name, AnswerType<V> value) {
      super(rows, name, value);
    }

    public TypedQuestion<V> sum() {
      return ask(Question.SUM, value);
    }

    public TypedQuestion<Optional<Double>> mean() {
      return ask(Question.MEAN, AnswerType.QUOTIENT.orNone());
    }

    /** The population variance. */
    public TypedQuestion<Optional<Double>> variance() {
      return ask(Question.VARIANCE, AnswerType.QUOTIENT.orNone());
    }

    /** The sum of the products with another column, row by row. */
    public TypedQuestion<V> dot(Numbers<V> other) {
      return ask(Question.DOT, other, value);
    }
  }

  /** Numbers or times that ascend with the rows: exact. */
  public abstract static sealed class Ranks<V> extends Values<V> {
    private Ranks(SelectedRows rows, String name, AnswerType<V> value) {
      super(rows, name, value);
    }

    /** Of an even number of rows the lower of the two in the middle. */
    public final TypedQuestion<Optional<V>> median() {
      return ask(Question.MEDIAN, value.orNone());
    }

    /**
     * The smallest value that at least so many percent of the rows do not exceed.
     *
     * @param percent 0 to 100; USAGE for others
     */
    public final TypedQuestion<Optional<V>> percentile(double percent) {
      return ask(Question.PERCENTILE, percent, value.orNone());
    }
  }

  /** Numbers that ascend. */
  public static final class Sorted extends Ranks<BigDecimal> {
    Sorted(SelectedRows rows, String name) {
      super(rows, name, AnswerType.DECIMAL);
    }
  }

  /** Times. */
  public static final class Times extends Ranks<Instant> {
    Times(SelectedRows rows, String name) {
      super(rows, name, AnswerType.TIME);
    }

    /** The rows of each step, by its start, also where there are none; USAGE without a step. */
    public TypedQuestion<NavigableMap<Instant, Long>> histogram() {
      return ask(Question.HISTOGRAM, value.histogram());
    }
  }

  /** Numbers of which the bucket is known: exact on a grid, within the bucket otherwise. */
  public static final class Buckets extends AskedColumn {
    Buckets(SelectedRows rows, String name) {
      super(rows, name);
    }

    /** The rows of each bucket, by its start, also where there are none. */
    public TypedQuestion<NavigableMap<BigDecimal, Long>> histogram() {
      return ask(Question.HISTOGRAM, AnswerType.DECIMAL.histogram());
    }

    public TypedQuestion<Optional<Span<BigDecimal>>> min() {
      return ask(Question.MIN, AnswerType.DECIMAL.bucket().orNone());
    }

    public TypedQuestion<Optional<Span<BigDecimal>>> max() {
      return ask(Question.MAX, AnswerType.DECIMAL.bucket().orNone());
    }

    /** Of an even number of rows the lower of the two in the middle. */
    public TypedQuestion<Optional<Span<BigDecimal>>> median() {
      return ask(Question.MEDIAN, AnswerType.DECIMAL.bucket().orNone());
    }

    /**
     * The bucket of the smallest value that at least so many percent of the rows do not exceed.
     *
     * @param percent 0 to 100; USAGE for others
     */
    public TypedQuestion<Optional<Span<BigDecimal>>> percentile(double percent) {
      return ask(Question.PERCENTILE, percent, AnswerType.DECIMAL.bucket().orNone());
    }
  }

  /** Labels. */
  public static final class Labels extends AskedColumn {
    Labels(SelectedRows rows, String name) {
      super(rows, name);
    }

    /** The rows of each label, in the order of their declaration. */
    public TypedQuestion<Map<String, Long>> histogram() {
      return ask(Question.COUNT, AnswerType.LABELS);
    }
  }
}
