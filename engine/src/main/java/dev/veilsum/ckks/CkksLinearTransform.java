package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;

/**
 * A public d x d matrix, encoded to multiply encrypted vectors: {@link CkksEvaluator#apply}. The
 * vectors' slots repeat with period d ({@code encoding.withSlots(d)}). Immutable; share it between
 * threads, and close it for its memory.
 */
public final class CkksLinearTransform implements AutoCloseable {
  private final CkksContext context;
  private final Reference.LinearTransform reference;
  private final int dimension;
  private final int level;
  private final double scale;

  CkksLinearTransform(
      CkksContext context,
      Reference.LinearTransform reference,
      int dimension,
      int level,
      double scale) {
    this.context = context;
    this.reference = reference;
    this.dimension = dimension;
    this.level = level;
    this.scale = scale;
  }

  public CkksContext context() {
    return context;
  }

  /** d. */
  public int dimension() {
    return dimension;
  }

  /** The highest level that it can be applied at; ciphertexts above it come down. */
  public int level() {
    return level;
  }

  /** What the scale of a ciphertext is multiplied by. */
  public double scale() {
    return scale;
  }

  /** The number of rotations that are made of the vector before the products. */
  public int babySteps() {
    return reference.plan().babySteps();
  }

  /** The keys that applying it takes, and no more; none for a diagonal matrix. */
  public KeyRequirements keys() {
    return reference.plan().keys();
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
    return "CkksLinearTransform";
  }

  /** The reference, after a check that it is of this context. */
  Reference.LinearTransform in(CkksContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
