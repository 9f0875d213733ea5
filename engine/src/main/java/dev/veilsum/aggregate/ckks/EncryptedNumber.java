package dev.veilsum.aggregate.ckks;

import dev.veilsum.ckks.CkksCiphertext;

/** One number, which stands in every slot of a ciphertext. Immutable; close it after use. */
public final class EncryptedNumber implements AutoCloseable {
  private final CkksCiphertext ciphertext;

  /** The number of a ciphertext that came from elsewhere, and belongs to it from now on. */
  public EncryptedNumber(CkksCiphertext ciphertext) {
    this.ciphertext = ciphertext;
  }

  /** The ciphertext; it belongs to the number. */
  public CkksCiphertext ciphertext() {
    return ciphertext;
  }

  /** The bound on its error, without the rounding of doubles in decoding. */
  public double errorBound() {
    return ciphertext.errorBound();
  }

  @Override
  public void close() {
    ciphertext.close();
  }

  @Override
  public String toString() {
    return "EncryptedNumber";
  }
}
