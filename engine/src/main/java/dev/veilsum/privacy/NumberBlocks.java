package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Real numbers of an update, block after block; refuses those that are not finite. */
final class NumberBlocks implements AutoCloseable {
  private final GradientValues values;
  private final ByteBuffer buffer;
  private final boolean isFloat;
  private long done;

  private NumberBlocks(GradientValues values, int block) {
    this.values = values;
    this.isFloat = values.kind() == GradientValues.Kind.FLOAT;
    this.buffer =
        ByteBuffer.allocateDirect(block * values.kind().bytes()).order(ByteOrder.nativeOrder());
  }

  /**
   * The blocks of {@code values}, which are closed with these where they can be.
   *
   * @throws VeilsumException USAGE for integers and where there are not {@code count}
   */
  static NumberBlocks of(GradientValues values, long count, int block) {
    NumberBlocks blocks = new NumberBlocks(values, block);
    try {
      if (values.kind() == GradientValues.Kind.INTEGER) {
        throw new VeilsumException(
            ErrorCode.USAGE, "integers are given; noise is added to real numbers");
      }
      GradientValues.requireCount(values, count);
      return blocks;
    } catch (VeilsumException e) {
      blocks.close();
      throw e;
    }
  }

  /** Fills as much of {@code into} as there is, and tells how much that was. */
  int next(double[] into) {
    int count = (int) Math.min(into.length, values.count() - done);
    if (count == 0) {
      return 0;
    }
    buffer.clear();
    values.next(buffer, count);
    for (int i = 0; i < count; i++) {
      into[i] = isFloat ? buffer.getFloat(i * Float.BYTES) : buffer.getDouble(i * Double.BYTES);
      if (!Double.isFinite(into[i])) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "number %d is %s".formatted(done + i, into[i]));
      }
    }
    done += count;
    return count;
  }

  @Override
  public void close() {
    buffer.clear();
    while (buffer.hasRemaining()) {
      buffer.put((byte) 0);
    }
    if (values instanceof AutoCloseable resource) {
      try {
        resource.close();
      } catch (VeilsumException e) {
        throw e;
      } catch (Exception e) {
        throw new VeilsumException(ErrorCode.IO, "closing the numbers failed", e);
      }
    }
  }
}
