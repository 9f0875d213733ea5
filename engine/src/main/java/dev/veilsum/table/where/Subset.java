package dev.veilsum.table.where;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Some of the labels or buckets 0 .. size - 1 of a column. Immutable. */
public final class Subset implements RowSet {
  private final int size;
  private final BitSet members;

  private Subset(int size, BitSet members) {
    this.size = size;
    this.members = members;
  }

  /** None of {@code size}. */
  static Subset empty(int size) {
    return new Subset(size, new BitSet());
  }

  /** Those from {@code from} up to, not including, {@code until}; none where that is not above. */
  static Subset range(int size, int from, int until) {
    BitSet members = new BitSet();
    if (from < until) {
      members.set(from, until);
    }
    return new Subset(size, members);
  }

  /** How many labels or buckets the column has. */
  public int size() {
    return size;
  }

  /** How many of them are members. */
  public int count() {
    return members.cardinality();
  }

  /** Whether label or bucket {@code i} is a member. */
  public boolean contains(int i) {
    return members.get(i);
  }

  /** The members in ascending order. */
  List<Integer> list() {
    return members.stream().boxed().toList();
  }

  /** Members from {@code from} up to, not including, {@code until}. */
  record Run(int from, int until) {}

  /** The members as maximal runs, ascending. */
  List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (int from = members.nextSetBit(0); from >= 0; ) {
      int until = members.nextClearBit(from);
      runs.add(new Run(from, until));
      from = members.nextSetBit(until);
    }
    return runs;
  }

  @Override
  public Subset and(RowSet other) {
    BitSet both = (BitSet) members.clone();
    both.and(((Subset) other).members);
    return new Subset(size, both);
  }

  @Override
  public Subset or(RowSet other) {
    BitSet either = (BitSet) members.clone();
    either.or(((Subset) other).members);
    return new Subset(size, either);
  }

  @Override
  public Subset not() {
    BitSet others = (BitSet) members.clone();
    others.flip(0, size);
    return new Subset(size, others);
  }

  @Override
  public boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  public boolean isFull() {
    return count() == size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Subset that && size == that.size && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** For example {@code {0, 3} of 5}. */
  @Override
  public String toString() {
    return members + " of " + size;
  }
}
