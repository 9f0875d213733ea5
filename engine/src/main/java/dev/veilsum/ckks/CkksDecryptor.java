package dev.veilsum.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;

/**
 * Decrypts, in two ways: for the owner of the key, and for others. What {@link #decrypt} returns
 * must stay with the owner, for it reveals key-dependent noise; what {@link #decryptForRelease}
 * returns may be published. Thread-safe.
 */
public final class CkksDecryptor {
  private final CkksContext context;
  private final Reference.SecretKey key;

  CkksDecryptor(CkksContext context, Reference.SecretKey key) {
    this.context = context;
    this.key = key;
  }

  /** The real parts of all N/2 slots, for the owner of the key. */
  public double[] decrypt(CkksCiphertext c) {
    double[] values = new double[context.parameters().slots()];
    decrypt(c, values, 0, values.length);
    return values;
  }

  /**
   * The real parts of the first {@code length} slots, into {@code values} from {@code offset}.
   *
   * @return the public bound on the error of each: noise and the rounding of doubles
   */
  public double decrypt(CkksCiphertext c, double[] values, int offset, int length) {
    return backend().decrypt(key, c.in(context), values, offset, length);
  }

  /** The first slots with their imaginary parts, as many as the arrays hold; returns the bound. */
  public double decryptComplex(CkksCiphertext c, double[] real, double[] imaginary) {
    if (real.length != imaginary.length) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d real and %d imaginary parts".formatted(real.length, imaginary.length));
    }
    return backend().decryptComplex(key, c.in(context), real, imaginary, 0, real.length);
  }

  /**
   * Values that may be handed to others: flooded with noise sized by the ciphertext's bound. Every
   * call counts as one of the policy's releases, the same ciphertext again too.
   *
   * @param length how many slots, from the first
   * @throws VeilsumException {@code NOISE_BUDGET} where the ciphertext's bound is unknown, or where
   *     the flooded result would have a larger error than the policy allows; the numbers are in the
   *     message
   */
  public ReleasedValues decryptForRelease(CkksCiphertext c, int length, ReleasePolicy policy) {
    Flooding flooding = Flooding.of(c, policy);
    double[] values = new double[length];
    double errorBound = backend().decrypt(key, c.in(context), values, 0, length);
    flooding.apply(values);
    return new ReleasedValues(values, errorBound + flooding.bound());
  }

  private CkksBackend backend() {
    return context.backend();
  }
}
