package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import java.nio.ByteBuffer;

/**
 * A ciphertext of CKKS: immutable, and its numbers are public. Close it when it is no longer
 * needed; one that is dropped is freed later.
 */
public final class CkksCiphertext implements AutoCloseable {
  private final CkksContext context;
  private final Reference.Ciphertext reference;

  CkksCiphertext(CkksContext context, Reference.Ciphertext reference) {
    this.context = context;
    this.reference = reference;
  }

  public CkksContext context() {
    return context;
  }

  /** The rescales that are left. */
  public int level() {
    return context.backend().level(reference);
  }

  /** 1, or 2 after a product that was not relinearized. */
  public int degree() {
    return context.backend().degree(reference);
  }

  /** What the message is multiplied by. */
  public double scale() {
    return context.backend().scale(reference);
  }

  /** A bound on the absolute value of every slot of the message. */
  public double messageBound() {
    return context.backend().messageBound(reference);
  }

  /** log2 of the bound on the noise in the canonical embedding, in units of value times scale. */
  public double noiseBoundBits() {
    return context.backend().noiseBoundBits(reference);
  }

  /**
   * A bound on the error of every slot, in units of the values: fails with a probability below
   * 2^-64. The rounding of doubles in decoding, about 2^-50 of {@link #messageBound()}, comes on
   * top.
   */
  public double errorBound() {
    double log2Scale = Math.log(scale()) / Math.log(2);
    return Math.pow(2, noiseBoundBits() - log2Scale);
  }

  /** Bytes that {@link #pack} writes. */
  public int packedBytes() {
    return context.backend().packedBytes(reference);
  }

  /** Writes residues, level, scale and bounds; {@link CkksContext#loadCiphertext} reads them. */
  public void pack(ByteBuffer out) {
    context.backend().packCiphertext(reference, out);
  }

  /** Bytes of memory that it holds until it closes. */
  public long memoryBytes() {
    return reference.memoryBytes();
  }

  @Override
  public void close() {
    reference.close();
  }

  @Override
  public String toString() {
    return "CkksCiphertext";
  }

  /** The reference, after a check that it is of this context. */
  Reference.Ciphertext in(CkksContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
