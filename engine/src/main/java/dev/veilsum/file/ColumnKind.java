package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the encryptor declares a column to hold, as a value and as text: {@code real}, {@code
 * real(min..max)}, {@code integer(min..max)}, {@code category(a,b,"c, d")}. The declaration is
 * public; it fixes the encoding, whatever the values are.
 */
public sealed interface ColumnKind {
  /** The canonical text, which {@link #parse} reads back to an equal kind. */
  String text();

  /**
   * Reads a kind.
   *
   * @throws VeilsumException USAGE, with the position, where the text is no kind
   */
  static ColumnKind parse(String text) {
    return new ColumnKindParser(text).parse();
  }

  /**
   * Real numbers within a declared range, computed approximately (CKKS).
   *
   * @param min the least value, finite
   * @param max the greatest value, finite and above {@code min}
   */
  record Real(double min, double max) implements ColumnKind {
    /** The bound of a plain {@code real}: |x| at most 2^20. */
    public static final double DEFAULT_BOUND = 0x1p20;

    /** What a plain {@code real} declares. */
    public static final Real DEFAULT = new Real(-DEFAULT_BOUND, DEFAULT_BOUND);

    public Real {
      if (!(min < max) || Double.isInfinite(min) || Double.isInfinite(max)) {
        throw new VeilsumException(
            ErrorCode.USAGE, "real(" + min + ".." + max + "): the range must be finite and rise");
      }
      min += 0.0; // no negative zero: equal kinds have equal texts
      max += 0.0;
    }

    /** The greatest absolute value of the range. */
    public double bound() {
      return Math.max(Math.abs(min), Math.abs(max));
    }

    @Override
    public String text() {
      return equals(DEFAULT) ? "real" : "real(" + min + ".." + max + ")";
    }
  }

  /**
   * Whole numbers within a declared range, computed exactly (BFV).
   *
   * @param min the least value
   * @param max the greatest value, not below {@code min}
   */
  record Integer(long min, long max) implements ColumnKind {
    public Integer {
      if (min > max) {
        throw new VeilsumException(
            ErrorCode.USAGE, "integer(" + min + ".." + max + "): the range must not fall");
      }
    }

    @Override
    public String text() {
      return "integer(" + min + ".." + max + ")";
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
}
