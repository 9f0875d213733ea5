package dev.veilsum.file;

import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.Fingerprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a table or a result says about itself in the clear.
 *
 * @param keyId the key that it was made under
 * @param rows how many rows the input had
 * @param parameters the fingerprints of its parameter sets; the PARAMETERS sections have their
 *     bytes in the same order
 * @param switchKeys the public key-switching keys that it carries for those who compute on it, in
 *     the order of the SWITCH_KEY sections
 * @param columns its columns, in the order of the input or of the computation
 */
public record TableMetadata(
    KeyId keyId,
    long rows,
    List<Fingerprint> parameters,
    List<SwitchKeyEntry> switchKeys,
    List<ColumnEntry> columns) {
  private static final int MAX_COLUMNS = 1 << 16;
  private static final long MAX_ROWS = 1L << 48;

  public TableMetadata {
    parameters = List.copyOf(parameters);
    switchKeys = List.copyOf(switchKeys);
    columns = List.copyOf(columns);
  }

  /** The column of this name. */
  public Optional<ColumnEntry> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The record that stands in the METADATA section. */
  public Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("key", Cbor.of(keyId.bytes()));
    fields.put("rows", Cbor.of(rows));
    fields.put(
        "parameters", new Cbor.Array(parameters.stream().map(f -> Cbor.of(f.bytes())).toList()));
    fields.put(SwitchKeyEntry.FIELD, SwitchKeyEntry.toCbor(switchKeys));
    fields.put("columns", new Cbor.Array(columns.stream().map(ColumnEntry::toCbor).toList()));
    return new Cbor.Fields(fields);
  }

  /**
   * Reads the metadata of a table or a result; its references are checked against the sections.
   *
   * @throws dev.veilsum.VeilsumException CORRUPT, naming the field
   */
  public static TableMetadata read(ContainerReader container) {
    TableMetadata metadata =
        of(
            container.metadata(),
            container.name(),
            container.count(SectionType.PARAMETERS),
            container.count(SectionType.CIPHERTEXT));
    SwitchKeyEntry.requireSections(metadata.switchKeys(), container);
    return metadata;
  }

  /** Reads the record of a container with so many parameter sets and ciphertexts. */
  static TableMetadata of(Cbor metadata, String where, int parameterSets, int ciphertexts) {
    FieldReader in = FieldReader.of(metadata, where);
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    long rows = in.integer("rows", 0, MAX_ROWS);
    List<Fingerprint> parameters = new ArrayList<>();
    for (Cbor each : in.array("parameters")) {
      if (!(each instanceof Cbor.Bytes bytes) || bytes.value().length != Fingerprint.LENGTH) {
        throw in.wrong("parameters", "holds something else than fingerprints");
      }
      parameters.add(Fingerprint.fromBytes(bytes.value()));
    }
    if (parameters.size() != parameterSets) {
      throw in.wrong("parameters", "does not match the parameter sections");
    }
    List<SwitchKeyEntry> switchKeys = SwitchKeyEntry.read(in, where, parameterSets);
    List<ColumnEntry> columns = columns(in, where, parameterSets, ciphertexts);
    in.finish();
    return new TableMetadata(keyId, rows, parameters, switchKeys, columns);
  }

  private static List<ColumnEntry> columns(
      FieldReader in, String where, int parameterSets, int ciphertexts) {
    List<Cbor> entries = in.array("columns");
    if (entries.size() > MAX_COLUMNS) {
      throw in.wrong("columns", "has more than " + MAX_COLUMNS + " entries");
    }
    List<ColumnEntry> columns = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (Cbor entry : entries) {
      ColumnEntry column =
          ColumnEntry.of(
              FieldReader.of(entry, where + " column " + (columns.size() + 1)),
              parameterSets,
              ciphertexts);
      if (!seen.add(List.of(column.name(), column.operation()))) {
        throw in.wrong("columns", "has \"" + column.name() + "\" twice");
      }
      columns.add(column);
    }
    return columns;
  }
}
