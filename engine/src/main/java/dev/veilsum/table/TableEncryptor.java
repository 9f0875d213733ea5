package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowBatch;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.EncryptedTable.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Encrypts rows into a table, a batch at a time: memory does not grow with the number of rows. A
 * table also carries the public keys that questions about it take, so that it can be computed on by
 * whoever has it.
 */
public final class TableEncryptor {
  private final TableKey key;
  private final OrderedPool pool;

  /** Encrypts for one key, on the threads of a pool that stays open. */
  public TableEncryptor(TableKey key, OrderedPool pool) {
    this.key = key;
    this.pool = pool;
  }

  /**
   * What was written.
   *
   * @param rows rows that were read
   * @param bytes of the table, with what it had before
   */
  public record Summary(long rows, long bytes) {}

  /**
   * Encrypts a table with the parameters that {@link TablePlan} chooses for its columns.
   *
   * @see #encrypt(RowSource, TablePlan, AtomicOutput, LongConsumer)
   */
  public Summary encrypt(
      RowSource source, List<ColumnDeclaration> columns, AtomicOutput out, LongConsumer progress) {
    return encrypt(source, TablePlan.of(columns, Optional.empty()), out, progress);
  }

  /**
   * Reads all rows, perhaps none, and writes the table, which appears whole or not at all.
   *
   * @param source rows of exactly the plan's columns
   * @param progress is told the number of rows of each batch
   * @throws VeilsumException BAD_INPUT and OUT_OF_RANGE from the rows; PARAMETER_MISMATCH and
   *     MISSING_KEY for a public key file without the keys of a column; IO
   */
  public Summary encrypt(
      RowSource source, TablePlan plan, AtomicOutput out, LongConsumer progress) {
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, key.keyId(), plan.sets());
      for (int i = 0; i < plan.sets().size(); i++) {
        writer.addSwitchKeys(key.writeQuestionKeys(container, plan.sets().get(i), i));
      }
      long rows = encryptSegment(source, plan, writer, progress);
      writer.finish(rows);
      return new Summary(rows, container.bytesWritten());
    }
  }

  /**
   * The columns of a table as rows for it are declared.
   *
   * @param declared in any order, each with the name and kind of one of the table's columns; or
   *     none, for all of them under their own names
   * @throws VeilsumException PARAMETER_MISMATCH where they are not the table's; UNSUPPORTED for a
   *     table that was computed
   */
  public static List<ColumnDeclaration> columnsOf(
      EncryptedTable table, List<ColumnDeclaration> declared) {
    List<ColumnDeclaration> columns = new ArrayList<>();
    for (ColumnEntry column : table.columns()) {
      if (column.operation().isPresent()) {
        throw new VeilsumException(
            ErrorCode.UNSUPPORTED,
            "the column %s of %s was computed; append to the tables that it was computed from"
                .formatted(column.name(), table.name()));
      }
      ColumnDeclaration same = new ColumnDeclaration(column.name(), column.kind());
      columns.add(
          declared.stream()
              .filter(each -> each.name().equals(column.name()))
              .filter(each -> each.kind().equals(column.kind()))
              .findFirst()
              .orElse(declared.isEmpty() ? same : null));
    }
    if (columns.contains(null) || !declared.isEmpty() && declared.size() != columns.size()) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s has the columns %s; append the same ones, of the same kinds"
              .formatted(
                  table.name(),
                  table.columns().stream().map(c -> c.name() + "=" + c.kind().text()).toList()));
    }
    return columns;
  }

  /**
   * Writes a table with the rows of another and those of the source after them, as a segment of
   * their own. What was there is copied byte for byte. Sorted columns ascend inside each segment.
   *
   * @param table opened; {@code out} may be the file that it is in
   * @param columns as {@link #columnsOf} gives them; the source has exactly them
   * @throws VeilsumException KEY_MISMATCH for a table under another key; as {@link #encrypt}
   */
  public Summary append(
      EncryptedTable table,
      RowSource source,
      List<ColumnDeclaration> columns,
      AtomicOutput out,
      LongConsumer progress) {
    if (!table.keyId().equals(key.keyId())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is under the key %s, and this is the key %s; append with the key it was made for"
              .formatted(table.name(), table.keyId(), key.keyId()));
    }
    TablePlan plan = TablePlan.of(table, columnsOf(table, columns));
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.TABLE)) {
      TableWriter writer = TableWriter.copyOf(table, container);
      long rows = encryptSegment(source, plan, writer, progress);
      List<Long> segments = new ArrayList<>(table.segments().stream().map(Segment::rows).toList());
      segments.add(rows);
      writer.finish(segments);
      return new Summary(rows, container.bytesWritten());
    }
  }

  private long encryptSegment(
      RowSource source, TablePlan plan, TableWriter writer, LongConsumer progress) {
    List<EncodingWriter> written = new ArrayList<>();
    int batchRows = 1;
    for (int i = 0; i < plan.columns().size(); i++) {
      TablePlan.Column column = plan.columns().get(i);
      TableWriter.Column to = writer.column(column.declared().name(), column.declared().kind());
      for (TablePlan.Encoding encoding : column.encodings()) {
        EncodingWriter each =
            EncodingWriter.of(key, column.declared(), i, encoding, to.encoding(encoding));
        written.add(each);
        batchRows = Math.max(batchRows, each.rowsPerTask());
      }
    }
    RowBatch batch = new RowBatch(plan.declarations(), batchRows);
    long rows = 0;
    while (source.read(batch) > 0) {
      pool.map(
          written.stream().flatMap(each -> each.tasks(batch)).iterator(),
          Supplier::get,
          Runnable::run);
      rows += batch.rows();
      progress.accept(batch.rows());
    }
    written.forEach(EncodingWriter::finish);
    return rows;
  }
}
