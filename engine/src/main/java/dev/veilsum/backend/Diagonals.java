package dev.veilsum.backend;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A public d x d matrix M as a linear transform takes it: by its generalized diagonals that are not
 * zero. Diagonal k holds M[i][(i + k) mod d] at i, so that M v is the sum over k of diagonal k
 * times v rotated by k to the left. d is a power of two. Immutable.
 */
public final class Diagonals {
  private final int dimension;
  private final SortedMap<Integer, Complex> values = new TreeMap<>();

  private record Complex(double[] real, double[] imaginary) {}

  private Diagonals(int dimension) {
    if (Integer.bitCount(dimension) != 1 || dimension < 0) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a linear transform of dimension %d; take a power of two".formatted(dimension));
    }
    this.dimension = dimension;
  }

  /**
   * A real matrix, row after row, of any shape: filled up with zeros to the smallest power of two
   * that holds both sides. Its vector is read from the first slots, its result is in the first.
   *
   * @throws VeilsumException {@code USAGE} where rows have different lengths, there are none, or
   *     all entries are zero
   */
  public static Diagonals ofMatrix(double[][] matrix) {
    return ofMatrix(matrix, new double[matrix.length][matrix.length == 0 ? 0 : matrix[0].length]);
  }

  /** A complex matrix, real and imaginary parts of the same shape; the rest as above. */
  public static Diagonals ofMatrix(double[][] real, double[][] imaginary) {
    int columns = real.length == 0 ? 0 : real[0].length;
    if (columns == 0) {
      throw new VeilsumException(ErrorCode.USAGE, "a matrix without entries");
    }
    requireRectangle(real, real.length, columns);
    requireRectangle(imaginary, real.length, columns);
    Diagonals result = new Diagonals(powerOfTwoFrom(Math.max(real.length, columns)));
    for (int k = 0; k < result.dimension; k++) {
      double[] re = new double[result.dimension];
      double[] im = new double[result.dimension];
      for (int i = 0; i < real.length; i++) {
        int j = (i + k) & (result.dimension - 1);
        if (j < columns) {
          re[i] = real[i][j];
          im[i] = imaginary[i][j];
        }
      }
      result.put(k, re, im);
    }
    return result.notEmpty();
  }

  /**
   * Diagonals by their index, 0 to d - 1, each of d values; those not given are zero.
   *
   * @throws VeilsumException {@code USAGE} for a dimension that is no power of two, an index or a
   *     length that does not fit it, or where all values are zero
   */
  public static Diagonals of(int dimension, Map<Integer, double[]> real) {
    return of(dimension, real, Map.of());
  }

  /** The same with imaginary parts; a part that is not given is zero. */
  public static Diagonals of(
      int dimension, Map<Integer, double[]> real, Map<Integer, double[]> imaginary) {
    Diagonals result = new Diagonals(dimension);
    SortedMap<Integer, double[]> all = new TreeMap<>(imaginary);
    all.putAll(real);
    for (int k : all.keySet()) {
      double[] zero = new double[dimension];
      double[] re = real.getOrDefault(k, zero);
      double[] im = imaginary.getOrDefault(k, zero);
      if (k < 0 || k >= dimension || re.length != dimension || im.length != dimension) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "diagonal %d of %d values in a linear transform of dimension %d"
                .formatted(k, Math.min(re.length, im.length), dimension));
      }
      result.put(k, re.clone(), im.clone());
    }
    return result.notEmpty();
  }

  private void put(int k, double[] real, double[] imaginary) {
    if (!isZero(real) || !isZero(imaginary)) {
      values.put(k, new Complex(real, imaginary));
    }
  }

  private Diagonals notEmpty() {
    if (values.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "all diagonals are zero: results would be zeros, in the clear");
    }
    return this;
  }

  private static void requireRectangle(double[][] rows, int height, int width) {
    if (rows.length != height || Arrays.stream(rows).anyMatch(row -> row.length != width)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the rows of a matrix, and its parts, have one length");
    }
  }

  private static boolean isZero(double[] values) {
    return Arrays.stream(values).allMatch(v -> v == 0);
  }

  private static int powerOfTwoFrom(int size) {
    int floor = Integer.highestOneBit(size);
    return floor == size ? size : 2 * floor;
  }

  /** d. */
  public int dimension() {
    return dimension;
  }

  /** Those that are not zero, ascending. */
  public int[] indices() {
    return values.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** The real parts of a diagonal of {@link #indices}. */
  public double[] real(int index) {
    return values.get(index).real().clone();
  }

  /** Its imaginary parts. */
  public double[] imaginary(int index) {
    return values.get(index).imaginary().clone();
  }
}
