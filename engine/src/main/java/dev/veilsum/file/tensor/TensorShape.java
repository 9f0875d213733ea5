package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What a tensor is called and how it is laid out. Elements are in row-major order.
 *
 * @param name at most 1024 characters; may be empty where a file holds one tensor
 * @param type the type of its elements where it came from and where it goes
 * @param shape the length of each dimension, outermost first, at least 1; none for one number
 */
public record TensorShape(String name, ElementType type, List<Long> shape) {
  private static final int MAX_NAME = 1024;
  private static final int MAX_DIMENSIONS = 32;
  private static final long MAX_ELEMENTS = 1L << 48;

  /**
   * Checks all of it.
   *
   * @throws VeilsumException BAD_INPUT for an empty tensor, or one that is larger than any memory
   */
  public TensorShape {
    Objects.requireNonNull(type);
    shape = List.copyOf(shape);
    if (name.length() > MAX_NAME) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "a tensor's name of %d characters; at most %d are possible"
              .formatted(name.length(), MAX_NAME));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "the tensor's name \"" + name + "\" is not Unicode text");
    }
    if (shape.size() > MAX_DIMENSIONS) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "tensor \"%s\" has %d dimensions; at most %d are possible"
              .formatted(name, shape.size(), MAX_DIMENSIONS));
    }
    long elements = 1;
    for (long length : shape) {
      if (length < 1) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "tensor \"%s\" of shape %s is empty; leave it out".formatted(name, shape));
      }
      if (length > MAX_ELEMENTS / elements) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "tensor \"%s\" of shape %s has more than 2^48 elements".formatted(name, shape));
      }
      elements *= length;
    }
  }

  /** A vector. */
  public static TensorShape vector(String name, ElementType type, long length) {
    return new TensorShape(name, type, List.of(length));
  }

  /** The number of elements. */
  public long elements() {
    long elements = 1;
    for (long length : shape) {
      elements *= length;
    }
    return elements;
  }

  /** For example "conv1 float32 [64, 3, 7, 7]". */
  @Override
  public String toString() {
    return name + " " + type.id() + " " + shape;
  }
}
