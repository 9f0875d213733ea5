package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowBatch;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lays down one encoding of a column, batch after batch of one segment's rows. Tasks run on any
 * thread; what they return runs on one, in the order of the tasks.
 */
abstract class EncodingWriter {
  private final int rowsPerTask;

  private EncodingWriter(int rowsPerTask) {
    this.rowsPerTask = rowsPerTask;
  }

  static EncodingWriter of(
      TableKey key,
      ColumnDeclaration declared,
      int column,
      TablePlan.Encoding encoding,
      TableWriter.Encoding to) {
    if (encoding.role() == EncodingRole.TOKENS) {
      return new TokenWriter(key, declared.name(), column, to);
    }
    RlweParameters set = encoding.set().orElseThrow();
    return encoding.role() == EncodingRole.EXTREMES
        ? new ExtremesWriter(
            key, (ColumnKind.FixedPoint) declared.kind(), (BfvParameters) set, column, to)
        : new SlotWriter(key, declared.kind(), encoding, column, to);
  }

  /** A batch has a multiple of these rows, but for the last. */
  final int rowsPerTask() {
    return rowsPerTask;
  }

  /** The work on a batch. */
  abstract Stream<Supplier<Runnable>> tasks(RowBatch batch);

  /** Writes what is left at the segment's end. */
  void finish() {}

  /** The blocks of a batch's rows, by their offsets. */
  final IntStream offsets(RowBatch batch) {
    return IntStream.iterate(0, offset -> offset < batch.rows(), offset -> offset + rowsPerTask);
  }

  final int length(RowBatch batch, int offset) {
    return Math.min(rowsPerTask, batch.rows() - offset);
  }

  private static ByteBuffer encrypted(
      TableKey key, SchemeBackend scheme, Supplier<Reference.Plaintext> encode) {
    try (Reference.Plaintext plain = encode.get();
        Reference.Ciphertext chunk = key.encrypt(scheme, plain)) {
      ByteBuffer packed = ByteBuffer.allocateDirect(scheme.packedBytes(chunk));
      scheme.packCiphertext(chunk, packed);
      return packed.flip();
    }
  }

  /** A row a slot: chunk after chunk, and part after part of each. */
  private static final class SlotWriter extends EncodingWriter {
    private final TableKey key;
    private final SchemeBackend scheme;
    private final ColumnEncoder encoder;
    private final int parts;
    private final TableWriter.Encoding to;

    SlotWriter(
        TableKey key,
        ColumnKind kind,
        TablePlan.Encoding encoding,
        int column,
        TableWriter.Encoding to) {
      super(encoding.rowsPerChunk());
      this.key = key;
      this.scheme = key.scheme(encoding.set().orElseThrow());
      this.encoder = ColumnEncoder.of(kind, encoding.role(), column);
      this.parts = encoding.parts();
      this.to = to;
    }

    @Override
    Stream<Supplier<Runnable>> tasks(RowBatch batch) {
      return offsets(batch)
          .boxed()
          .flatMap(
              offset ->
                  IntStream.range(0, parts).mapToObj(part -> () -> task(batch, part, offset)));
    }

    private Runnable task(RowBatch batch, int part, int offset) {
      ByteBuffer packed =
          encrypted(
              key,
              scheme,
              () -> encoder.encode(scheme, batch, part, offset, length(batch, offset)));
      return () -> to.addChunk(part, packed);
    }
  }

  /** The extremes of each block, gathered until a ciphertext is full. */
  private static final class ExtremesWriter extends EncodingWriter {
    private final TableKey key;
    private final BfvBackend scheme;
    private final BlockExtremes layout;
    private final int column;
    private final TableWriter.Encoding to;
    private final long[] slots;
    private int blocks;

    ExtremesWriter(
        TableKey key,
        ColumnKind.FixedPoint kind,
        BfvParameters set,
        int column,
        TableWriter.Encoding to) {
      super(BlockExtremes.of(kind, set).rowsPerBlock());
      this.key = key;
      this.scheme = (BfvBackend) key.scheme(set);
      this.layout = BlockExtremes.of(kind, set);
      this.column = column;
      this.to = to;
      this.slots = new long[layout.blocksPerCiphertext() * layout.slotsPerBlock()];
    }

    @Override
    Stream<Supplier<Runnable>> tasks(RowBatch batch) {
      return offsets(batch)
          .mapToObj(
              offset ->
                  () -> {
                    long[] block =
                        layout.block(batch.integers(column), offset, length(batch, offset));
                    return () -> add(block);
                  });
    }

    private void add(long[] block) {
      System.arraycopy(block, 0, slots, blocks++ * block.length, block.length);
      Arrays.fill(block, 0);
      if (blocks == layout.blocksPerCiphertext()) {
        finish();
      }
    }

    @Override
    void finish() {
      if (blocks > 0) {
        to.addChunk(
            0,
            encrypted(key, scheme, () -> scheme.encode(slots, 0, blocks * layout.slotsPerBlock())));
        Arrays.fill(slots, 0);
        blocks = 0;
      }
    }
  }

  /** Keyed tokens. */
  private static final class TokenWriter extends EncodingWriter {
    private final SearchKey key;
    private final String name;
    private final int column;
    private final TableWriter.Encoding to;

    TokenWriter(TableKey key, String name, int column, TableWriter.Encoding to) {
      super(ColumnShape.TOKEN_ROWS_PER_CHUNK);
      this.key = key.searchKey(name);
      this.name = name;
      this.column = column;
      this.to = to;
    }

    @Override
    Stream<Supplier<Runnable>> tasks(RowBatch batch) {
      return offsets(batch).mapToObj(offset -> () -> task(batch, offset));
    }

    private Runnable task(RowBatch batch, int offset) {
      int length = length(batch, offset);
      ByteBuffer tokens = ByteBuffer.allocate(length * SearchKey.TOKEN_BYTES);
      for (int i = 0; i < length; i++) {
        tokens.put(key.token(name, batch.texts(column)[offset + i]));
      }
      tokens.flip();
      return () -> to.addChunk(0, tokens);
    }
  }
}
