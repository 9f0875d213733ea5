package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;

/**
 * An encrypted integer m with what is public about it: it stands for m * 2^exponent, and |m| <=
 * bound. Immutable. The bytes are the ciphertext alone, big-endian, twice the modulus' length.
 */
public final class PaillierCiphertext {
  private static final int MOST_EXPONENT = 1 << 16;

  private final PaillierPublicKey key;
  private final byte[] value;
  private final int exponent;
  private final BigInteger bound;

  PaillierCiphertext(PaillierPublicKey key, byte[] value, int exponent, BigInteger bound) {
    if (Math.abs((long) exponent) > MOST_EXPONENT) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a Paillier ciphertext with exponent "
              + exponent
              + "; they go to "
              + MOST_EXPONENT
              + " either way");
    }
    this.key = key;
    this.value = value;
    this.exponent = exponent;
    this.bound = bound;
  }

  /** The key that it is encrypted under. */
  public PaillierPublicKey key() {
    return key;
  }

  /** The power of two that the integer counts; 0 for integers, -fractionBits for fixed point. */
  public int exponent() {
    return exponent;
  }

  /** The magnitude that the encrypted integer does not pass. */
  public BigInteger bound() {
    return bound;
  }

  /** The ciphertext, in a new array; {@link PaillierPublicKey#ciphertext} reads it. */
  public byte[] bytes() {
    return value.clone();
  }

  /** The ciphertext itself, which nobody changes. */
  byte[] value() {
    return value;
  }

  /** What is public: key size, exponent, bound. */
  @Override
  public String toString() {
    return "PaillierCiphertext("
        + key.bits()
        + " bits, exponent "
        + exponent
        + ", bound below 2^"
        + bound.bitLength()
        + ")";
  }
}
