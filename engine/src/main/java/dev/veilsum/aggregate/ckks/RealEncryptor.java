package dev.veilsum.aggregate.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEncoding;
import dev.veilsum.ckks.CkksEncryptor;
import dev.veilsum.parallel.OrderedPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Encrypts updates of real numbers, tensor after tensor in one vector. Thread-safe. */
public final class RealEncryptor {
  private final CkksEncryptor key;
  private final CkksEncoding encoding;
  private final double bound;
  private final OrderedPool pool;

  RealEncryptor(CkksContext context, CkksEncryptor key, double bound, OrderedPool pool) {
    if (!(bound >= 0x1p-100 && bound <= 0x1p100)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a bound of " + bound + "; 2^-100 to 2^100 is possible");
    }
    this.key = key;
    // Floats that were clipped to 0.1f are beyond 0.1 by their last bit.
    this.bound = Math.max(bound, (float) bound);
    this.encoding = context.encoding(this.bound).withScale(RealScheme.SCALE / this.bound);
    this.pool = pool;
  }

  /**
   * Encrypts tensors.
   *
   * @throws VeilsumException {@code BAD_INPUT} for a number that is not finite, {@code
   *     OUT_OF_RANGE} for one beyond the bound, each with its index; {@code BAD_INPUT} where there
   *     is none
   */
  public EncryptedVector encrypt(float[]... tensors) {
    return encrypt(
        Arrays.stream(tensors)
            .map(t -> IntStream.range(0, t.length).mapToDouble(i -> t[i]).toArray())
            .toArray(double[][]::new));
  }

  /** The same for doubles. */
  public EncryptedVector encrypt(double[]... tensors) {
    double[] values = Arrays.stream(tensors).flatMapToDouble(Arrays::stream).toArray();
    check(values);
    int chunks = (values.length + encoding.slots() - 1) / encoding.slots();
    List<CkksCiphertext> ciphertexts = new ArrayList<>();
    try {
      pool.map(IntStream.range(0, chunks).iterator(), k -> chunk(values, k), ciphertexts::add);
      return EncryptedVector.of(values.length, ciphertexts);
    } catch (RuntimeException e) {
      ciphertexts.forEach(CkksCiphertext::close);
      throw e;
    } finally {
      Arrays.fill(values, 0);
    }
  }

  private CkksCiphertext chunk(double[] values, int k) {
    int from = k * encoding.slots();
    double[] part =
        Arrays.copyOfRange(values, from, Math.min(values.length, from + encoding.slots()));
    try {
      return key.encrypt(part, encoding);
    } finally {
      Arrays.fill(part, 0);
    }
  }

  private void check(double[] values) {
    if (values.length == 0) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, "an update without numbers");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "number %d of the update is %s".formatted(i, values[i]));
      }
      if (Math.abs(values[i]) > bound) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "number %d of the update is beyond the bound %s; clip it, or agree on a larger bound"
                .formatted(i, bound));
      }
    }
  }
}
