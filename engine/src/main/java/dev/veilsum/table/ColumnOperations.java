package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.Operation;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Computes new columns row by row without any key, and writes them as a table that can be asked in
 * turn. Ranges travel along: what could leave the range of whole numbers is refused beforehand.
 */
public final class ColumnOperations {
  /** The scale at which a real factor is encoded: 40 bits of its fraction count. */
  private static final double FACTOR_SCALE = 0x1p40;

  private final OrderedPool pool;

  /** On the threads of a pool that stays open. */
  public ColumnOperations(OrderedPool pool) {
    this.pool = pool;
  }

  /** A column of a table. */
  public record Operand(EncryptedTable table, String column) {
    private ColumnEntry entry() {
      return table.column(column);
    }

    private ColumnEncoding encoding() {
      return table.values(entry());
    }

    private RlweParameters parameters() {
      return table.parametersOf(encoding());
    }

    private SchemeBackend scheme() {
      return table.schemeOf(encoding());
    }

    private Chunks chunks() {
      return table.chunks(encoding(), 0);
    }
  }

  /** Two columns become one. */
  public enum Binary {
    ADD("add", "+"),
    SUB("sub", "-"),
    MUL("mul", "*");

    private final String text;
    private final String symbol;

    Binary(String text, String symbol) {
      this.text = text;
      this.symbol = symbol;
    }
  }

  /**
   * Writes a table with the one column a + b, a - b or a * b.
   *
   * @throws VeilsumException BAD_INPUT where rows differ in number; PARAMETER_MISMATCH for columns
   *     of different kinds; KEY_MISMATCH; OUT_OF_RANGE; NOISE_BUDGET; MISSING_KEY
   */
  public void combine(Binary operation, Operand a, Operand b, AtomicOutput out) {
    SameKey.require(a.table(), b.table());
    requireAlike(operation, a, b);
    ColumnKind kind =
        RangeArithmetic.combine(a.parameters(), operation, a.entry().kind(), b.entry().kind());
    SchemeBackend scheme = a.scheme();
    Chunks left = a.chunks();
    Chunks right = b.chunks();
    write(
        out,
        a,
        a.column() + operation.symbol + b.column(),
        kind,
        new Operation(operation.text, List.of(a.column(), b.column()), Map.of()),
        chunk -> {
          try (Reference.Ciphertext x = left.load(chunk);
              Reference.Ciphertext y = right.load(chunk)) {
            return switch (operation) {
              case ADD -> Scales.add(scheme, x, y);
              case SUB -> Scales.subtract(scheme, x, y);
              case MUL ->
                  a.table().naming(() -> product(scheme, x, y, a.table().keysOf(a.parameters())));
            };
          }
        });
  }

  private static Reference.Ciphertext product(
      SchemeBackend scheme,
      Reference.Ciphertext x,
      Reference.Ciphertext y,
      Reference.EvaluationKeys keys) {
    try (Reference.Ciphertext tensor = scheme.multiply(x, y)) {
      return scheme.relinearize(tensor, keys);
    }
  }

  /**
   * Writes a table with the one column factor * a.
   *
   * @param factor finite and not 0; for whole numbers a whole number. A fraction is taken to 40
   *     bits after the point
   */
  public void scale(Operand a, double factor, AtomicOutput out) {
    if (!Double.isFinite(factor) || factor == 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a column is scaled by a finite number other than 0, not " + factor);
    }
    ColumnEntry column = a.entry();
    ColumnKind kind = RangeArithmetic.scale(a.parameters(), column.name(), column.kind(), factor);
    SchemeBackend scheme = a.scheme();
    Chunks chunks = a.chunks();
    write(
        out,
        a,
        text(factor) + "*" + a.column(),
        kind,
        new Operation("scale", List.of(a.column()), Map.of("factor", factor)),
        chunk -> {
          try (Reference.Ciphertext x = chunks.load(chunk)) {
            return scaled(scheme, x, factor);
          }
        });
  }

  private static Reference.Ciphertext scaled(
      SchemeBackend scheme, Reference.Ciphertext x, double factor) {
    if (scheme instanceof BfvBackend bfv) {
      return bfv.multiplyScalar(x, (long) factor);
    }
    boolean whole = factor == Math.rint(factor) && Math.abs(factor) <= FACTOR_SCALE;
    return ((CkksBackend) scheme).multiplyScalar(x, factor, whole ? 1 : FACTOR_SCALE);
  }

  private static String text(double factor) {
    return factor == Math.rint(factor) && Math.abs(factor) < 1e15
        ? String.valueOf((long) factor)
        : String.valueOf(factor);
  }

  private static void requireAlike(Binary operation, Operand a, Operand b) {
    ColumnKind left = a.entry().kind();
    ColumnKind right = b.entry().kind();
    if (!RangeArithmetic.isNumber(left)
        || left.getClass() != right.getClass()
        || RangeArithmetic.places(left) != RangeArithmetic.places(right)
        || !a.parameters().equals(b.parameters())) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s of %s (%s) and %s (%s): two columns of numbers of one kind are needed"
              .formatted(operation.text, a.column(), left.text(), b.column(), right.text()));
    }
    if (!a.table().segments().equals(b.table().segments())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s has %d rows and %s has %d; row by row they must be as many, appended alike"
              .formatted(a.table().name(), a.table().rows(), b.table().name(), b.table().rows()));
    }
  }

  private void write(
      AtomicOutput out,
      Operand from,
      String name,
      ColumnKind kind,
      Operation operation,
      IntFunction<Reference.Ciphertext> compute) {
    RlweParameters set = from.parameters();
    SchemeBackend scheme = from.scheme();
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, from.table().keyId(), List.of(set));
      writer.addSwitchKeys(from.table().copySwitchKeys(writer, set));
      TableWriter.Encoding column =
          writer
              .addColumn(name, kind, Optional.of(operation))
              .addEncoding(EncodingRole.VALUES, set, 1);
      pool.map(
          IntStream.range(0, from.chunks().count()).iterator(),
          chunk -> packed(scheme, compute.apply(chunk)),
          bytes -> column.addChunk(0, bytes));
      writer.finish(from.table().segments().stream().map(EncryptedTable.Segment::rows).toList());
    }
  }

  private static ByteBuffer packed(SchemeBackend scheme, Reference.Ciphertext c) {
    try (c) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedBytes(c));
      scheme.packCiphertext(c, bytes);
      return bytes.flip();
    }
  }
}
