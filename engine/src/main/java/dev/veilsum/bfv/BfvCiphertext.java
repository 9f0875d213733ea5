package dev.veilsum.bfv;

import dev.veilsum.backend.Reference;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A ciphertext of BFV: immutable, and its numbers are public. Close it when it is no longer needed;
 * one that is dropped is freed later.
 */
public final class BfvCiphertext implements AutoCloseable {
  private final BfvContext context;
  private final Reference.Ciphertext reference;
  private final IntegerRange range;

  BfvCiphertext(BfvContext context, Reference.Ciphertext reference, IntegerRange range) {
    this.context = context;
    this.reference = reference;
    this.range = range;
  }

  public BfvContext context() {
    return context;
  }

  /** The reference under it, which stays its own. */
  public Reference.Ciphertext reference() {
    return reference;
  }

  /** The primes that are left, less one. */
  public int level() {
    return context.backend().level(reference);
  }

  /** 1, or 2 after a product that was not relinearized. */
  public int degree() {
    return context.backend().degree(reference);
  }

  /** The range of the integers in its slots; none where arithmetic is meant modulo t. */
  public Optional<IntegerRange> range() {
    return Optional.ofNullable(range);
  }

  /** log2 of the bound on the noise w in c_0 + c_1 s = (Q / t) m + w. */
  public double noiseBoundBits() {
    return context.backend().noiseBoundBits(reference);
  }

  /**
   * The bits that the noise bound may still grow by before decryption could fail; never negative.
   */
  public double noiseBudgetBits() {
    return context.backend().noiseBudgetBits(reference);
  }

  /** Bytes that {@link #pack} writes. */
  public int packedBytes() {
    return PackedRange.BYTES + context.backend().packedBytes(reference);
  }

  /**
   * Writes range, residues, level and noise bound; {@link BfvContext#loadCiphertext} reads them.
   */
  public void pack(ByteBuffer out) {
    PackedRange.write(range(), out);
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
    return "BfvCiphertext";
  }

  /** The reference, after a check that it is of this context. */
  Reference.Ciphertext in(BfvContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
