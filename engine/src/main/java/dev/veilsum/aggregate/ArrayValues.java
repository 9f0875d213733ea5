package dev.veilsum.aggregate;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToIntFunction;

/** Numbers from arrays of one element type. */
final class ArrayValues implements GradientValues {
  /** Puts a part of an array at a buffer's position. */
  @FunctionalInterface
  interface Put {
    void part(Object array, int from, int length, ByteBuffer into);
  }

  private final Kind kind;
  private final long count;
  private final List<?> arrays;
  private final ToIntFunction<Object> lengthOf;
  private final Put put;
  private int array;
  private int position;

  ArrayValues(Kind kind, long count, List<?> arrays, ToIntFunction<Object> lengthOf, Put put) {
    this.kind = kind;
    this.count = count;
    this.arrays = arrays;
    this.lengthOf = lengthOf;
    this.put = put;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public void next(ByteBuffer into, int numbers) {
    for (int left = numbers; left > 0; ) {
      Object current = arrays.get(array);
      int part = Math.min(left, lengthOf.applyAsInt(current) - position);
      put.part(current, position, part, into);
      into.position(into.position() + part * kind.bytes());
      left -= part;
      position += part;
      if (position == lengthOf.applyAsInt(current)) {
        array++;
        position = 0;
      }
    }
  }
}
