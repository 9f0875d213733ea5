package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.Condition.Operator;
import dev.veilsum.table.where.Condition.Part;

/** What conditions on one column can say exactly, and which of its values they mean. */
abstract sealed class Domain permits LabelDomain, BucketDomain, TokenDomain {
  private static final String KINDS_THAT_CAN =
      "conditions take category(...), ordered(step, min..max), time(...; step=...) and token"
          + " columns; a column of the input may be declared a second time, as one of these, under"
          + " another name";

  private final String column;
  private final ColumnKind kind;

  Domain(String column, ColumnKind kind) {
    this.column = column;
    this.kind = kind;
  }

  /**
   * The domain of a column.
   *
   * @throws VeilsumException USAGE for a kind that takes no conditions, with those that do
   */
  static Domain of(String column, ColumnKind kind) {
    if (kind instanceof ColumnKind.Category category) {
      return new LabelDomain(column, category);
    }
    if (kind instanceof ColumnKind.Ordered ordered) {
      return new BucketDomain(column, ordered);
    }
    if (kind instanceof ColumnKind.Time time && time.step().isPresent()) {
      return new BucketDomain(column, time);
    }
    if (kind instanceof ColumnKind.Token) {
      return new TokenDomain(column, kind);
    }
    throw new VeilsumException(
        ErrorCode.USAGE,
        "column %s is %s, on which no condition can be computed; %s"
            .formatted(column, Shown.text(kind.text()), KINDS_THAT_CAN));
  }

  /** The set of values that fulfil {@code operator literal}, exactly. */
  abstract RowSet compare(Operator operator, String literal);

  /** The set of values that fulfil a part. */
  final RowSet resolve(Part part) {
    if (part instanceof Condition.Comparison comparison) {
      return compare(comparison.operator(), comparison.literal());
    }
    if (part instanceof Condition.Between between) {
      RowSet set =
          compare(Operator.GREATER_OR_EQUAL, between.low())
              .and(compare(Operator.LESS_OR_EQUAL, between.high()));
      return between.negated() ? set.not() : set;
    }
    Condition.Membership membership = (Condition.Membership) part;
    RowSet set =
        membership.literals().stream()
            .map(literal -> compare(Operator.EQUAL, literal))
            .reduce(RowSet::or)
            .orElseThrow();
    return membership.negated() ? set.not() : set;
  }

  /** A refusal that names the column, its kind, and what was asked. */
  final VeilsumException refused(Operator operator, String literal, String why) {
    return new VeilsumException(
        ErrorCode.USAGE,
        "%s %s %s: column %s is %s: %s"
            .formatted(
                Words.name(column),
                operator.text(),
                Words.literal(Shown.text(literal)),
                column,
                Shown.text(kind.text()),
                why));
  }
}
