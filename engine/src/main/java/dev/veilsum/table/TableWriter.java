package dev.veilsum.table;

import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.Operation;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the sections of a table or a result as they come, and its metadata at the end. */
final class TableWriter {
  private final ContainerWriter out;
  private final KeyId keyId;
  private final List<RlweParameters> parameters;
  private final List<SwitchKeyEntry> switchKeys = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();

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
  }

  /** A column whose chunks will be added part by part, each part's in the order of rows. */
  Column addColumn(
      String name, ColumnKind kind, RlweParameters set, int parts, Operation operation) {
    Column column = new Column(name, kind, set, parts, Optional.ofNullable(operation));
    columns.add(column);
    return column;
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
      parts.get(part).add(out.add(SectionType.CIPHERTEXT, packed));
    }

    private ColumnEntry entry() {
      return new ColumnEntry(
          name, kind, parameters.indexOf(set), TableScheme.rowsPerChunk(set), parts, operation);
    }
  }
}
