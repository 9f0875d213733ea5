package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.tensor.TensorReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The numbers of an update, tensor after tensor, handed out once and in order. They go straight to
 * native memory that is wiped.
 */
public interface GradientValues {
  /** What the numbers are. */
  enum Kind {
    /** Real numbers that are clipped and rounded; float in native byte order. */
    FLOAT(4),
    /** The same as double. */
    DOUBLE(8),
    /** Integers of b bits that are encrypted as they are; long in native byte order. */
    INTEGER(8);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one number. */
    public int bytes() {
      return bytes;
    }
  }

  Kind kind();

  /** How many numbers there are. */
  long count();

  /**
   * Writes the next {@code count} numbers at the position of {@code into}, a direct buffer in
   * native byte order with room for them.
   */
  void next(ByteBuffer into, int count);

  /** The elements of arrays, one after the other. */
  static GradientValues of(float[]... tensors) {
    long count = 0;
    for (float[] tensor : tensors) {
      count += tensor.length;
    }
    return new ArrayValues(
        Kind.FLOAT,
        count,
        List.of(tensors),
        array -> ((float[]) array).length,
        (array, from, length, into) -> into.asFloatBuffer().put((float[]) array, from, length));
  }

  /** The elements of arrays, one after the other. */
  static GradientValues of(double[]... tensors) {
    long count = 0;
    for (double[] tensor : tensors) {
      count += tensor.length;
    }
    return new ArrayValues(
        Kind.DOUBLE,
        count,
        List.of(tensors),
        array -> ((double[]) array).length,
        (array, from, length, into) -> into.asDoubleBuffer().put((double[]) array, from, length));
  }

  /**
   * Integers from 0 to 2^b - 1, which are summed as they are; for those who quantize themselves.
   */
  static GradientValues ofIntegers(long[]... tensors) {
    long count = 0;
    for (long[] tensor : tensors) {
      count += tensor.length;
    }
    return new ArrayValues(
        Kind.INTEGER,
        count,
        List.of(tensors),
        array -> ((long[]) array).length,
        (array, from, length, into) -> into.asLongBuffer().put((long[]) array, from, length));
  }

  /**
   * The elements of a file, which is read as they are asked for: real numbers, double where a
   * tensor is of float64, or else float. Declare {@link TensorReader#tensors} with them.
   *
   * @param tensors stays open and belongs to the caller; nothing was read from it
   */
  static GradientValues of(TensorReader tensors) {
    return new TensorValues(tensors);
  }

  /** Refuses values that are not as many as declared. */
  static void requireCount(GradientValues values, long declared) {
    if (values.count() != declared) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d values for tensors of %d elements".formatted(values.count(), declared));
    }
  }
}
