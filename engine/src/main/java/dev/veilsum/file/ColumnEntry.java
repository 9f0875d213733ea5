package dev.veilsum.file;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One column of a table or a result.
 *
 * @param name the name that it was declared with
 * @param kind what the encryptor declared
 * @param encodings the forms in which it is laid down; a result has one, of role TOTALS
 * @param operation what was computed, where this is a result
 */
public record ColumnEntry(
    String name, ColumnKind kind, List<ColumnEncoding> encodings, Optional<Operation> operation) {
  private static final int MAX_ENCODINGS = 64;

  public ColumnEntry {
    encodings = List.copyOf(encodings);
  }

  /** The first encoding of a role. */
  public Optional<ColumnEncoding> encoding(EncodingRole role) {
    return encodings.stream().filter(e -> e.role() == role).findFirst();
  }

  /** The encoding of a role under a parameter set, by its index. */
  public Optional<ColumnEncoding> encoding(EncodingRole role, int parameters) {
    return encodings.stream()
        .filter(e -> e.role() == role && e.parameters() == parameters)
        .findFirst();
  }

  Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("name", Cbor.of(name));
    fields.put("kind", Cbor.of(kind.text()));
    fields.put(
        "encodings", new Cbor.Array(encodings.stream().map(ColumnEncoding::toCbor).toList()));
    operation.ifPresent(o -> fields.put("operation", o.toCbor()));
    return new Cbor.Fields(fields);
  }

  /** Reads an entry; what it names must be among the sections. */
  static ColumnEntry of(FieldReader in, String where, ColumnEncoding.SectionCounts counts) {
    ColumnKind kind;
    try {
      kind = ColumnKind.parse(in.text("kind"));
    } catch (VeilsumException e) {
      throw in.wrong("kind", "is not a column kind: " + e.getMessage());
    }
    List<Cbor> forms = in.array("encodings");
    if (forms.size() > MAX_ENCODINGS) {
      throw in.wrong("encodings", "has more than " + MAX_ENCODINGS + " entries");
    }
    List<ColumnEncoding> encodings = new ArrayList<>();
    for (Cbor form : forms) {
      encodings.add(
          ColumnEncoding.of(
              FieldReader.of(form, where + " encoding " + (encodings.size() + 1)), counts));
    }
    ColumnEntry entry =
        new ColumnEntry(
            in.text("name"),
            kind,
            encodings,
            in.has("operation")
                ? Optional.of(Operation.of(in.record("operation")))
                : Optional.empty());
    in.finish();
    return entry;
  }
}
