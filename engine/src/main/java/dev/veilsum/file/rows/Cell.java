package dev.veilsum.file.rows;

import com.fasterxml.jackson.core.io.NumberInput;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.TimeText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the cells of one declared column from text. */
abstract sealed class Cell {
  /** A cell that does not fit; the source adds file, line and column. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;
    final ErrorCode code;

    Unfit(ErrorCode code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }

  private static final int SHOWN_CHARS = 40;

  /** Stores the value of {@code text[start .. start + length - 1]} at a row of the column. */
  abstract void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit;

  /** The cell reader of a column. */
  static Cell of(ColumnKind kind, int column) {
    if (kind instanceof ColumnKind.Real real) {
      return new RealCell(real, column);
    }
    if (kind instanceof ColumnKind.Integer integer) {
      return new IntegerCell(integer, column);
    }
    if (kind instanceof ColumnKind.Category category) {
      return new CategoryCell(category, column);
    }
    if (kind instanceof ColumnKind.Token) {
      return new TokenCell(column);
    }
    return kind instanceof ColumnKind.Time time
        ? new TimeCell(time, column)
        : new DecimalCell((ColumnKind.FixedPoint) kind, column);
  }

  private static final class RealCell extends Cell {
    private final ColumnKind.Real kind;
    private final int column;

    RealCell(ColumnKind.Real kind, int column) {
      this.kind = kind;
      this.column = column;
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit {
      int first = skipSpaces(text, start, start + length);
      int end = dropSpaces(text, first, start + length);
      if (!isDecimal(text, first, end)) {
        throw notANumber(text, start, length);
      }
      double value;
      try {
        value = NumberInput.parseDouble(text, first, end - first, true);
      } catch (NumberFormatException e) {
        throw notANumber(text, start, length);
      }
      if (!(value >= kind.min() && value <= kind.max())) {
        String advice =
            kind.equals(ColumnKind.Real.DEFAULT)
                ? "; a plain real is within " + range() + ", declare it as real(min..max)"
                : "; the declared range is " + range();
        throw new Unfit(
            ErrorCode.OUT_OF_RANGE, shown(text, start, length) + " is out of range" + advice);
      }
      batch.reals(column)[row] = value;
    }

    private String range() {
      return kind.min() + ".." + kind.max();
    }

    /** Java's parser also takes hexadecimal numbers, NaN and suffixes: those have letters. */
    private static boolean isDecimal(char[] text, int first, int end) {
      for (int i = first; i < end; i++) {
        char c = text[i];
        if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
          return false;
        }
      }
      return end > first;
    }
  }

  private static final class IntegerCell extends Cell {
    private final ColumnKind.Integer kind;
    private final int column;

    IntegerCell(ColumnKind.Integer kind, int column) {
      this.kind = kind;
      this.column = column;
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit {
      int first = skipSpaces(text, start, start + length);
      int end = dropSpaces(text, first, start + length);
      boolean negative = first < end && text[first] == '-';
      int digit = first < end && (negative || text[first] == '+') ? first + 1 : first;
      if (digit == end) {
        throw notANumber(text, start, length);
      }
      long minus = 0; // the negated value, since it reaches further than the positive one
      boolean overflow = false;
      for (; digit < end; digit++) {
        int d = text[digit] - '0';
        if (d < 0 || d > 9) {
          throw notWhole(text, start, length);
        }
        overflow |= minus < (Long.MIN_VALUE + d) / 10;
        minus = 10 * minus - d;
      }
      overflow |= !negative && minus == Long.MIN_VALUE;
      long value = negative ? minus : -minus;
      if (overflow || value < kind.min() || value > kind.max()) {
        throw new Unfit(
            ErrorCode.OUT_OF_RANGE,
            shown(text, start, length)
                + " is out of the declared range "
                + kind.min()
                + ".."
                + kind.max());
      }
      batch.integers(column)[row] = value;
    }

    private static Unfit notWhole(char[] text, int start, int length) {
      Unfit number = notANumber(text, start, length);
      return new Unfit(number.code, number.getMessage().replace("a number", "a whole number"));
    }
  }

  private static final class CategoryCell extends Cell {
    private static final int SHOWN_LABELS = 10;

    private final Map<String, Integer> indices = new HashMap<>();
    private final List<String> labels;
    private final int column;

    CategoryCell(ColumnKind.Category kind, int column) {
      this.labels = kind.labels();
      this.column = column;
      for (String label : labels) {
        indices.put(label, indices.size());
      }
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit {
      Integer index = indices.get(new String(text, start, length));
      if (index == null) {
        String some = String.join(", ", labels.subList(0, Math.min(SHOWN_LABELS, labels.size())));
        throw new Unfit(
            ErrorCode.BAD_INPUT,
            shown(text, start, length)
                + " is none of the declared labels: "
                + some
                + (labels.size() > SHOWN_LABELS ? ", ..." : ""));
      }
      batch.labels(column)[row] = index;
    }
  }

  /** Exact decimal numbers, in fixed point; on the grid of an ordered column. */
  private static final class DecimalCell extends Cell {
    private final ColumnKind.FixedPoint kind;
    private final int column;
    private final int places;
    private final boolean floor; // whether what is finer than the places is dropped
    private final long step; // a value is the least one plus a multiple of this; 1 for any
    private final Ascending order;

    DecimalCell(ColumnKind.FixedPoint kind, int column) {
      this.kind = kind;
      this.column = column;
      this.places = kind.places();
      ColumnKind.Ordered ordered = kind instanceof ColumnKind.Ordered o ? o : null;
      this.floor = ordered != null && ordered.floor();
      this.step = ordered != null && !ordered.floor() ? ordered.step() : 1;
      this.order = kind instanceof ColumnKind.Digits sorted ? new Ascending(sorted) : null;
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit {
      int first = skipSpaces(text, start, start + length);
      int end = dropSpaces(text, first, start + length);
      boolean negative = first < end && text[first] == '-';
      int at = first < end && (negative || text[first] == '+') ? first + 1 : first;
      long minus = 0; // the negated value, since it reaches further than the positive one
      int digits = 0;
      int fraction = -1; // digits after the point so far; -1 before it
      boolean overflow = false;
      boolean finer = false; // whether a digit other than 0 is beyond the places
      for (; at < end; at++) {
        int d = text[at] - '0';
        if (d == '.' - '0' && fraction < 0) {
          fraction = 0;
          continue;
        }
        if ((d == 'e' - '0' || d == 'E' - '0') && digits > 0) {
          readExponent(text, first, end, start, length, batch, row);
          return;
        }
        if (d < 0 || d > 9) {
          throw notANumber(text, start, length);
        }
        digits++;
        if (fraction == places) {
          finer |= d != 0;
          continue;
        }
        fraction += fraction < 0 ? 0 : 1;
        overflow |= minus < (Long.MIN_VALUE + d) / 10;
        minus = 10 * minus - d;
      }
      if (digits == 0) {
        throw notANumber(text, start, length);
      }
      for (int i = Math.max(fraction, 0); i < places; i++) {
        overflow |= minus < Long.MIN_VALUE / 10;
        minus *= 10;
      }
      overflow |= minus == Long.MIN_VALUE;
      if (overflow) {
        throw outOfRange(kind, text, start, length);
      }
      long floored = negative ? minus - (finer ? 1 : 0) : -minus;
      store(floored, finer, text, start, length, batch, row);
    }

    /**
     * @param value rounded down to the places
     * @param finer whether that changed it
     */
    private void store(
        long value, boolean finer, char[] text, int start, int length, RowBatch batch, int row)
        throws Unfit {
      if (finer && !floor) {
        throw tooFine(text, start, length);
      }
      if (value < kind.least() || value > kind.greatest() - (finer ? 1 : 0)) {
        throw outOfRange(kind, text, start, length);
      }
      if (step != 1 && (value - kind.least()) % step != 0) {
        long below = value - (value - kind.least()) % step;
        throw new Unfit(
            ErrorCode.OUT_OF_RANGE,
            "%s is not on the declared grid; the values beside it are %s and %s (declare floor to take it into the lower one's bucket)"
                .formatted(
                    shown(text, start, length),
                    kind.number(below).toPlainString(),
                    kind.number(below + step).toPlainString()));
      }
      if (order != null) {
        order.require(value);
      }
      batch.integers(column)[row] = value;
    }

    /** Numbers as 1.5e3 are rare; they may take longer. */
    private void readExponent(
        char[] text, int first, int end, int start, int length, RowBatch batch, int row)
        throws Unfit {
      BigDecimal number;
      try {
        number = new BigDecimal(text, first, end - first);
      } catch (NumberFormatException e) {
        throw notANumber(text, start, length);
      }
      // A huge exponent must not become a huge number.
      long magnitude = (long) number.precision() - number.scale();
      if (number.signum() != 0 && magnitude > 40) {
        throw outOfRange(kind, text, start, length);
      }
      BigDecimal floored =
          number.signum() == 0 || magnitude < -40
              ? BigDecimal.valueOf(number.signum() < 0 ? -1 : 0, places)
              : number.setScale(places, RoundingMode.FLOOR);
      BigInteger fixed = floored.unscaledValue();
      if (fixed.bitLength() > 63) {
        throw outOfRange(kind, text, start, length);
      }
      boolean finer = floored.compareTo(number) != 0;
      store(fixed.longValue(), finer, text, start, length, batch, row);
    }

    private Unfit tooFine(char[] text, int start, int length) {
      return new Unfit(
          ErrorCode.OUT_OF_RANGE,
          "%s has more decimal places than the %d of %s; declare its bounds with as many%s"
              .formatted(
                  shown(text, start, length),
                  places,
                  kind.text(),
                  kind instanceof ColumnKind.Ordered ? ", or floor to keep its bucket only" : ""));
    }
  }

  /** Times in epoch milliseconds, in rows that ascend. */
  private static final class TimeCell extends Cell {
    private final ColumnKind.Time kind;
    private final int column;
    private final Ascending order;

    TimeCell(ColumnKind.Time kind, int column) {
      this.kind = kind;
      this.column = column;
      this.order = new Ascending(kind);
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) throws Unfit {
      int first = skipSpaces(text, start, start + length);
      int end = dropSpaces(text, first, start + length);
      if (first == end) {
        throw notANumber(text, start, length);
      }
      long value;
      try {
        value = TimeText.instant(text, first, end - first, kind.zone());
      } catch (VeilsumException e) {
        throw new Unfit(e.code(), e.getMessage());
      }
      if (value < kind.from() || value > kind.to()) {
        throw new Unfit(
            ErrorCode.OUT_OF_RANGE,
            "%s is out of the declared range %s..%s"
                .formatted(
                    shown(text, start, length),
                    TimeText.format(kind.from()),
                    TimeText.format(kind.to())));
      }
      order.require(value);
      batch.integers(column)[row] = value;
    }
  }

  /** Refuses the first value that is below the one before it. */
  private static final class Ascending {
    private final ColumnKind.Digits kind;
    private long before = Long.MIN_VALUE;

    Ascending(ColumnKind.Digits kind) {
      this.kind = kind;
    }

    void require(long value) throws Unfit {
      if (value < before) {
        throw new Unfit(
            ErrorCode.BAD_INPUT,
            "%s comes after %s, and rows of a sorted column ascend; sort the input by it"
                .formatted(text(value), text(before)));
      }
      before = value;
    }

    private String text(long value) {
      return kind instanceof ColumnKind.Time
          ? TimeText.format(value)
          : kind.number(value).toPlainString();
    }
  }

  /** Texts as they stand. */
  private static final class TokenCell extends Cell {
    private final int column;

    TokenCell(int column) {
      this.column = column;
    }

    @Override
    void read(char[] text, int start, int length, RowBatch batch, int row) {
      batch.texts(column)[row] = new String(text, start, length).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static Unfit outOfRange(ColumnKind.FixedPoint kind, char[] text, int start, int length) {
    return new Unfit(
        ErrorCode.OUT_OF_RANGE,
        "%s is out of the declared range %s..%s"
            .formatted(
                shown(text, start, length),
                kind.number(kind.least()).toPlainString(),
                kind.number(kind.greatest()).toPlainString()));
  }

  /** Says why a text is no number, as helpfully as can be. */
  private static Unfit notANumber(char[] text, int start, int length) {
    String cell = new String(text, start, Math.min(length, 16)).strip();
    if (cell.isEmpty()) {
      return new Unfit(ErrorCode.BAD_INPUT, "the cell is empty; fill it or remove the row");
    }
    String shown = shown(text, start, length);
    return cell.matches("(?i)[+-]?(nan|inf|infinity)")
        ? new Unfit(ErrorCode.BAD_INPUT, shown + " is not a number: only finite ones are encrypted")
        : new Unfit(ErrorCode.BAD_INPUT, shown + " is not a number");
  }

  private static String shown(char[] text, int start, int length) {
    return length <= SHOWN_CHARS
        ? '"' + new String(text, start, length) + '"'
        : '"' + new String(text, start, SHOWN_CHARS) + "...\"";
  }

  private static int skipSpaces(char[] text, int start, int end) {
    int i = start;
    while (i < end && (text[i] == ' ' || text[i] == '\t')) {
      i++;
    }
    return i;
  }

  private static int dropSpaces(char[] text, int start, int end) {
    int i = end;
    while (i > start && (text[i - 1] == ' ' || text[i - 1] == '\t')) {
      i--;
    }
    return i;
  }
}
