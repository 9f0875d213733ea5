package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * An encrypted vector, many values in each ciphertext, with its public layout, length and weight.
 * Immutable.
 */
public final class PackedVector {
  private final PaillierPublicKey key;
  private final PackedLayout layout;
  private final int length;
  private final long weight;
  private final byte[] value;

  PackedVector(PaillierPublicKey key, PackedLayout layout, int length, long weight, byte[] value) {
    this.key = key;
    this.layout = layout;
    this.length = length;
    this.weight = weight;
    this.value = value;
  }

  public PaillierPublicKey key() {
    return key;
  }

  public PackedLayout layout() {
    return layout;
  }

  /** The number of values. */
  public int length() {
    return length;
  }

  /** Every value's magnitude is at most this many times a fresh one's. */
  public long weight() {
    return weight;
  }

  /** The ciphertexts, one after the other, in a new array. */
  public byte[] bytes() {
    return value.clone();
  }

  byte[] value() {
    return value;
  }

  int ciphertexts() {
    return value.length / key.ciphertextBytes();
  }

  /** The same key, layout and length with another value. */
  PackedVector with(long newWeight, byte[] newValue) {
    return new PackedVector(key, layout, length, newWeight, newValue);
  }

  /** Refuses a vector that does not line up with this one. */
  void checkAligned(PackedVector other) {
    key.checkSame(other.key);
    if (!layout.equals(other.layout) || length != other.length) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "packed vectors of "
              + layout
              + ", length "
              + length
              + ", and "
              + other.layout
              + ", length "
              + other.length
              + "; use one layout and one length");
    }
  }

  /** What is public: layout, length, weight. */
  @Override
  public String toString() {
    return "PackedVector(" + layout + ", length " + length + ", weight " + weight + ")";
  }
}
