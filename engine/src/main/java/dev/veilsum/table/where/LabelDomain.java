package dev.veilsum.table.where;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.Condition.Operator;
import java.util.List;

/** Labels of a category: equal or not. */
final class LabelDomain extends Domain {
  private final List<String> labels;

  LabelDomain(String column, ColumnKind.Category kind) {
    super(column, kind);
    this.labels = kind.labels();
  }

  @Override
  RowSet compare(Operator operator, String literal) {
    if (operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
      throw refused(
          operator,
          literal,
          "labels have no order; ask with =, != or in, or declare the column as ordered(step,"
              + " min..max)");
    }
    int label = labels.indexOf(literal);
    if (label < 0) {
      throw refused(operator, literal, "that is none of its labels: " + Shown.list(labels));
    }
    Subset set = Subset.range(labels.size(), label, label + 1);
    return operator == Operator.EQUAL ? set : set.not();
  }
}
