package dev.veilsum.file.tensor;

import dev.veilsum.VeilsumException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor in a file.
 *
 * @param order the byte order of its elements
 * @param bytes opens its elements, at the first one
 */
record StoredTensor(TensorShape shape, ByteOrder order, Supplier<ElementBytes> bytes) {
  /** A shape that a file says; what is wrong with it is wrong with the file. */
  static TensorShape shape(TensorInput in, String name, ElementType type, List<Long> lengths) {
    try {
      return new TensorShape(name, type, lengths);
    } catch (VeilsumException e) {
      throw new VeilsumException(e.code(), in.name() + ": " + e.getMessage(), e);
    }
  }
}
