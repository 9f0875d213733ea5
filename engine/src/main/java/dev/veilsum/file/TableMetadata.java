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
 * @param segments how many rows each append brought, the first one first; a result has one, the
 *     rows that it is about
 * @param parameters the fingerprints of its parameter sets; the PARAMETERS sections have their
 *     bytes in the same order
 * @param switchKeys the public key-switching keys that it carries for those who compute on it, in
 *     the order of the SWITCH_KEY sections
 * @param columns its columns, in the order of the input or of the computation
 */
public record TableMetadata(
    KeyId keyId,
    List<Long> segments,
    List<Fingerprint> parameters,
    List<SwitchKeyEntry> switchKeys,
    List<ColumnEntry> columns) {
  private static final int MAX_COLUMNS = 1 << 16;
  private static final long MAX_ROWS = 1L << 48;
  private static final int MAX_SEGMENTS = 1 << 16;

  public TableMetadata {
    segments = List.copyOf(segments);
    parameters = List.copyOf(parameters);
    switchKeys = List.copyOf(switchKeys);
    columns = List.copyOf(columns);
  }

  /** How many rows there are in all. */
  public long rows() {
    return segments.stream().mapToLong(Long::longValue).sum();
  }

  /** The column of this name. */
  public Optional<ColumnEntry> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The record that stands in the METADATA section. */
  public Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("key", Cbor.of(keyId.bytes()));
    fields.put("segments", new Cbor.Array(segments.stream().map(Cbor::of).toList()));
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
        of(container.metadata(), container.name(), ColumnEncoding.SectionCounts.of(container));
    SwitchKeyEntry.requireSections(metadata.switchKeys(), container);
    return metadata;
  }

  /** Reads the record of a container with so many sections. */
  static TableMetadata of(Cbor metadata, String where, ColumnEncoding.SectionCounts counts) {
    FieldReader in = FieldReader.of(metadata, where);
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    List<Long> segments = segments(in);
    List<Fingerprint> parameters = new ArrayList<>();
    for (Cbor each : in.array("parameters")) {
      if (!(each instanceof Cbor.Bytes bytes) || bytes.value().length != Fingerprint.LENGTH) {
        throw in.wrong("parameters", "holds something else than fingerprints");
      }
      parameters.add(Fingerprint.fromBytes(bytes.value()));
    }
    if (parameters.size() != counts.parameterSets()) {
      throw in.wrong("parameters", "does not match the parameter sections");
    }
    List<SwitchKeyEntry> switchKeys = SwitchKeyEntry.read(in, where, counts.parameterSets());
    List<ColumnEntry> columns = columns(in, where, counts);
    in.finish();
    return new TableMetadata(keyId, segments, parameters, switchKeys, columns);
  }

  private static List<Long> segments(FieldReader in) {
    List<Cbor> entries = in.array("segments");
    if (entries.isEmpty() || entries.size() > MAX_SEGMENTS) {
      throw in.wrong("segments", "has not 1 to " + MAX_SEGMENTS + " entries");
    }
    List<Long> segments = new ArrayList<>();
    long rows = 0;
    for (Cbor entry : entries) {
      if (!(entry instanceof Cbor.Int i) || i.value() < 0 || i.value() > MAX_ROWS - rows) {
        throw in.wrong("segments", "is not a list of row counts");
      }
      rows += i.value();
      segments.add(i.value());
    }
    return segments;
  }

  private static List<ColumnEntry> columns(
      FieldReader in, String where, ColumnEncoding.SectionCounts counts) {
    List<Cbor> entries = in.array("columns");
    if (entries.size() > MAX_COLUMNS) {
      throw in.wrong("columns", "has more than " + MAX_COLUMNS + " entries");
    }
    List<ColumnEntry> columns = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (Cbor entry : entries) {
      String place = where + " column " + (columns.size() + 1);
      ColumnEntry column = ColumnEntry.of(FieldReader.of(entry, place), place, counts);
      if (!seen.add(List.of(column.name(), column.operation()))) {
        throw in.wrong("columns", "has \"" + column.name() + "\" twice");
      }
      columns.add(column);
    }
    return columns;
  }
}
