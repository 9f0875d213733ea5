package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;

/** An encoded message of CKKS. Immutable; wiped and freed when it closes. */
public final class CkksPlaintext implements AutoCloseable {
  private final CkksContext context;
  private final Reference.Plaintext reference;

  CkksPlaintext(CkksContext context, Reference.Plaintext reference) {
    this.context = context;
    this.reference = reference;
  }

  public int level() {
    return context.backend().level(reference);
  }

  public double scale() {
    return context.backend().scale(reference);
  }

  public CkksContext context() {
    return context;
  }

  @Override
  public void close() {
    reference.close();
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "CkksPlaintext";
  }

  /** The reference, after a check that it is of this context. */
  Reference.Plaintext in(CkksContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
