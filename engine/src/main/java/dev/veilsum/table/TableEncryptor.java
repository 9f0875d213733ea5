package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowBatch;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
   * @param bytes of the table
   */
  public record Summary(long rows, long bytes) {}

  /**
   * Reads all rows and writes the table, which appears whole or not at all.
   *
   * @param source rows of exactly these columns
   * @param progress is told the number of rows of each batch
   * @throws VeilsumException USAGE where no column is declared; BAD_INPUT and OUT_OF_RANGE from the
   *     rows, and where there are none; PARAMETER_MISMATCH and MISSING_KEY for a public key file
   *     without the keys of a column; IO
   */
  public Summary encrypt(
      RowSource source, List<ColumnDeclaration> columns, AtomicOutput out, LongConsumer progress) {
    if (columns.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "no column is declared, so nothing would be encrypted; declare each as NAME=KIND");
    }
    columns.forEach(TableEncryptor::requireKind);
    columns.forEach(TableEncryptor::requireRange);
    List<RlweParameters> sets =
        columns.stream().map(c -> TableScheme.parametersOf(c.kind())).distinct().toList();
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, key.keyId(), sets);
      for (int i = 0; i < sets.size(); i++) {
        writer.addSwitchKeys(key.writeQuestionKeys(container, sets.get(i), i));
      }
      long rows = encryptRows(source, columns, writer, progress);
      if (rows == 0) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "the input has no rows, so there is nothing to encrypt");
      }
      writer.finish(rows);
      return new Summary(rows, container.bytesWritten());
    }
  }

  private long encryptRows(
      RowSource source,
      List<ColumnDeclaration> columns,
      TableWriter writer,
      LongConsumer progress) {
    List<Column> written = new ArrayList<>();
    int batchRows = 1;
    for (int i = 0; i < columns.size(); i++) {
      Column column = new Column(columns.get(i), i, writer);
      written.add(column);
      batchRows = Math.max(batchRows, column.rowsPerChunk);
    }
    RowBatch batch = new RowBatch(columns, batchRows);
    long rows = 0;
    while (source.read(batch) > 0) {
      pool.map(
          written.stream().flatMap(column -> column.chunksOf(batch)).iterator(),
          Supplier::get,
          Chunk::write);
      rows += batch.rows();
      progress.accept(batch.rows());
    }
    return rows;
  }

  private static void requireKind(ColumnDeclaration column) {
    ColumnKind kind = column.kind();
    if (!(kind instanceof ColumnKind.Real
        || kind instanceof ColumnKind.Integer
        || kind instanceof ColumnKind.Category)) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED, "%s: columns of kind %s".formatted(column.name(), kind.text()));
    }
  }

  /** A range that the plain modulus cannot hold is refused before any row is read. */
  private static void requireRange(ColumnDeclaration column) {
    if (column.kind() instanceof ColumnKind.Integer integer) {
      BfvParameters bfv = (BfvParameters) TableScheme.parametersOf(integer);
      if (integer.min() < bfv.minValue() || integer.max() > bfv.maxValue()) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "the column %s is declared %s; integers from %d to %d can be encrypted"
                .formatted(column.name(), integer.text(), bfv.minValue(), bfv.maxValue()));
      }
    }
  }

  /** An encrypted chunk and where it belongs. */
  private record Chunk(TableWriter.Encoding column, int part, ByteBuffer packed) {
    void write() {
      column.addChunk(part, packed);
    }
  }

  private final class Column {
    private final int number;
    private final ColumnEncoder encoder;
    private final SchemeBackend scheme;
    private final int rowsPerChunk;
    private final TableWriter.Encoding written;

    Column(ColumnDeclaration declared, int number, TableWriter writer) {
      RlweParameters set = TableScheme.parametersOf(declared.kind());
      this.number = number;
      this.encoder = ColumnEncoder.of(declared.kind());
      this.scheme = key.scheme(set);
      this.rowsPerChunk = TableScheme.rowsPerChunk(set);
      this.written =
          writer
              .addColumn(declared.name(), declared.kind(), Optional.empty())
              .addEncoding(ColumnShape.mainRole(declared.kind()), set, encoder.parts());
    }

    /** The work of encrypting a batch: chunk after chunk, and part after part of each. */
    Stream<Supplier<Chunk>> chunksOf(RowBatch batch) {
      int chunks = (batch.rows() + rowsPerChunk - 1) / rowsPerChunk;
      return IntStream.range(0, chunks * encoder.parts())
          .mapToObj(
              i -> {
                int part = i % encoder.parts();
                int offset = i / encoder.parts() * rowsPerChunk;
                int length = Math.min(rowsPerChunk, batch.rows() - offset);
                return () -> new Chunk(written, part, encrypted(batch, part, offset, length));
              });
    }

    private ByteBuffer encrypted(RowBatch batch, int part, int offset, int length) {
      try (Reference.Plaintext plain = encoder.encode(scheme, batch, number, part, offset, length);
          Reference.Ciphertext chunk = key.encrypt(scheme, plain)) {
        ByteBuffer packed = ByteBuffer.allocateDirect(scheme.packedBytes(chunk));
        scheme.packCiphertext(chunk, packed);
        return packed.flip();
      }
    }
  }
}
