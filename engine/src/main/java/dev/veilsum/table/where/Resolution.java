package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.util.List;
import java.util.Map;

/** From the words of a condition to sets of the values that columns have. */
final class Resolution {
  private final Map<String, ColumnKind> kinds;

  /** Against the columns of a table. */
  Resolution(Map<String, ColumnKind> kinds) {
    this.kinds = kinds;
  }

  /**
   * The same rows as a formula.
   *
   * @throws VeilsumException BAD_INPUT for a column that is not there; USAGE for what its kind
   *     cannot tell exactly
   */
  Formula of(Condition condition) {
    if (condition instanceof Condition.Part part) {
      return Formula.in(part.column(), set(part));
    }
    List<Formula> operands = condition.operands().stream().map(this::of).toList();
    if (condition instanceof Condition.And) {
      return Formula.and(operands);
    }
    return condition instanceof Condition.Or ? Formula.or(operands) : operands.get(0).not();
  }

  /** The values that fulfil a part; also where they are all or none. */
  RowSet set(Condition.Part part) {
    ColumnKind kind = kinds.get(part.column());
    if (kind == null) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "the condition speaks of column %s; there are %s"
              .formatted(part.column(), Shown.list(List.copyOf(kinds.keySet()))));
    }
    return Domain.of(part.column(), kind).resolve(part);
  }
}
