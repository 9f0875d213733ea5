package dev.veilsum.table.where;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.TimeText;
import dev.veilsum.table.where.Condition.Operator;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Buckets of an ordered column or of times with a step. Every comparison is a matter of
 * <i>cuts</i>, [v &gt;= c] and [v &gt; c]; a cut is a set of buckets where a bucket starts at it,
 * or where buckets are single values, or where it lies outside of the column's range. Anything else
 * would cut a bucket in two, and is refused.
 */
final class BucketDomain extends Domain {
  private static final Pattern NUMBER = Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)");
  private static final int MAX_DIGITS = 64;

  private final Buckets buckets;

  /** The greatest value; where a bucket holds more than one, the first number beyond all values. */
  private final BigDecimal end;

  /** Whether each bucket holds one value only, its start. */
  private final boolean singles;

  private final boolean times;
  private final Optional<ZoneId> zone;

  BucketDomain(String column, ColumnKind.Ordered kind) {
    super(column, kind);
    this.buckets = kind.buckets();
    this.singles = !kind.floor();
    // What is finer than the places has been dropped: up to the next number all may be there.
    this.end = kind.number(kind.greatest() + (singles ? 0 : 1));
    this.times = false;
    this.zone = Optional.empty();
  }

  BucketDomain(String column, ColumnKind.Time kind) {
    super(column, kind);
    this.buckets = kind.buckets().orElseThrow();
    this.end = BigDecimal.valueOf(kind.to() + 1);
    this.singles = false;
    this.times = true;
    this.zone = kind.zone();
  }

  /** [v >= value], or with {@code beyond} [v > value]. */
  private record Cut(BigDecimal value, boolean beyond) {}

  /** What a literal stands for: the values from one cut up to another. */
  private record Range(Cut from, Cut until) {}

  @Override
  Subset compare(Operator operator, String literal) {
    Range range = times ? time(operator, literal) : number(operator, literal);
    return switch (operator) {
      case EQUAL -> equal(literal, range);
      case NOT_EQUAL -> equal(literal, range).not();
      case LESS -> from(operator, literal, range.from()).not();
      case LESS_OR_EQUAL -> from(operator, literal, range.until()).not();
      case GREATER -> from(operator, literal, range.until());
      case GREATER_OR_EQUAL -> from(operator, literal, range.from());
    };
  }

  private Subset equal(String literal, Range range) {
    return from(Operator.EQUAL, literal, range.from())
        .and(from(Operator.EQUAL, literal, range.until()).not());
  }

  private Range number(Operator operator, String literal) {
    if (literal.length() > MAX_DIGITS || !NUMBER.matcher(literal).matches()) {
      throw refused(operator, literal, "that is no number as 12 or -0.5");
    }
    BigDecimal value = new BigDecimal(literal);
    return new Range(new Cut(value, false), new Cut(value, true));
  }

  /** A date is its whole day; an instant is one millisecond. */
  private Range time(Operator operator, String literal) {
    TimeText.Span span;
    try {
      span = TimeText.parse(literal, zone);
    } catch (VeilsumException e) {
      throw refused(operator, literal, e.getMessage());
    }
    BigDecimal from = BigDecimal.valueOf(span.from());
    BigDecimal until = BigDecimal.valueOf(span.isDate() ? span.until() : span.from() + 1);
    return new Range(new Cut(from, false), new Cut(until, false));
  }

  /** The buckets that fulfil a cut. */
  private Subset from(Operator operator, String literal, Cut cut) {
    int count = buckets.count();
    int side = cut.value().compareTo(end);
    if (side > 0 || side == 0 && (cut.beyond() || !singles)) {
      return Subset.empty(count);
    }
    int bucket = buckets.of(cut.value());
    if (bucket < 0) {
      return Subset.range(count, 0, count);
    }
    boolean atStart = buckets.isBoundary(cut.value());
    if (atStart && !cut.beyond()) {
      return Subset.range(count, bucket, count);
    }
    if (singles) {
      return Subset.range(count, bucket + 1, count);
    }
    throw refused(operator, literal, "it cuts a bucket in two; " + neighbours(bucket));
  }

  private String neighbours(int bucket) {
    String below = shown(buckets.boundary(bucket));
    return bucket + 1 < buckets.count()
        ? "buckets start at %s and %s: ask with < or >= and one of them"
            .formatted(below, shown(buckets.boundary(bucket + 1)))
        : "the last bucket starts at %s: ask with < or >= and it".formatted(below);
  }

  private String shown(BigDecimal boundary) {
    return times ? TimeText.format(boundary.longValueExact()) : boundary.toPlainString();
  }
}
