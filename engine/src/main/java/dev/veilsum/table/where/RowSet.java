package dev.veilsum.table.where;

/** A set of values of one column: all conditions on that column come down to one. */
sealed interface RowSet permits Subset, TokenSet {
  /** The intersection with a set of the same column. */
  RowSet and(RowSet other);

  /** The union with a set of the same column. */
  RowSet or(RowSet other);

  /** The complement. */
  RowSet not();

  /** Whether no row can be in it. */
  boolean isEmpty();

  /** Whether every row is in it. */
  boolean isFull();

  /** Whether every member is one of the other. */
  default boolean isWithin(RowSet other) {
    return and(other).equals(this);
  }
}
