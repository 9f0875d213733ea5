package dev.veilsum.file.rows;

import dev.veilsum.file.ColumnKind;
import java.util.List;

/**
 * Some rows, column by column: doubles for real, longs for all that is fixed point, label indices
 * for category, texts for tokens. A batch is filled again and again; its arrays stay the same.
 */
public final class RowBatch {
  private final Object[] columns; // double[], long[], int[] or byte[][]
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
    if (kind instanceof ColumnKind.Token) {
      return new byte[capacity][];
    }
    return kind instanceof ColumnKind.FixedPoint ? new long[capacity] : new int[capacity];
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

  /**
   * The values of an integer column, or of any other in fixed point (of times: epoch milliseconds);
   * the first {@link #rows} count.
   */
  public long[] integers(int column) {
    return (long[]) columns[column];
  }

  /** The label indices of a category column, from 0; the first {@link #rows} count. */
  public int[] labels(int column) {
    return (int[]) columns[column];
  }

  /** The texts of a token column in UTF-8; the first {@link #rows} count. */
  public byte[][] texts(int column) {
    return (byte[][]) columns[column];
  }

  void setRows(int rows) {
    this.rows = rows;
  }
}
