package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.table.where.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The rows of one or more tables, all or those that one condition selects. */
final class SelectedRows extends TableRows {
  private final Sources sources;
  private final Optional<Condition> condition; // none of all rows, and of an encrypted one
  private final Optional<Selection> selection;

  private SelectedRows(
      Sources sources, Optional<Condition> condition, Optional<Selection> selection) {
    this.sources = sources;
    this.condition = condition;
    this.selection = selection;
  }

  static SelectedRows all(Sources sources) {
    return new SelectedRows(sources, Optional.empty(), Optional.empty());
  }

  @Override
  SelectedRows selected() {
    return this;
  }

  Sources sources() {
    return sources;
  }

  SelectedRows and(Condition other) {
    if (condition.isEmpty()) {
      requireNone();
    }
    Condition both =
        condition.<Condition>map(one -> new Condition.And(List.of(one, other))).orElse(other);
    return new SelectedRows(sources, Optional.of(both), Optional.of(sources.select(both)));
  }

  SelectedRows and(QueryFile query) {
    requireNone();
    return new SelectedRows(sources, Optional.empty(), Optional.of(sources.select(query)));
  }

  private void requireNone() {
    if (selection.isPresent()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "an encrypted condition stands alone; put the others into it when it is made");
    }
  }

  /** A question about these rows, and some of their columns. */
  <T> TypedQuestion<T> question(
      Question question, OptionalDouble number, AnswerType<T> type, String... columns) {
    return new TypedQuestion<>(
        sources.tables(), new Asked(question, List.of(columns), selection, number, Map.of()), type);
  }
}
