package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a question is answered with, as a type: of the value itself, and made of it where the answer
 * may be none, a list, a bucket or a count for each bucket. So {@code TIME.orNone()} is the answer
 * of "when last".
 *
 * @param <T> what a decrypted answer becomes
 */
public final class AnswerType<T> {
  /** How many rows. */
  public static final AnswerType<Long> COUNT =
      in("a count", Answer.Whole.class, whole -> whole.value().longValueExact());

  /** The number of a row, over all tables that were asked, from 0. */
  public static final AnswerType<Long> ROW =
      in("a row", Answer.Whole.class, whole -> whole.value().longValueExact());

  /** A whole number, exact. */
  public static final AnswerType<BigInteger> INTEGER =
      in("a whole number", Answer.Whole.class, Answer.Whole::value);

  /** A decimal number, exact; of columns without decimal places a whole one. */
  public static final AnswerType<BigDecimal> DECIMAL =
      new AnswerType<>(
          "a decimal number",
          value -> {
            if (value instanceof Answer.Whole whole) {
              return Optional.of(new BigDecimal(whole.value()));
            }
            return value instanceof Answer.Decimal decimal
                ? Optional.of(decimal.value())
                : Optional.empty();
          });

  /** A time, exact to the millisecond. */
  public static final AnswerType<Instant> TIME =
      in("a time", Answer.Moment.class, Answer.Moment::instant);

  /** A quotient of exact numbers, rounded once to the nearest double: a mean, a variance. */
  public static final AnswerType<Double> QUOTIENT =
      in("a quotient", Answer.Quotient.class, Answer.Quotient::value);

  /** A real number with the bound on its error. */
  public static final AnswerType<Answer.Approximate> REAL =
      in("a real number", Answer.Approximate.class, value -> value);

  /** The number of rows of each label, in the order of their declaration. */
  public static final AnswerType<Map<String, Long>> LABELS =
      in("a count of each label", Answer.Counts.class, Answer.Counts::counts);

  private final String text;
  private final Function<Answer.Value, Optional<T>> reading;

  private AnswerType(String text, Function<Answer.Value, Optional<T>> reading) {
    this.text = text;
    this.reading = reading;
  }

  private static <A extends Answer.Value, T> AnswerType<T> in(
      String text, Class<A> form, Function<A, T> value) {
    return new AnswerType<>(
        text,
        found -> form.isInstance(found) ? Optional.of(value.apply(form.cast(found))) : none());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** A value with its row, over all tables that were asked, from 0. */
  public record Ranked<V>(V value, long row) {}

  /**
   * The bucket of a value: at least {@code from} and below {@code until}; of the last bucket {@code
   * until} is the column's greatest value, which belongs to it. On a grid, where each bucket is one
   * value, both are that value.
   */
  public record Span<V>(V from, V until) {
    /** Whether the value is known exactly. */
    public boolean isOne() {
      return from.equals(until);
    }
  }

  /** The same, or nothing where no row was asked about. */
  public AnswerType<Optional<T>> orNone() {
    return new AnswerType<>(
        text + " or none",
        value ->
            value instanceof Answer.None
                ? Optional.of(Optional.empty())
                : reading.apply(value).map(Optional::of));
  }

  /** Several with their rows, the largest first. */
  public AnswerType<List<Ranked<T>>> ranked() {
    return in(
        text + " and its row, several times",
        Answer.Top.class,
        top ->
            top.entries().stream()
                .map(entry -> new Ranked<>(read(entry.value()), entry.row()))
                .toList());
  }

  /** The bucket that it lies in. */
  public AnswerType<Span<T>> bucket() {
    return new AnswerType<>(
        "the bucket of " + text,
        value ->
            value instanceof Answer.Within within
                ? Optional.of(new Span<>(read(within.from()), read(within.until())))
                : reading.apply(value).map(one -> new Span<>(one, one)));
  }

  /** The number of rows of each bucket, by where it starts. */
  public AnswerType<NavigableMap<T, Long>> histogram() {
    return in("a count from each start of a bucket", Answer.Histogram.class, this::counts);
  }

  private NavigableMap<T, Long> counts(Answer.Histogram histogram) {
    NavigableMap<T, Long> counts = new TreeMap<>();
    histogram.bins().forEach(bin -> counts.put(read(bin.from()), bin.count()));
    return Collections.unmodifiableNavigableMap(counts);
  }

  /**
   * A decrypted value as this type.
   *
   * @throws VeilsumException BAD_INPUT where it is of another
   */
  public T read(Answer.Value value) {
    return reading
        .apply(value)
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.BAD_INPUT,
                    "the answer is %s and not %s; read it as what was asked for"
                        .formatted(value.getClass().getSimpleName(), text)));
  }

  @Override
  public String toString() {
    return text;
  }
}
