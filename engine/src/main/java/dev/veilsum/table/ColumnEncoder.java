package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.rows.RowBatch;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import java.util.Arrays;

/**
 * Turns the rows of a column into plaintexts, a row a slot. No branch and no index depends on a
 * value; what is computed on the way is wiped.
 */
interface ColumnEncoder {
  /**
   * Encodes one part of the rows from {@code offset} on.
   *
   * @param length at most the slots of a ciphertext
   */
  Reference.Plaintext encode(SchemeBackend scheme, RowBatch rows, int part, int offset, int length);

  /** The encoder of a role of a column, by its number in the batch. */
  static ColumnEncoder of(ColumnKind kind, EncodingRole role, int column) {
    return switch (role) {
      case VALUES ->
          kind instanceof ColumnKind.Real real
              ? (scheme, rows, part, offset, length) ->
                  encodeReals(scheme, rows.reals(column), offset, length, real.bound())
              : (scheme, rows, part, offset, length) ->
                  ((BfvBackend) scheme).encode(rows.integers(column), offset, length);
      case SQUARES ->
          kind instanceof ColumnKind.Real real
              ? (scheme, rows, part, offset, length) ->
                  encodeSquares(scheme, rows.reals(column), offset, length, real.bound())
              : slots(
                  (rows, part, row) -> {
                    long value = rows.integers(column)[row];
                    return value * value;
                  });
      case DIGITS -> digits((ColumnKind.Digits) kind, column);
      case MASKS -> masks(kind, column);
      case EXTREMES, TOKENS, TOTALS ->
          throw new IllegalArgumentException(role + " are not encoded a row a slot");
    };
  }

  /**
   * Real numbers v with |v| <= B at scale s / 2^k, 2^k the least power of two that is not below B
   * and s the parameters' scale: so precision is relative to the declared range, and the scales of
   * two columns differ by a power of two.
   */
  private static Reference.Plaintext encodeReals(
      SchemeBackend scheme, double[] values, int offset, int length, double bound) {
    CkksBackend ckks = (CkksBackend) scheme;
    CkksParameters parameters = ckks.parameters();
    int exponent = Math.getExponent(bound);
    int k = bound > Math.scalb(1.0, exponent) ? exponent + 1 : exponent;
    return ckks.encode(
        values,
        offset,
        length,
        bound,
        parameters.slots(),
        parameters.maxLevel(),
        Math.scalb(parameters.scale(), -k));
  }

  private static Reference.Plaintext encodeSquares(
      SchemeBackend scheme, double[] values, int offset, int length, double bound) {
    double[] squares = new double[length];
    try {
      for (int i = 0; i < length; i++) {
        squares[i] = values[offset + i] * values[offset + i];
      }
      return encodeReals(scheme, squares, 0, length, bound * bound);
    } finally {
      Arrays.fill(squares, 0);
    }
  }

  /** The integer of one slot. */
  @FunctionalInterface
  interface SlotValue {
    long of(RowBatch rows, int part, int row);
  }

  /** Integers under BFV; under CKKS, masks of real columns. */
  private static ColumnEncoder slots(SlotValue value) {
    return (scheme, rows, part, offset, length) -> {
      long[] slots = new long[length];
      for (int i = 0; i < length; i++) {
        slots[i] = value.of(rows, part, offset + i);
      }
      try {
        if (scheme instanceof BfvBackend bfv) {
          return bfv.encode(slots, 0, length);
        }
        double[] reals = new double[length];
        for (int i = 0; i < length; i++) {
          reals[i] = slots[i];
        }
        try {
          return encodeReals(scheme, reals, 0, length, 1);
        } finally {
          Arrays.fill(reals, 0);
        }
      } finally {
        Arrays.fill(slots, 0);
      }
    };
  }

  /** 0 or 1: a label's rows, or those that have reached a bucket's start. */
  private static ColumnEncoder masks(ColumnKind kind, int column) {
    if (kind instanceof ColumnKind.Category) {
      return slots(
          (rows, part, row) -> {
            long difference = rows.labels(column)[row] ^ part;
            return 1 + ((difference | -difference) >> 63); // 1 where they are equal
          });
    }
    long[] starts = ColumnShape.buckets(kind).starts();
    return slots(
        (rows, part, row) ->
            // Both are within 2^62: their difference has the right sign.
            1 + ((rows.integers(column)[row] - starts[part + 1]) >> 63));
  }

  /** Digit {@code part} of the codes, centred: t may be hardly more than the digits' base. */
  private static ColumnEncoder digits(ColumnKind.Digits kind, int column) {
    return (scheme, rows, part, offset, length) -> {
      BfvParameters set = ((BfvBackend) scheme).parameters();
      return slots(
              (batch, digit, row) -> {
                long code = kind.code(batch.integers(column)[row]);
                return BlockExtremes.centred(kind.layout().digit(code, digit), set);
              })
          .encode(scheme, rows, part, offset, length);
    };
  }
}
