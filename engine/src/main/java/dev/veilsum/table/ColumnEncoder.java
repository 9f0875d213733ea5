package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.rows.RowBatch;
import dev.veilsum.params.CkksParameters;
import java.util.Arrays;

/** Encodes rows of one column, chunk by chunk; the slots after the last row are 0. Stateless. */
abstract sealed class ColumnEncoder {
  /** How many ciphertexts stand for one chunk of rows. */
  abstract int parts();

  /**
   * Encodes one part of the rows from {@code offset} on.
   *
   * @param column the number of the column in the batch
   * @param length at most the slots of a ciphertext
   */
  abstract Reference.Plaintext encode(
      SchemeBackend scheme, RowBatch rows, int column, int part, int offset, int length);

  static ColumnEncoder of(ColumnKind kind) {
    if (kind instanceof ColumnKind.Real real) {
      return new Reals(real.bound());
    }
    if (kind instanceof ColumnKind.Category category) {
      return new Labels(category.labels().size());
    }
    return new Integers();
  }

  /**
   * Real numbers v with |v| <= B at scale s / 2^k, 2^k the least power of two that is not below B
   * and s the parameters' scale: so precision is relative to the declared range, and the scales of
   * two columns differ by a power of two.
   */
  private static final class Reals extends ColumnEncoder {
    private final double bound;

    Reals(double bound) {
      this.bound = bound;
    }

    @Override
    int parts() {
      return 1;
    }

    @Override
    Reference.Plaintext encode(
        SchemeBackend scheme, RowBatch rows, int column, int part, int offset, int length) {
      CkksBackend ckks = (CkksBackend) scheme;
      CkksParameters parameters = ckks.parameters();
      int exponent = Math.getExponent(bound);
      int k = bound > Math.scalb(1.0, exponent) ? exponent + 1 : exponent;
      return ckks.encode(
          rows.reals(column),
          offset,
          length,
          bound,
          parameters.slots(),
          parameters.maxLevel(),
          Math.scalb(parameters.scale(), -k));
    }
  }

  /** Whole numbers, one a slot. */
  private static final class Integers extends ColumnEncoder {
    @Override
    int parts() {
      return 1;
    }

    @Override
    Reference.Plaintext encode(
        SchemeBackend scheme, RowBatch rows, int column, int part, int offset, int length) {
      return ((BfvBackend) scheme).encode(rows.integers(column), offset, length);
    }
  }

  /** Labels by number: part p has 1 in the rows of label p, 0 in the others. */
  private static final class Labels extends ColumnEncoder {
    private final int labels;

    Labels(int labels) {
      this.labels = labels;
    }

    @Override
    int parts() {
      return labels;
    }

    @Override
    Reference.Plaintext encode(
        SchemeBackend scheme, RowBatch rows, int column, int part, int offset, int length) {
      int[] label = rows.labels(column);
      long[] mask = new long[length];
      for (int i = 0; i < length; i++) {
        // 1 where they are equal, without a branch on the label.
        long difference = label[offset + i] ^ part;
        mask[i] = 1 + ((difference | -difference) >> 63);
      }
      try {
        return ((BfvBackend) scheme).encode(mask, 0, length);
      } finally {
        Arrays.fill(mask, 0);
      }
    }
  }
}
