package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;

/**
 * Decrypts exactly. An exact result carries no noise, so it may be handed to others, provided that
 * decryption never fails: a failure depends on the key. {@link #decryptForRelease} holds that
 * margin. Thread-safe.
 */
public final class BfvDecryptor {
  /**
   * A bound is a product of factors: one for the fresh noise and one for each multiplication in a
   * row. Each holds but for 2^-66, and is passed twofold with a probability below 2^-140. To pass
   * the bound by 2^8, a result of up to seven multiplications in a row must pass one of its factors
   * twofold: so this margin excludes a failure to below 2^-128, as ePrint 2024/116 and 2024/127 ask
   * for.
   */
  private static final double RELEASE_MARGIN_BITS = 8;

  private final BfvContext context;
  private final Reference.SecretKey key;

  BfvDecryptor(BfvContext context, Reference.SecretKey key) {
    this.context = context;
    this.key = key;
  }

  /** All N slots, in [-t/2, t/2). */
  public long[] decrypt(BfvCiphertext c) {
    long[] values = new long[context.parameters().slots()];
    decrypt(c, values, 0, values.length);
    return values;
  }

  /** The first {@code length} slots, into {@code values} from {@code offset}. */
  public void decrypt(BfvCiphertext c, long[] values, int offset, int length) {
    context.backend().decrypt(key, c.in(context), values, offset, length);
  }

  /** All N coefficients, in [-t/2, t/2). */
  public long[] decryptCoefficients(BfvCiphertext c) {
    long[] values = new long[context.parameters().ringDegree()];
    context.backend().decryptCoefficients(key, c.in(context), values, 0, values.length);
    return values;
  }

  /**
   * The first {@code length} slots, for others than the owner of the key.
   *
   * @throws VeilsumException {@code NOISE_BUDGET} where the bound leaves less than the margin, so
   *     that a failure, which depends on the key, is not excluded to 2^-128
   */
  public long[] decryptForRelease(BfvCiphertext c, int length) {
    double budget = c.noiseBudgetBits();
    if (!(budget >= RELEASE_MARGIN_BITS)) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          "releasing a result takes %.1f bits of noise budget, this ciphertext has %.1f: compute less"
                  .formatted(RELEASE_MARGIN_BITS, budget)
              + " on it, or take larger parameters");
    }
    long[] values = new long[length];
    decrypt(c, values, 0, length);
    return values;
  }
}
