package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Locale;

/** The types of a tensor's elements. */
public enum ElementType {
  /** IEEE 754 half precision. */
  FLOAT16(2),
  /** The upper half of a FLOAT32. */
  BFLOAT16(2),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The name in metadata, for example "float32". */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of an {@link #id}.
   *
   * @throws VeilsumException BAD_INPUT where there is none
   */
  public static ElementType ofId(String id) {
    return Arrays.stream(values())
        .filter(type -> type.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.BAD_INPUT,
                    "no element type \"%s\"; there are %s"
                        .formatted(id, Arrays.stream(values()).map(ElementType::id).toList())));
  }
}
