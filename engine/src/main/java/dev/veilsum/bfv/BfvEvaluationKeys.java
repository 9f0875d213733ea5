package dev.veilsum.bfv;

import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;

/** Public key-switching keys: what a server needs to relinearize and rotate. */
public final class BfvEvaluationKeys implements AutoCloseable {
  private final BfvContext context;
  private final Reference.EvaluationKeys reference;

  BfvEvaluationKeys(BfvContext context, Reference.EvaluationKeys reference) {
    this.context = context;
    this.reference = reference;
  }

  public BfvContext context() {
    return context;
  }

  /** The keys that are here. */
  public KeyRequirements contents() {
    return context.backend().contents(reference);
  }

  /** Bytes that {@link #pack} writes for each key. */
  public int packedBytesOfEach() {
    return context.backend().packedSwitchKeyBytes();
  }

  /** Writes one key, its random half as a seed; {@code MISSING_KEY} where it is not here. */
  public void pack(SwitchKey which, ByteBuffer out) {
    context.backend().packSwitchKey(reference, which, out);
  }

  /** Bytes of memory that they hold until they close. */
  public long memoryBytes() {
    return reference.memoryBytes();
  }

  @Override
  public void close() {
    reference.close();
  }

  @Override
  public String toString() {
    return "BfvEvaluationKeys";
  }

  /** The reference, after a check that it is of this context. */
  Reference.EvaluationKeys in(BfvContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
