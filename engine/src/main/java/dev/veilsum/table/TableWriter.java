package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.Operation;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the sections of a table or a result as they come, and its metadata at the end. */
final class TableWriter {
  // Items of the metadata: names and values, rounded up.
  private static final int HEADER_ITEMS = 64;
  private static final int SWITCH_KEY_ITEMS = 8;
  private static final int COLUMN_ITEMS = 64;

  private final ContainerWriter out;
  private final KeyId keyId;
  private final List<RlweParameters> parameters;
  private final List<SwitchKeyEntry> switchKeys = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private int items = HEADER_ITEMS; // a bound on those of the metadata

  /** Starts with the parameter sets. */
  TableWriter(ContainerWriter out, KeyId keyId, List<RlweParameters> parameters) {
    this.out = out;
    this.keyId = keyId;
    this.parameters = List.copyOf(parameters);
    ParameterSections.write(out, parameters);
  }

  List<RlweParameters> parameters() {
    return parameters;
  }

  ContainerWriter container() {
    return out;
  }

  /** Notes key-switching keys that were appended to the container. */
  void addSwitchKeys(List<SwitchKeyEntry> entries) {
    switchKeys.addAll(entries);
    count(SWITCH_KEY_ITEMS * entries.size());
  }

  /** A column whose chunks will be added part by part, each part's in the order of rows. */
  Column addColumn(
      String name, ColumnKind kind, RlweParameters set, int parts, Operation operation) {
    count(COLUMN_ITEMS + parts);
    Column column = new Column(name, kind, set, parts, Optional.ofNullable(operation));
    columns.add(column);
    return column;
  }

  /** Refuses, while it is being written, a table whose metadata nobody would read. */
  private void count(int more) {
    items += more;
    if (items > Cbor.MAX_ITEMS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a table has at most about %d ciphertexts; split the input into several tables"
              .formatted(Cbor.MAX_ITEMS));
    }
  }

  /** Ends the file and makes it appear. */
  void finish(long rows) {
    out.add(
        new TableMetadata(
                keyId,
                rows,
                parameters.stream().map(RlweParameters::fingerprint).toList(),
                switchKeys,
                columns.stream().map(Column::entry).toList())
            .toCbor());
    out.finish();
  }

  /** A column that is being written. */
  final class Column {
    private final String name;
    private final ColumnKind kind;
    private final RlweParameters set;
    private final Optional<Operation> operation;
    private final List<List<Integer>> parts = new ArrayList<>();

    private Column(
        String name,
        ColumnKind kind,
        RlweParameters set,
        int parts,
        Optional<Operation> operation) {
      this.name = name;
      this.kind = kind;
      this.set = set;
      this.operation = operation;
      for (int i = 0; i < parts; i++) {
        this.parts.add(new ArrayList<>());
      }
    }

    /** Appends the next chunk of a part. */
    void addChunk(int part, ByteBuffer packed) {
      count(1);
      parts.get(part).add(out.add(SectionType.CIPHERTEXT, packed));
    }

    private ColumnEntry entry() {
      return new ColumnEntry(
          name, kind, parameters.indexOf(set), TableScheme.rowsPerChunk(set), parts, operation);
    }
  }
}
