package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import java.math.BigInteger;

/**
 * Refuses totals of whole numbers that could wrap around the plain modulus, before any is taken.
 */
final class TotalBounds {
  private TotalBounds() {}

  /**
   * @param table the table of the terms, for the message
   * @param magnitude a bound on the absolute value of one term
   * @throws VeilsumException OUT_OF_RANGE with the numbers
   */
  static void require(
      String table, RlweParameters parameters, String what, long rows, BigInteger magnitude) {
    if (!(parameters instanceof BfvParameters bfv)) {
      return; // CKKS bounds its messages by itself
    }
    BigInteger total = magnitude.multiply(BigInteger.valueOf(rows));
    BigInteger limit = BigInteger.valueOf(bfv.maxValue());
    if (total.compareTo(limit) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          ("%s: %s could reach %d rows * %s = %s, beyond the %s that integers hold exactly here;"
                  + " declare a narrower range, or split the table")
              .formatted(table, what, rows, magnitude, total, limit));
    }
  }

  /** The greatest absolute value of a cell, in fixed point; of a mask it is 1. */
  static BigInteger magnitude(ColumnKind kind) {
    if (kind instanceof ColumnKind.Integer || kind instanceof ColumnKind.Decimal) {
      ColumnKind.FixedPoint fixed = (ColumnKind.FixedPoint) kind;
      BigInteger least = BigInteger.valueOf(fixed.least()).abs();
      return least.max(BigInteger.valueOf(fixed.greatest()).abs());
    }
    return BigInteger.ONE;
  }
}
