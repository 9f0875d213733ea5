package dev.veilsum.file.cbor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the fields of one record by name and type. Every mistake is a CORRUPT error that names the
 * record and the field; {@link #finish} refuses fields that nobody asked for.
 */
public final class FieldReader {
  private final String where;
  private final Cbor.Fields fields;
  private final Set<String> read = new HashSet<>();

  FieldReader(String where, Cbor.Fields fields) {
    this.where = where;
    this.fields = fields;
  }

  /** The fields of {@code value}, which must be a map. */
  public static FieldReader of(Cbor value, String where) {
    if (value instanceof Cbor.Fields fields) {
      return fields.reader(where);
    }
    throw new VeilsumException(ErrorCode.CORRUPT, where + " is not a record");
  }

  /** The names of all fields. */
  public Set<String> names() {
    return fields.values().keySet();
  }

  /** Whether the optional field is there. */
  public boolean has(String name) {
    return fields.values().containsKey(name);
  }

  public String text(String name) {
    return get(name, Cbor.Text.class).value();
  }

  public boolean bool(String name) {
    return get(name, Cbor.Bool.class).value();
  }

  public double real(String name) {
    return get(name, Cbor.Real.class).value();
  }

  /** A whole number of at least {@code min} and at most {@code max}. */
  public long integer(String name, long min, long max) {
    long value = get(name, Cbor.Int.class).value();
    if (value < min || value > max) {
      throw wrong(name, "is " + value + ", not " + min + ".." + max);
    }
    return value;
  }

  /** Bytes of exactly this length; a copy. */
  public byte[] bytes(String name, int length) {
    byte[] value = get(name, Cbor.Bytes.class).value();
    if (value.length != length) {
      throw wrong(name, "has " + value.length + " bytes, not " + length);
    }
    return value.clone();
  }

  /** Bytes of any length; a copy. */
  public byte[] bytes(String name) {
    return get(name, Cbor.Bytes.class).value().clone();
  }

  public List<Cbor> array(String name) {
    return get(name, Cbor.Array.class).values();
  }

  /** The record in a field, to be read in turn. */
  public FieldReader record(String name) {
    return get(name, Cbor.Fields.class).reader(where + "." + name);
  }

  /** Refuses fields that were not read. */
  public void finish() {
    for (String name : fields.values().keySet()) {
      if (!read.contains(name)) {
        throw wrong(name, "is not known to this version");
      }
    }
  }

  /** An error about one field. */
  public VeilsumException wrong(String name, String how) {
    return new VeilsumException(ErrorCode.CORRUPT, where + ": the field \"" + name + "\" " + how);
  }

  private <T extends Cbor> T get(String name, Class<T> type) {
    read.add(name);
    Cbor value = fields.values().get(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    if (!type.isInstance(value)) {
      throw wrong(name, "is not of type " + type.getSimpleName());
    }
    return type.cast(value);
  }
}
