package dev.veilsum.aggregate.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.ckks.CkksCiphertext;
import java.util.List;

/**
 * An update, or a mean of updates, as ciphertexts of 4096 numbers each. The slots after the last
 * number hold 0, which no result counts and decryption does not show. Immutable; close it when it
 * is no longer needed.
 */
public final class EncryptedVector implements AutoCloseable {
  private final long length;
  private final List<CkksCiphertext> chunks;

  private EncryptedVector(long length, List<CkksCiphertext> chunks) {
    this.length = length;
    this.chunks = List.copyOf(chunks);
  }

  /**
   * The vector of ciphertexts that came from elsewhere: {@link CkksCiphertext#pack} writes them,
   * {@code CkksContext.loadCiphertext} reads them. They belong to it from now on.
   *
   * @param length how many numbers they hold
   * @throws VeilsumException {@code BAD_INPUT} where that is not their number, or where they differ
   *     in level, scale or bound
   */
  public static EncryptedVector of(long length, List<CkksCiphertext> chunks) {
    if (length < 1 || chunks.isEmpty()) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, "a vector without numbers");
    }
    CkksCiphertext first = chunks.get(0);
    int slots = first.context().parameters().slots();
    if ((length + slots - 1) / slots != chunks.size()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d ciphertexts of %d numbers do not make a vector of %d"
              .formatted(chunks.size(), slots, length));
    }
    for (CkksCiphertext chunk : chunks) {
      if (chunk.level() != first.level()
          || chunk.scale() != first.scale()
          || chunk.messageBound() != first.messageBound()) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "the ciphertexts of a vector differ in level, scale or bound");
      }
    }
    return new EncryptedVector(length, chunks);
  }

  /** How many numbers it holds. */
  public long length() {
    return length;
  }

  /** The ciphertexts; they belong to the vector. */
  public List<CkksCiphertext> chunks() {
    return chunks;
  }

  /** The public bound on the absolute value of every number. */
  public double bound() {
    return chunks.get(0).messageBound();
  }

  /** The bound on the error of every number, without the rounding of doubles in decoding. */
  public double errorBound() {
    return chunks.stream().mapToDouble(CkksCiphertext::errorBound).max().orElseThrow();
  }

  /** Bytes that its ciphertexts take when they are packed. */
  public long packedBytes() {
    return chunks.stream().mapToLong(CkksCiphertext::packedBytes).sum();
  }

  @Override
  public void close() {
    chunks.forEach(CkksCiphertext::close);
  }

  @Override
  public String toString() {
    return "EncryptedVector[" + length + "]";
  }
}
