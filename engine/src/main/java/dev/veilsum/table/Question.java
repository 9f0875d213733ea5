package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.util.Arrays;
import java.util.Locale;

/**
 * The questions that a table answers with one number (or one for each label), and the totals that a
 * server computes for them. What the key holder decrypts are exactly these totals.
 */
public enum Question {
  /** The sum of a column of numbers. */
  SUM(Total.SUM),
  /** How many rows; for a category, how many of each label. */
  COUNT,
  /** The arithmetic mean of a column of numbers: their sum, divided by the public row count. */
  MEAN(Total.SUM),
  /** The population variance, sum of squared deviations over n. */
  VARIANCE(Total.SUM, Total.SQUARES),
  /** The sum of the products of two columns of one kind, row by row. */
  DOT(Total.PRODUCTS);

  /** A number that is summed over all rows under encryption. */
  enum Total {
    SUM,
    SQUARES,
    PRODUCTS
  }

  private final Total[] totals;

  Question(Total... totals) {
    this.totals = totals;
  }

  /** The name on the command line and in results. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The question of a name; {@code USAGE} with the names there are where there is none. */
  public static Question named(String text) {
    return Arrays.stream(values())
        .filter(question -> question.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.USAGE,
                    "no question \"%s\"; there are %s"
                        .formatted(text, Arrays.stream(values()).map(Question::text).toList())));
  }

  /** The totals that it takes; none for the count of rows, which is public. */
  Total[] totals() {
    return totals.clone();
  }

  /** How many columns it is about. */
  public int columns() {
    return this == DOT ? 2 : 1;
  }

  /** Refuses a kind that cannot answer, and says which can. */
  void requireKind(String column, ColumnKind kind) {
    boolean number = kind instanceof ColumnKind.Real || kind instanceof ColumnKind.Integer;
    if (!number && (this != COUNT || kind instanceof ColumnKind.Token)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s of column %s (%s): real and integer columns have a %s, a category counts only"
              .formatted(text(), column, kind.text(), text()));
    }
  }
}
