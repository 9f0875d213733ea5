package dev.veilsum.file.cbor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of the CBOR that metadata is written in: 64-bit integers, finite doubles, booleans,
 * texts, bytes, arrays, and maps whose keys are texts. Immutable.
 */
public sealed interface Cbor {
  /** The most items that are read: values, and the names of fields. */
  int MAX_ITEMS = 1 << 19;

  /** A whole number. */
  record Int(long value) implements Cbor {}

  /** A finite real number; written in the shortest of 16, 32 and 64 bits that is exact. */
  record Real(double value) implements Cbor {
    public Real {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("not a finite number: " + value);
      }
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Cbor {}

  /** A text of whole Unicode characters. */
  record Text(String value) implements Cbor {}

  /** Bytes, which are not to be written to. */
  record Bytes(byte[] value) implements Cbor {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[" + value.length + "]";
    }
  }

  /** Values in order. */
  record Array(List<Cbor> values) implements Cbor {
    public Array {
      values = List.copyOf(values);
    }
  }

  /** Values by name; the order of the names does not matter. */
  record Fields(Map<String, Cbor> values) implements Cbor {
    public Fields {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The fields, to be read one by one with errors that name them. */
    public FieldReader reader(String where) {
      return new FieldReader(where, this);
    }
  }

  static Cbor of(long value) {
    return new Int(value);
  }

  static Cbor of(double value) {
    return new Real(value);
  }

  static Cbor of(boolean value) {
    return new Bool(value);
  }

  static Cbor of(String value) {
    return new Text(value);
  }

  static Cbor of(byte[] value) {
    return new Bytes(value.clone());
  }

  /** The one encoding of this value. */
  default byte[] encode() {
    return CborEncoder.encode(this);
  }

  /**
   * The value of its encoding.
   *
   * @param where what is read, for messages
   * @throws VeilsumException CORRUPT where the bytes are not the one encoding of one value, or
   *     where it is nested deeper than 16 or has more than {@link #MAX_ITEMS} items
   */
  static Cbor decode(byte[] encoding, String where) {
    Cbor value = new CborDecoder(encoding, where).decode();
    // Lengths, order of names, shortest numbers: whatever is not canonical comes out differently.
    if (!Arrays.equals(value.encode(), encoding)) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, where + ": the metadata is not in canonical CBOR");
    }
    return value;
  }
}
