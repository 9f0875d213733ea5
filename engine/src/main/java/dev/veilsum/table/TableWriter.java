package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
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
  private static final int COLUMN_ITEMS = 32;
  private static final int ENCODING_ITEMS = 16;

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

  /** Starts with all that a table has, byte for byte, to be appended to. */
  static TableWriter copyOf(EncryptedTable table, ContainerWriter out) {
    TableWriter writer = new TableWriter(out, table.keyId(), table.parameters());
    for (SectionType type : SectionType.values()) {
      if (type == SectionType.PARAMETERS || type == SectionType.METADATA) {
        continue; // written already, and at the end
      }
      for (int i = 0; i < table.container().count(type); i++) {
        out.add(type, table.container().read(type, i));
      }
    }
    writer.addSwitchKeys(table.metadata().switchKeys());
    writer.count(table.segments().size());
    for (ColumnEntry column : table.columns()) {
      Column copy = writer.addColumn(column.name(), column.kind(), column.operation());
      column.encodings().forEach(copy::addCopy);
    }
    return writer;
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

  /** A column, which is laid down in the encodings that are added to it. */
  Column addColumn(String name, ColumnKind kind, Optional<Operation> operation) {
    count(COLUMN_ITEMS);
    Column column = new Column(name, kind, operation);
    columns.add(column);
    return column;
  }

  /** The column of a name, which is added where it is not there. */
  Column column(String name, ColumnKind kind) {
    return columns.stream()
        .filter(column -> column.name.equals(name))
        .findFirst()
        .orElseGet(() -> addColumn(name, kind, Optional.empty()));
  }

  /** Refuses, while it is being written, a table whose metadata nobody would read. */
  private void count(int more) {
    if (items + more > Cbor.MAX_ITEMS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a table has at most about %d ciphertexts; split the input into several tables"
              .formatted(Cbor.MAX_ITEMS));
    }
    items += more;
  }

  /** Makes room for the row counts of segments. */
  void expectSegments(int segments) {
    count(segments);
  }

  /** Ends a file of one segment, or a result, and makes it appear. */
  void finish(long rows) {
    finish(List.of(rows));
  }

  /** Ends the file, whose segments have so many rows, and makes it appear. */
  void finish(List<Long> segments) {
    out.add(
        new TableMetadata(
                keyId,
                segments,
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
    private final Optional<Operation> operation;
    private final List<Encoding> encodings = new ArrayList<>();

    private Column(String name, ColumnKind kind, Optional<Operation> operation) {
      this.name = name;
      this.kind = kind;
      this.operation = operation;
    }

    /** An encoding with one row a slot. */
    Encoding addEncoding(EncodingRole role, RlweParameters set, int parts) {
      return addEncoding(role, set, TableScheme.rowsPerChunk(set), parts);
    }

    /** An encoding whose chunks will be added part by part, each part's in the order of rows. */
    Encoding addEncoding(EncodingRole role, RlweParameters set, int rowsPerChunk, int parts) {
      return add(new Encoding(role, parameters.indexOf(set), rowsPerChunk, parts));
    }

    /** The encoding of a plan, which is added where it is not there. */
    Encoding encoding(TablePlan.Encoding planned) {
      int set = planned.set().map(parameters::indexOf).orElse(ColumnEncoding.IN_THE_CLEAR);
      return encodings.stream()
          .filter(each -> each.role == planned.role() && each.set == set)
          .findFirst()
          .orElseGet(
              () ->
                  add(new Encoding(planned.role(), set, planned.rowsPerChunk(), planned.parts())));
    }

    private void addCopy(ColumnEncoding of) {
      Encoding copy =
          add(new Encoding(of.role(), of.parameters(), of.rowsPerChunk(), of.parts().size()));
      count(of.chunks());
      for (int part = 0; part < of.parts().size(); part++) {
        copy.parts.get(part).addAll(of.parts().get(part));
      }
    }

    private Encoding add(Encoding encoding) {
      count(ENCODING_ITEMS + encoding.parts.size());
      encodings.add(encoding);
      return encoding;
    }

    private ColumnEntry entry() {
      return new ColumnEntry(
          name, kind, encodings.stream().map(Encoding::entry).toList(), operation);
    }
  }

  /** An encoding of a column that is being written. */
  final class Encoding {
    private final EncodingRole role;
    private final int set;
    private final int rowsPerChunk;
    private final List<List<Integer>> parts = new ArrayList<>();

    private Encoding(EncodingRole role, int set, int rowsPerChunk, int parts) {
      this.role = role;
      this.set = set;
      this.rowsPerChunk = rowsPerChunk;
      for (int i = 0; i < parts; i++) {
        this.parts.add(new ArrayList<>());
      }
    }

    /** Appends the next chunk of a part. */
    void addChunk(int part, ByteBuffer packed) {
      count(1);
      SectionType type = role == EncodingRole.TOKENS ? SectionType.TOKENS : SectionType.CIPHERTEXT;
      parts.get(part).add(out.add(type, packed));
    }

    private ColumnEncoding entry() {
      return new ColumnEncoding(role, set, rowsPerChunk, parts);
    }
  }
}
