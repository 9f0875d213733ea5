package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the encryptor declares a column to hold, as a value and as text: {@code real}, {@code
 * real(min..max)}, {@code integer(min..max)}, {@code decimal(min..max)}, {@code category(a,b,"c,
 * d")}, {@code ordered(step, min..max)}, {@code sorted(min..max)}, {@code time(from..to)}, {@code
 * token}; options stand after a semicolon, as in {@code time(2020-01-01..2029-12-31; step=1d)}. The
 * declaration is public; it fixes the encoding, whatever the values are.
 */
public sealed interface ColumnKind {
  /** The canonical text, which {@link #parse} reads back to an equal kind. */
  String text();

  /**
   * How many 0/1 masks are laid down for the column: of a category one a label, of ordered values
   * and of times with a step the thermometer's thresholds; 0 for all others.
   */
  default int masks() {
    return 0;
  }

  /** Whether the column can stand in a condition of masks, even where one bucket needs no mask. */
  default boolean isMasked() {
    return false;
  }

  /**
   * Reads a kind.
   *
   * @throws VeilsumException USAGE, with the position, where the text is no kind
   */
  static ColumnKind parse(String text) {
    return new ColumnKindParser(text).parse();
  }

  /**
   * Kinds whose values are exact numbers of so many decimal places, held in fixed point: as a long
   * that counts 10^-places (of times: milliseconds since 1970).
   */
  sealed interface FixedPoint extends ColumnKind {
    /** Decimal places, 0 to {@link FixedRange#MAX_PLACES}. */
    int places();

    /** The least value, in fixed point. */
    long least();

    /** The greatest value, in fixed point. */
    long greatest();

    /** The number that a fixed-point value stands for. */
    default BigDecimal number(long fixed) {
      return BigDecimal.valueOf(fixed, places());
    }

    /** The distance of a value from the least one, plus 1: from 1 on, so that 0 is no value. */
    default long code(long fixed) {
      return fixed - least() + 1;
    }

    /** The value of a {@link #code}. */
    default long ofCode(long code) {
      return least() + code - 1;
    }
  }

  /** Kinds whose codes are laid down in digits, in rows that ascend. */
  sealed interface Digits extends FixedPoint {
    SortedLayout layout();
  }

  /**
   * Real numbers within a declared range, computed approximately (CKKS).
   *
   * @param min the least value, finite
   * @param max the greatest value, finite and above {@code min}
   * @param where whether sums of it under a condition will be asked: then the table's masks are
   *     laid down under its parameters too
   * @param squares whether the squares are laid down too, for variances under a condition
   */
  record Real(double min, double max, boolean where, boolean squares) implements ColumnKind {
    /** The bound of a plain {@code real}: |x| at most 2^20. */
    public static final double DEFAULT_BOUND = 0x1p20;

    /** What a plain {@code real} declares. */
    public static final Real DEFAULT = new Real(-DEFAULT_BOUND, DEFAULT_BOUND);

    public Real {
      if (!(min < max) || Double.isInfinite(min) || Double.isInfinite(max)) {
        throw new VeilsumException(
            ErrorCode.USAGE, "real(" + min + ".." + max + "): the range must be finite and rise");
      }
      if (squares && Double.isInfinite(min * min + max * max)) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "real(" + min + ".." + max + "; squares): the squares are beyond what a double holds");
      }
      min += 0.0; // no negative zero: equal kinds have equal texts
      max += 0.0;
    }

    /** A range without masks of its own, or squares. */
    public Real(double min, double max) {
      this(min, max, false, false);
    }

    /** The greatest absolute value of the range. */
    public double bound() {
      return Math.max(Math.abs(min), Math.abs(max));
    }

    @Override
    public String text() {
      return equals(DEFAULT)
          ? "real"
          : "real(" + min + ".." + max + (where ? "; where" : "") + (squares ? "; squares)" : ")");
    }
  }

  /**
   * Whole numbers within a declared range, computed exactly (BFV).
   *
   * @param min the least value
   * @param max the greatest value, not below {@code min}
   * @param squares whether the squares are laid down too, for variances under a condition
   */
  record Integer(long min, long max, boolean squares) implements FixedPoint {
    public Integer {
      if (min > max) {
        throw new VeilsumException(
            ErrorCode.USAGE, "integer(" + min + ".." + max + "): the range must not fall");
      }
    }

    /** A range without squares. */
    public Integer(long min, long max) {
      this(min, max, false);
    }

    @Override
    public int places() {
      return 0;
    }

    @Override
    public long least() {
      return min;
    }

    @Override
    public long greatest() {
      return max;
    }

    @Override
    public String text() {
      return "integer(" + min + ".." + max + (squares ? "; squares)" : ")");
    }
  }

  /**
   * Decimal numbers of as many places as the bounds have, computed exactly (BFV, on v 10^places).
   *
   * @param squares whether the squares are laid down too
   */
  record Decimal(FixedRange range, boolean squares) implements FixedPoint {
    @Override
    public int places() {
      return range.places();
    }

    @Override
    public long least() {
      return range.least();
    }

    @Override
    public long greatest() {
      return range.greatest();
    }

    @Override
    public String text() {
      return "decimal(" + range.text() + (squares ? "; squares)" : ")");
    }
  }

  /**
   * One of a declared list of labels; encrypted as one 0-or-1 column for each label (BFV).
   *
   * @param labels the labels in their order: 1 to 4096, distinct, at most 256 characters each
   */
  record Category(List<String> labels) implements ColumnKind {
    /** The most labels of one column. */
    public static final int MAX_LABELS = 4096;

    /** The longest label, in UTF-16 units. */
    public static final int MAX_LABEL_LENGTH = 256;

    public Category {
      labels = List.copyOf(labels);
      if (labels.isEmpty() || labels.size() > MAX_LABELS) {
        throw new VeilsumException(
            ErrorCode.USAGE, "a category has 1 to " + MAX_LABELS + " labels, not " + labels.size());
      }
      Set<String> seen = new HashSet<>();
      for (String label : labels) {
        if (label.length() > MAX_LABEL_LENGTH) {
          throw new VeilsumException(
              ErrorCode.USAGE,
              "a category label has at most "
                  + MAX_LABEL_LENGTH
                  + " characters, not "
                  + label.length());
        }
        if (!seen.add(label)) {
          throw new VeilsumException(
              ErrorCode.USAGE, "the category label \"" + label + "\" stands twice");
        }
      }
    }

    @Override
    public int masks() {
      return labels.size();
    }

    @Override
    public boolean isMasked() {
      return true;
    }

    @Override
    public String text() {
      return labels.stream()
          .map(Category::quoted)
          .collect(Collectors.joining(",", "category(", ")"));
    }

    private static String quoted(String label) {
      boolean plain = !label.isEmpty() && label.strip().equals(label);
      for (char c : new char[] {',', '"', '(', ')', '\n', '\r'}) {
        plain &= label.indexOf(c) < 0;
      }
      return plain ? label : '"' + label.replace("\"", "\"\"") + '"';
    }
  }

  /**
   * Numbers on a grid, in buckets: bucket j starts at min + j step. Encrypted as thermometer masks.
   *
   * @param step the grid's width, in fixed point of the range, at least 1
   * @param floor whether values between the boundaries are taken, into the bucket below them; else
   *     a value off the grid is refused, so that each bucket is one value
   */
  record Ordered(long step, FixedRange range, boolean floor) implements FixedPoint {
    public Ordered {
      long width = Math.subtractExact(range.greatest(), range.least());
      if (step < 1 || width / step >= Buckets.MAX) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "the steps of an ordered column are above 0 and make at most %d buckets"
                .formatted(Buckets.MAX));
      }
      if (!floor && width % step != 0) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "the maximum %s is not on the grid: it ends at %s (or declare floor)"
                .formatted(
                    range.max().toPlainString(),
                    BigDecimal.valueOf(range.greatest() - width % step, range.places())
                        .toPlainString()));
      }
    }

    /** The grid. */
    public Buckets buckets() {
      long[] starts = new long[(int) ((range.greatest() - range.least()) / step) + 1];
      for (int j = 0; j < starts.length; j++) {
        starts[j] = range.least() + j * step;
      }
      return new Buckets(starts, places());
    }

    @Override
    public int masks() {
      return (int) ((range.greatest() - range.least()) / step);
    }

    @Override
    public boolean isMasked() {
      return true;
    }

    @Override
    public int places() {
      return range.places();
    }

    @Override
    public long least() {
      return range.least();
    }

    @Override
    public long greatest() {
      return range.greatest();
    }

    @Override
    public String text() {
      return "ordered("
          + number(step).toPlainString()
          + ", "
          + range.text()
          + (floor ? "; floor)" : ")");
    }
  }

  /**
   * Numbers whose rows ascend, laid down in digits for maxima under conditions.
   *
   * @param range of as many places as the bounds have
   */
  record Sorted(FixedRange range, SortedLayout layout) implements Digits {
    public Sorted {
      requireCodes("sorted(" + range.text() + ")", range.least(), range.greatest(), layout);
    }

    @Override
    public int places() {
      return range.places();
    }

    @Override
    public long least() {
      return range.least();
    }

    @Override
    public long greatest() {
      return range.greatest();
    }

    @Override
    public String text() {
      return "sorted(" + range.text() + layoutText(layout) + ")";
    }
  }

  /**
   * Times whose rows ascend, in milliseconds since 1970, laid down as {@link Sorted}; with a step,
   * as buckets too.
   *
   * @param from the earliest time, epoch milliseconds
   * @param to the latest time, epoch milliseconds; as text, a date means the end of that day
   * @param step the width of the buckets, where there are any
   * @param zone where dates and local times are; without one dates are in UTC and local times are
   *     refused
   */
  record Time(
      long from, long to, Optional<TimeStep> step, Optional<ZoneId> zone, SortedLayout layout)
      implements Digits {
    public Time {
      if (from < TimeText.MIN || to > TimeText.MAX || from > to) {
        throw new VeilsumException(
            ErrorCode.USAGE, "a range of times must not fall, within the years 1 to 9999");
      }
      requireCodes("this range of times", from, to, layout);
      ZoneId in = zone.orElse(ZoneOffset.UTC);
      long first = from;
      long last = to;
      step.ifPresent(width -> width.starts(first, last, in)); // counts them
    }

    /** The zone of its calendar. */
    public ZoneId calendar() {
      return zone.orElse(ZoneOffset.UTC);
    }

    /** The buckets of the step; none without one. */
    public Optional<Buckets> buckets() {
      return step.map(width -> new Buckets(width.starts(from, to, calendar()), 0));
    }

    @Override
    public int masks() {
      return buckets().map(Buckets::thresholds).orElse(0);
    }

    @Override
    public boolean isMasked() {
      return step.isPresent();
    }

    @Override
    public int places() {
      return 0;
    }

    @Override
    public long least() {
      return from;
    }

    @Override
    public long greatest() {
      return to;
    }

    @Override
    public String text() {
      return "time("
          + TimeText.format(from)
          + ".."
          + TimeText.format(to)
          + step.map(width -> "; step=" + width.text()).orElse("")
          + zone.map(in -> "; zone=" + in.getId()).orElse("")
          + layoutText(layout)
          + ")";
    }
  }

  /**
   * Texts that are looked up for equality: each is laid down as a keyed token (HMAC), in the clear.
   * Equal texts have equal tokens, which whoever has the table can see and count.
   */
  record Token() implements ColumnKind {
    @Override
    public String text() {
      return "token";
    }
  }

  private static String layoutText(SortedLayout layout) {
    return layout == SortedLayout.A ? "" : "; layout=" + layout.text();
  }

  private static void requireCodes(String what, long least, long greatest, SortedLayout layout) {
    BigDecimal codes = BigDecimal.valueOf(greatest).subtract(BigDecimal.valueOf(least));
    if (codes.compareTo(BigDecimal.valueOf(layout.maxCode() - 1)) > 0) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s has %s steps; layout %s holds %d bits%s"
              .formatted(
                  what,
                  codes.setScale(0, RoundingMode.UNNECESSARY).toPlainString(),
                  layout.text(),
                  layout.digits() * layout.digitBits(),
                  layout == SortedLayout.B
                      ? ", layout a 48"
                      : ": fewer places or a narrower range"));
    }
  }
}
