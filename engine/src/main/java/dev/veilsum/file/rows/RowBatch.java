package dev.veilsum.file.rows;

import dev.veilsum.file.ColumnKind;
import java.util.List;

/**
 * Some rows, column by column: doubles for real, longs for integer, label indices for category. A
 * batch is filled again and again; its arrays stay the same.
 */
public final class RowBatch {
  private final Object[] columns; // double[], long[] or int[]
  private final int capacity;
  private int rows;

  /** An empty batch of at most {@code capacity} rows of the declared columns. */
  public RowBatch(List<ColumnDeclaration> declarations, int capacity) {
    this.capacity = capacity;
    this.columns = declarations.stream().map(d -> column(d.kind(), capacity)).toArray();
  }

  private static Object column(ColumnKind kind, int capacity) {
    if (kind instanceof ColumnKind.Real) {
      return new double[capacity];
    }
    return kind instanceof ColumnKind.Integer ? new long[capacity] : new int[capacity];
  }

  /** The rows that it holds. */
  public int rows() {
    return rows;
  }

  /** The rows that it can hold. */
  public int capacity() {
    return capacity;
  }

  /** The values of a real column; the first {@link #rows} count. */
  public double[] reals(int column) {
    return (double[]) columns[column];
  }

  /** The values of an integer column; the first {@link #rows} count. */
  public long[] integers(int column) {
    return (long[]) columns[column];
  }

  /** The label indices of a category column, from 0; the first {@link #rows} count. */
  public int[] labels(int column) {
    return (int[]) columns[column];
  }

  void setRows(int rows) {
    this.rows = rows;
  }
}
