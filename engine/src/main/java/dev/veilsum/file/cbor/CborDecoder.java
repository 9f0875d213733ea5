package dev.veilsum.file.cbor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one value and nothing after it; counts are checked against the bytes that are there. */
final class CborDecoder {
  private static final int MAX_DEPTH = 16;

  private final ByteBuffer in;
  private final String where;
  private int items;

  CborDecoder(byte[] encoding, String where) {
    this.in = ByteBuffer.wrap(encoding);
    this.where = where;
  }

  Cbor decode() {
    Cbor value = read(0);
    if (in.hasRemaining()) {
      throw corrupt("bytes follow the value");
    }
    return value;
  }

  private Cbor read(int depth) {
    if (depth > MAX_DEPTH) {
      throw corrupt("nested deeper than " + MAX_DEPTH);
    }
    if (++items > Cbor.MAX_ITEMS) {
      throw corrupt("more than " + Cbor.MAX_ITEMS + " items");
    }
    int initial = take(1).get() & 0xff;
    int major = initial & 0xe0;
    if (major == Major.SIMPLE) {
      return readSimple(initial & 0x1f);
    }
    long argument = readArgument(initial & 0x1f);
    return switch (major) {
      case Major.UNSIGNED -> new Cbor.Int(argument);
      case Major.NEGATIVE -> new Cbor.Int(~argument);
      case Major.BYTES -> new Cbor.Bytes(takeBytes(argument));
      case Major.TEXT -> new Cbor.Text(readText(argument));
      case Major.ARRAY -> readArray(argument, depth);
      case Major.MAP -> readFields(argument, depth);
      default -> throw corrupt("tags are not used here");
    };
  }

  /** An argument of at most 63 bits: lengths, and the integers of a long. */
  private long readArgument(int low) {
    long argument =
        switch (low) {
          case Major.ONE_BYTE -> take(1).get() & 0xffL;
          case Major.TWO_BYTES -> take(2).getShort() & 0xffffL;
          case Major.FOUR_BYTES -> take(4).getInt() & 0xffffffffL;
          case Major.EIGHT_BYTES -> take(8).getLong();
          default -> low;
        };
    if (low > Major.EIGHT_BYTES || argument < 0) {
      throw corrupt("an indefinite length, or a number beyond 64 bits");
    }
    return argument;
  }

  private Cbor readSimple(int low) {
    double value;
    switch (low) {
      case Major.FALSE:
        return new Cbor.Bool(false);
      case Major.TRUE:
        return new Cbor.Bool(true);
      case Major.TWO_BYTES:
        value = HalfFloat.valueOf(take(2).getShort() & 0xffff);
        break;
      case Major.FOUR_BYTES:
        value = take(4).getFloat();
        break;
      case Major.EIGHT_BYTES:
        value = take(8).getDouble();
        break;
      default:
        throw corrupt("a simple value that is not used here");
    }
    if (!Double.isFinite(value)) {
      throw corrupt("a number that is not finite");
    }
    return new Cbor.Real(value);
  }

  private Cbor readArray(long count, int depth) {
    checkCount(count);
    List<Cbor> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(read(depth + 1));
    }
    return new Cbor.Array(values);
  }

  private Cbor readFields(long count, int depth) {
    checkCount(count);
    Map<String, Cbor> fields = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      if (!(read(depth + 1) instanceof Cbor.Text name)) {
        throw corrupt("a field name that is not a text");
      }
      if (fields.put(name.value(), read(depth + 1)) != null) {
        throw corrupt("the field \"" + name.value() + "\" stands twice");
      }
    }
    return new Cbor.Fields(fields);
  }

  private String readText(long length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(take(length)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("a text that is not UTF-8");
    }
  }

  private byte[] takeBytes(long length) {
    ByteBuffer slice = take(length);
    byte[] bytes = new byte[slice.remaining()];
    slice.get(bytes);
    return bytes;
  }

  /** Every item has a byte at least. */
  private void checkCount(long count) {
    if (count > in.remaining()) {
      throw corrupt(count + " items where " + in.remaining() + " bytes are left");
    }
  }

  private ByteBuffer take(long length) {
    if (length > in.remaining()) {
      throw corrupt("it ends in the middle of a value");
    }
    ByteBuffer slice = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return slice;
  }

  private VeilsumException corrupt(String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT,
        where + ": the metadata is damaged at byte " + in.position() + ": " + how);
  }
}
