package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.Condition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Rows that can be asked about without a key: all of a table, or those that fulfil a condition. A
 * column is asked as what it was declared to be, and has the questions that its kind can answer:
 *
 * <pre>{@code
 * table.where("type = 'quarry blast'").time("time").max()  // TypedQuestion<Optional<Instant>>
 * table.decimal("magnitude").top(5)                        // ... of a list of values with rows
 * table.ordered("size").histogram()                        // ... of a count for each bucket
 * }</pre>
 */
public abstract sealed class TableRows permits EncryptedTable, SelectedRows {
  TableRows() {}

  /** All rows of several tables under one key, one after the other; they stay open. */
  public static TableRows of(List<EncryptedTable> tables) {
    return SelectedRows.all(new Sources(tables));
  }

  /** These rows as they are asked about. */
  abstract SelectedRows selected();

  /**
   * Those of these rows that fulfil a condition, too.
   *
   * @param condition as {@link Condition#parse} reads it
   * @throws VeilsumException BAD_INPUT for a column that is not there; USAGE for what its kind
   *     cannot tell exactly; PARAMETER_MISMATCH where tables declare it differently
   */
  public final TableRows where(String condition) {
    return where(Condition.parse(condition));
  }

  /** The same, of a condition that was read. */
  public final TableRows where(Condition condition) {
    return selected().and(condition);
  }

  /**
   * The rows that an encrypted condition selects; its file stays open until the question was asked.
   *
   * @throws VeilsumException KEY_MISMATCH, BAD_INPUT or PARAMETER_MISMATCH where it was not made
   *     for these tables; USAGE where there is a condition already
   */
  public final TableRows where(QueryFile query) {
    return selected().and(query);
  }

  /** How many there are. */
  public final TypedQuestion<Long> count() {
    return selected().question(Question.COUNT, OptionalDouble.empty(), AnswerType.COUNT);
  }

  /**
   * A column of real numbers.
   *
   * @throws VeilsumException BAD_INPUT where there is none of the name; USAGE for one of another
   *     kind; so all the others
   */
  public final AskedColumn.Reals real(String name) {
    return new AskedColumn.Reals(column(name, ColumnKind.Real.class), name);
  }

  /** A column of whole numbers. */
  public final AskedColumn.Numbers<BigInteger> integer(String name) {
    return new AskedColumn.Numbers<>(
        column(name, ColumnKind.Integer.class), name, AnswerType.INTEGER);
  }

  /** A column of decimal numbers. */
  public final AskedColumn.Numbers<BigDecimal> decimal(String name) {
    return new AskedColumn.Numbers<>(
        column(name, ColumnKind.Decimal.class), name, AnswerType.DECIMAL);
  }

  /** A column of numbers that ascend. */
  public final AskedColumn.Sorted sorted(String name) {
    return new AskedColumn.Sorted(column(name, ColumnKind.Sorted.class), name);
  }

  /** A column of times, which ascend. */
  public final AskedColumn.Times time(String name) {
    return new AskedColumn.Times(column(name, ColumnKind.Time.class), name);
  }

  /** A column of numbers in buckets. */
  public final AskedColumn.Buckets ordered(String name) {
    return new AskedColumn.Buckets(column(name, ColumnKind.Ordered.class), name);
  }

  /** A column of labels. */
  public final AskedColumn.Labels category(String name) {
    return new AskedColumn.Labels(column(name, ColumnKind.Category.class), name);
  }

  private SelectedRows column(String name, Class<? extends ColumnKind> wanted) {
    SelectedRows rows = selected();
    ColumnKind kind = rows.sources().first().column(name).kind();
    if (!wanted.isInstance(kind)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "the column %s is %s; ask it as %s(\"%s\"), not as %s"
              .formatted(name, kind.text(), word(kind.getClass()), name, word(wanted)));
    }
    return rows;
  }

  /** The name of the method here, and of the kind in declarations. */
  private static String word(Class<? extends ColumnKind> kind) {
    return kind.getSimpleName().toLowerCase(Locale.ROOT);
  }
}
