package dev.veilsum.aggregate.ckks;

import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksDecryptor;

/**
 * Decrypts results for the owner of the key. What it returns must stay with the owner: approximate
 * results carry noise that depends on the key. For others, {@link CkksDecryptor#decryptForRelease}
 * takes the ciphertexts of {@link EncryptedVector} and {@link EncryptedNumber}.
 */
public final class RealDecryptor {
  private final CkksDecryptor decryptor;

  RealDecryptor(CkksDecryptor decryptor) {
    this.decryptor = decryptor;
  }

  /**
   * Numbers, and how far each is from the truth at most; that fails with probability below 2^-64.
   */
  public record Values(double[] values, double errorBound) {}

  /** A number, and how far it is from the truth at most; the same. */
  public record Value(double value, double errorBound) {}

  /** All numbers of a vector of at most 2^31 - 1. */
  public Values decrypt(EncryptedVector vector) {
    double[] values = new double[Math.toIntExact(vector.length())];
    double error = 0;
    int from = 0;
    for (CkksCiphertext chunk : vector.chunks()) {
      int count = Math.min(chunk.context().parameters().slots(), values.length - from);
      error = Math.max(error, decryptor.decrypt(chunk, values, from, count));
      from += count;
    }
    return new Values(values, error);
  }

  /** One number. */
  public Value decrypt(EncryptedNumber number) {
    double[] value = new double[1];
    double error = decryptor.decrypt(number.ciphertext(), value, 0, 1);
    return new Value(value[0], error);
  }
}
