package dev.veilsum.file.rows;

import com.fasterxml.jackson.core.io.NumberInput;
import dev.veilsum.ErrorCode;
import dev.veilsum.file.ColumnKind;
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
    return new CategoryCell((ColumnKind.Category) kind, column);
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
