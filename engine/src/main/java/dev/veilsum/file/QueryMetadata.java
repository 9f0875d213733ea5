package dev.veilsum.file;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an encrypted query says about itself in the clear: the columns that it is about, not what it
 * asks of them. Its ciphertexts stand set by set, column by column, selector by selector.
 *
 * @param keyId the key that it was made under
 * @param parameters the fingerprints of its parameter sets, in the order of the PARAMETERS sections
 * @param columns at least one, of different names
 * @param outside whether the rows are meant that are outside of what is selected in some column
 */
public record QueryMetadata(
    KeyId keyId, List<Fingerprint> parameters, List<Column> columns, boolean outside) {
  /** The most columns of a query. */
  public static final int MAX_COLUMNS = 64;

  /**
   * A column that the query selects by.
   *
   * @param kind as in the table; one with labels or buckets
   */
  public record Column(String name, ColumnKind kind) {}

  public QueryMetadata {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }

  /** The record that stands in the METADATA section. */
  public Cbor toCbor() {
    List<Cbor> entries = new ArrayList<>();
    for (Column column : columns) {
      entries.add(
          new Cbor.Fields(
              Map.of("name", Cbor.of(column.name()), "kind", Cbor.of(column.kind().text()))));
    }
    Map<String, Cbor> fields = new HashMap<>();
    fields.put("key", Cbor.of(keyId.bytes()));
    fields.put(
        "parameters", new Cbor.Array(parameters.stream().map(f -> Cbor.of(f.bytes())).toList()));
    fields.put("columns", new Cbor.Array(entries));
    if (outside) {
      fields.put("outside", Cbor.of(true));
    }
    return new Cbor.Fields(fields);
  }

  /**
   * Reads the metadata of a query.
   *
   * @throws VeilsumException CORRUPT, naming the field
   */
  public static QueryMetadata read(ContainerReader container) {
    FieldReader in = FieldReader.of(container.metadata(), container.name());
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    List<Fingerprint> parameters = new ArrayList<>();
    for (Cbor each : in.array("parameters")) {
      if (!(each instanceof Cbor.Bytes bytes) || bytes.value().length != Fingerprint.LENGTH) {
        throw in.wrong("parameters", "holds something else than fingerprints");
      }
      parameters.add(Fingerprint.fromBytes(bytes.value()));
    }
    if (parameters.isEmpty() || parameters.size() != container.count(SectionType.PARAMETERS)) {
      throw in.wrong("parameters", "does not match the parameter sections");
    }
    List<Column> columns = columns(in, container.name());
    boolean outside = in.has("outside");
    if (outside && !in.bool("outside")) {
      throw in.wrong("outside", "is false, and then left out");
    }
    in.finish();
    return new QueryMetadata(keyId, parameters, columns, outside);
  }

  private static List<Column> columns(FieldReader in, String where) {
    List<Cbor> entries = in.array("columns");
    if (entries.isEmpty() || entries.size() > MAX_COLUMNS) {
      throw in.wrong("columns", "has not 1 to " + MAX_COLUMNS + " entries");
    }
    List<Column> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Cbor entry : entries) {
      Column column = column(FieldReader.of(entry, where + " column " + (columns.size() + 1)));
      if (!names.add(column.name())) {
        throw in.wrong("columns", "has \"" + column.name() + "\" twice");
      }
      columns.add(column);
    }
    return columns;
  }

  private static Column column(FieldReader in) {
    ColumnKind kind;
    try {
      kind = ColumnKind.parse(in.text("kind"));
    } catch (VeilsumException e) {
      throw in.wrong("kind", "is not a column kind: " + e.getMessage());
    }
    if (!kind.isMasked()) {
      throw in.wrong("kind", "is " + kind.text() + ", which has no masks");
    }
    Column column = new Column(in.text("name"), kind);
    in.finish();
    return column;
  }
}
