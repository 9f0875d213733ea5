package dev.veilsum.bfv;

import dev.veilsum.backend.Reference;
import java.util.Optional;

/** An encoded message of BFV. Immutable; wiped and freed when it closes. */
public final class BfvPlaintext implements AutoCloseable {
  private final BfvContext context;
  private final Reference.Plaintext reference;
  private final IntegerRange range;

  BfvPlaintext(BfvContext context, Reference.Plaintext reference, IntegerRange range) {
    this.context = context;
    this.reference = reference;
    this.range = range;
  }

  public BfvContext context() {
    return context;
  }

  /** The declared range; none where arithmetic is meant modulo t. */
  public Optional<IntegerRange> range() {
    return Optional.ofNullable(range);
  }

  @Override
  public void close() {
    reference.close();
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "BfvPlaintext";
  }

  /** The reference, after a check that it is of this context. */
  Reference.Plaintext in(BfvContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
