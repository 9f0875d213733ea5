package dev.veilsum.file.tensor;

import java.nio.ByteBuffer;

/** Elements of files from and to numbers in memory. Buffers are read and written in their order. */
final class ElementCodec {
  private ElementCodec() {}

  /** Converts elements of at most 32 bits to float, from the positions of both buffers on. */
  static void toFloats(ElementType type, ByteBuffer from, ByteBuffer into, int count) {
    for (int i = 0; i < count; i++) {
      into.putFloat(floatOf(type, from));
    }
  }

  /** Converts elements to double, from the positions of both buffers on. */
  static void toDoubles(ElementType type, ByteBuffer from, ByteBuffer into, int count) {
    for (int i = 0; i < count; i++) {
      into.putDouble(type == ElementType.FLOAT64 ? from.getDouble() : floatOf(type, from));
    }
  }

  private static float floatOf(ElementType type, ByteBuffer from) {
    return switch (type) {
      case FLOAT16 -> SixteenBits.fromFloat16(from.getShort());
      case BFLOAT16 -> SixteenBits.fromBfloat16(from.getShort());
      case FLOAT32 -> from.getFloat();
      case FLOAT64 -> throw new IllegalArgumentException("float64 is no float");
    };
  }

  /** The first of {@code count} floats from byte {@code at} on that is not finite, or -1. */
  static int firstNotFiniteFloat(ByteBuffer numbers, int at, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(numbers.getFloat(at + Float.BYTES * i))) {
        return i;
      }
    }
    return -1;
  }

  /** The first of {@code count} doubles from byte {@code at} on that is not finite, or -1. */
  static int firstNotFiniteDouble(ByteBuffer numbers, int at, int count) {
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(numbers.getDouble(at + Double.BYTES * i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Rounds a finite number to the nearest element, ties to even, and puts it.
   *
   * @return whether the element is finite too; nothing is put where not
   */
  static boolean put(ElementType type, double number, ByteBuffer into) {
    switch (type) {
      case FLOAT16, BFLOAT16 -> {
        boolean half = type == ElementType.FLOAT16;
        short bits = half ? SixteenBits.toFloat16(number) : SixteenBits.toBfloat16(number);
        int infinity = half ? 0x7c00 : 0x7f80;
        if ((bits & infinity) == infinity) {
          return false;
        }
        into.putShort(bits);
      }
      case FLOAT32 -> {
        float rounded = (float) number;
        if (!Float.isFinite(rounded)) {
          return false;
        }
        into.putFloat(rounded);
      }
      case FLOAT64 -> {
        if (!Double.isFinite(number)) {
          return false;
        }
        into.putDouble(number);
      }
    }
    return true;
  }
}
