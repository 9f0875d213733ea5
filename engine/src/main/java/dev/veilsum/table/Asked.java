package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One question about one column (or two), and the rows that it is about.
 *
 * @param question what is asked
 * @param columns the columns in order; none for a count of rows
 * @param where which rows; all where there is none
 * @param number k of the top k, or the percentile's rank from 0 to 100
 * @param notes public texts that travel with the answer, such as the name of a check
 */
public record Asked(
    Question question,
    List<String> columns,
    Optional<Selection> where,
    OptionalDouble number,
    Map<String, String> notes) {
  public Asked {
    columns = List.copyOf(columns);
    notes = Map.copyOf(notes);
    question.requireNumber(number);
    int least = question == Question.COUNT ? 0 : question.columns();
    if (columns.size() < least || columns.size() > question.columns()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s is about %d column%s, not %d"
              .formatted(
                  question.text(),
                  question.columns(),
                  question.columns() == 1 ? "" : "s",
                  columns.size()));
    }
  }

  /** About all rows; of a question that takes no number. */
  public static Asked of(Question question, String... columns) {
    return new Asked(
        question, List.of(columns), Optional.empty(), OptionalDouble.empty(), Map.of());
  }

  /** The k largest values of a column, among all rows. */
  public static Asked top(int k, String column) {
    return numbered(Question.TOP, k, column);
  }

  /** A percentile of a column, of all rows. */
  public static Asked percentile(double rank, String column) {
    return numbered(Question.PERCENTILE, rank, column);
  }

  private static Asked numbered(Question question, double number, String column) {
    return new Asked(
        question, List.of(column), Optional.empty(), OptionalDouble.of(number), Map.of());
  }

  /** The same about the selected rows. */
  public Asked where(Selection selection) {
    return new Asked(question, columns, Optional.of(selection), number, notes);
  }

  /** The same with texts that travel with the answer. */
  public Asked noting(Map<String, String> newNotes) {
    return new Asked(question, columns, where, number, newNotes);
  }

  /** The column's name in results: both of a product, {@code *} for the rows themselves. */
  String label() {
    return columns.isEmpty() ? "*" : String.join("*", columns);
  }
}
