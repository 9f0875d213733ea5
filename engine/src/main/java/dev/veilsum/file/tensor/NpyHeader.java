package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The start of an array in NumPy's format, versions 1.0 to 3.0 (NEP 1 and numpy.lib.format): a
 * magic, the version, the length of a Python dictionary in text, and that. The elements follow.
 *
 * @param type the type of the elements
 * @param order their byte order
 * @param shape the length of each dimension
 * @param length the bytes of magic, version and text
 */
record NpyHeader(ElementType type, ByteOrder order, List<Long> shape, int length) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** More than any array of numbers needs; a length beyond it comes from no writer. */
  private static final int MOST_TEXT = 0xffff;

  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for the largest first length, so that an array can grow in place. */
  private static final int FIRST_LENGTH_DIGITS = 21;

  private static final String ADVICE =
      "float16, float32 and float64 are read: convert it with array.astype(\"float32\"), or leave"
          + " it out";

  /**
   * Reads one.
   *
   * @param from the first byte of the array; is left at its first element
   * @param available the bytes that the array has, with its header
   * @param place what messages call it
   * @throws VeilsumException CORRUPT, BAD_INPUT
   */
  static NpyHeader read(ElementBytes from, long available, String place) {
    if (available < 10) {
      throw corrupt(place, "it has %d bytes and no whole header".formatted(available));
    }
    ByteBuffer start = bytes(from, 8);
    for (byte expected : MAGIC) {
      if (start.get() != expected) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            place + " is no .npy array: its first bytes are others; write it with numpy.save");
      }
    }
    int major = start.get() & 0xff;
    int minor = start.get() & 0xff;
    if (major < 1 || major > 3 || minor != 0) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is of version %d.%d of the .npy format; 1.0, 2.0 and 3.0 are read"
              .formatted(place, major, minor));
    }
    int lengthBytes = major == 1 ? 2 : 4;
    int before = 8 + lengthBytes;
    if (available < before) {
      throw corrupt(place, "it ends in its header");
    }
    ByteBuffer field = bytes(from, lengthBytes);
    long text = major == 1 ? field.getShort() & 0xffff : field.getInt() & 0xffffffffL;
    if (text > MOST_TEXT) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s has a header of %d bytes; arrays of numbers have at most %d"
              .formatted(place, text, MOST_TEXT));
    }
    if (text > available - before) {
      throw corrupt(place, "its header of %d bytes is cut".formatted(text));
    }
    String dictionary = text(bytes(from, (int) text), major, place);
    NpyDictionary parsed = new NpyDictionary(dictionary, place);
    NpyHeader header =
        new NpyHeader(
            type(parsed.descr(), place),
            parsed.descr().charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
            parsed.shape(),
            before + (int) text);
    if (parsed.fortranOrder() && parsed.shape().stream().filter(n -> n != 1).count() > 1) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          place
              + " is in Fortran order (column after column); save it in C order:"
              + " numpy.save(file, numpy.ascontiguousarray(array))");
    }
    return header;
  }

  /** Refuses an array whose elements are not exactly the bytes that follow its header. */
  void requireElements(TensorShape tensor, long available, String place) {
    long expected = tensor.elements() * type.bytes();
    long found = available - length;
    if (found < expected) {
      throw corrupt(
          place,
          "%d bytes follow its header where shape %s of %s takes %d: it was cut"
              .formatted(found, shape, type.id(), expected));
    }
    if (found > expected) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s: %d bytes follow the array of shape %s of %s; save each array to a file of its own,"
                  .formatted(place, found - expected, shape, type.id())
              + " or several with numpy.savez");
    }
  }

  /** The header that NumPy writes for a tensor, in version 1.0. */
  static byte[] of(TensorShape tensor) {
    String shape =
        tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (tensor.shape().size() == 1 ? "," : "");
    StringBuilder text =
        new StringBuilder(
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                .formatted(descr(tensor.type()), shape));
    if (!tensor.shape().isEmpty()) {
      int digits = String.valueOf(tensor.shape().get(0)).length();
      text.append(" ".repeat(FIRST_LENGTH_DIGITS - digits));
    }
    int before = MAGIC.length + 4;
    int total = (before + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    text.append(" ".repeat(total - before - text.length() - 1)).append('\n');
    return ByteBuffer.allocate(total)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length())
        .put(text.toString().getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static String descr(ElementType type) {
    return switch (type) {
      case FLOAT16 -> "<f2";
      case FLOAT32 -> "<f4";
      case FLOAT64 -> "<f8";
      case BFLOAT16 ->
          throw new VeilsumException(
              ErrorCode.BAD_INPUT, "NumPy's files have no bfloat16; write .safetensors");
    };
  }

  private static ElementType type(String descr, String place) {
    return switch (descr) {
      case "<f2", ">f2" -> ElementType.FLOAT16;
      case "<f4", ">f4" -> ElementType.FLOAT32;
      case "<f8", ">f8" -> ElementType.FLOAT64;
      default ->
          throw new VeilsumException(
              ErrorCode.BAD_INPUT,
              "%s is an array of %s; %s".formatted(place, typeName(descr), ADVICE));
    };
  }

  /** For example "int64 (<i8)". */
  private static String typeName(String descr) {
    String plain = descr.length() > 20 ? descr.substring(0, 20) + "..." : descr;
    if (descr.matches("[<>=|][uifc]\\d{1,2}")) {
      int bits = 8 * Integer.parseInt(descr.substring(2));
      return switch (descr.charAt(1)) {
            case 'i' -> "int" + bits;
            case 'u' -> "uint" + bits;
            case 'c' -> "complex" + bits;
            default -> "float" + bits;
          }
          + " ("
          + descr
          + ")";
    }
    return switch (descr) {
      case "|b1" -> "booleans (|b1)";
      case "|O" -> "Python objects (|O)";
      case "<V2", "|V2" -> "unnamed 2-byte values (" + descr + "; bfloat16 goes by .safetensors)";
      default -> "type \"" + plain + '"';
    };
  }

  private static String text(ByteBuffer bytes, int major, String place) {
    Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    try {
      return charset.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw corrupt(place, "its header is no UTF-8 text");
    }
  }

  private static ByteBuffer bytes(ElementBytes from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    from.read(bytes);
    return bytes.flip();
  }

  private static VeilsumException corrupt(String place, String what) {
    return new VeilsumException(
        ErrorCode.CORRUPT, place + " is damaged: " + what + "; get a new copy");
  }
}
