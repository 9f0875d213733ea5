package dev.veilsum.file.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes the deterministic encoding of RFC 8949, section 4.2.1. */
final class CborEncoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CborEncoder() {}

  static byte[] encode(Cbor value) {
    CborEncoder encoder = new CborEncoder();
    encoder.write(value);
    return encoder.out.toByteArray();
  }

  private void write(Cbor value) {
    if (value instanceof Cbor.Int integer) {
      writeInt(integer.value());
    } else if (value instanceof Cbor.Real real) {
      writeReal(real.value());
    } else if (value instanceof Cbor.Bool bool) {
      out.write(Major.SIMPLE | (bool.value() ? Major.TRUE : Major.FALSE));
    } else if (value instanceof Cbor.Text text) {
      byte[] utf8 = utf8(text.value());
      writeHead(Major.TEXT, utf8.length);
      out.writeBytes(utf8);
    } else if (value instanceof Cbor.Bytes bytes) {
      writeHead(Major.BYTES, bytes.value().length);
      out.writeBytes(bytes.value());
    } else if (value instanceof Cbor.Array array) {
      writeHead(Major.ARRAY, array.values().size());
      array.values().forEach(this::write);
    } else if (value instanceof Cbor.Fields fields) {
      writeFields(fields.values());
    }
  }

  /** Names in the order of their encodings: shorter ones first, then by bytes. */
  private void writeFields(Map<String, Cbor> fields) {
    TreeMap<byte[], Cbor> sorted = new TreeMap<>(Arrays::compareUnsigned);
    fields.forEach((name, value) -> sorted.put(encode(new Cbor.Text(name)), value));
    writeHead(Major.MAP, sorted.size());
    sorted.forEach(
        (name, value) -> {
          out.writeBytes(name);
          write(value);
        });
  }

  private void writeInt(long value) {
    if (value >= 0) {
      writeHead(Major.UNSIGNED, value);
    } else {
      writeHead(Major.NEGATIVE, ~value);
    }
  }

  /** A major type and its argument, at least 0, in the fewest bytes. */
  private void writeHead(int major, long argument) {
    if (argument < 24) {
      out.write(major | (int) argument);
    } else if (argument < 1L << 8) {
      out.write(major | Major.ONE_BYTE);
      writeBigEndian(argument, 1);
    } else if (argument < 1L << 16) {
      out.write(major | Major.TWO_BYTES);
      writeBigEndian(argument, 2);
    } else if (argument < 1L << 32) {
      out.write(major | Major.FOUR_BYTES);
      writeBigEndian(argument, 4);
    } else {
      out.write(major | Major.EIGHT_BYTES);
      writeBigEndian(argument, 8);
    }
  }

  private void writeReal(double value) {
    int half = HalfFloat.ofExactly(value);
    if (half != HalfFloat.INEXACT) {
      out.write(Major.SIMPLE | Major.TWO_BYTES);
      writeBigEndian(half, 2);
    } else if (Double.compare((float) value, value) == 0) {
      out.write(Major.SIMPLE | Major.FOUR_BYTES);
      writeBigEndian(Float.floatToRawIntBits((float) value), 4);
    } else {
      out.write(Major.SIMPLE | Major.EIGHT_BYTES);
      writeBigEndian(Double.doubleToRawLongBits(value), 8);
    }
  }

  private void writeBigEndian(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text with half a surrogate pair", e);
    }
  }
}
