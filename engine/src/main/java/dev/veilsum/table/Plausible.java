package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.util.Arrays;

/**
 * What stands for a key id where a table has none of its own (its key was not named when it was
 * imported): under another key its values are random, and random values leave a declared range.
 */
final class Plausible {
  private Plausible() {}

  static void require(
      EncryptedTable table, TableSecret secret, ColumnKind kind, double[] values, double error) {
    if (kind instanceof ColumnKind.Real real) {
      boolean within =
          Arrays.stream(values).allMatch(v -> v >= real.min() - error && v <= real.max() + error);
      require(table, secret, kind, within);
    }
  }

  static void require(EncryptedTable table, TableSecret secret, ColumnKind kind, long[] values) {
    if (kind instanceof ColumnKind.Integer whole) {
      boolean within = Arrays.stream(values).allMatch(v -> v >= whole.min() && v <= whole.max());
      require(table, secret, kind, within);
    }
  }

  /**
   * A total over all rows.
   *
   * @param power 1 of values, 2 of squares
   * @param atLeast what its magnitude is at least
   */
  static void requireTotal(
      EncryptedTable table, TableSecret secret, ColumnKind kind, int power, double atLeast) {
    double bound =
        kind instanceof ColumnKind.Real real
            ? real.bound()
            : TotalBounds.magnitude(kind).doubleValue();
    double most = table.rows() * Math.pow(bound, power);
    require(table, secret, kind, atLeast <= most * (1 + 1e-12));
  }

  private static void require(
      EncryptedTable table, TableSecret secret, ColumnKind kind, boolean within) {
    if (!within && !table.keyId().equals(secret.keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          ("%s: what decrypts is not %s; it is under another key, or was imported with a range that"
                  + " is not its own")
              .formatted(table.name(), kind.text()));
    }
  }
}
