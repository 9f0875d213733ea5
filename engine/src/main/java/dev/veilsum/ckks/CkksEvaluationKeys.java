package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;

/** Public key-switching keys: what a server needs to relinearize and rotate. */
public final class CkksEvaluationKeys implements AutoCloseable {
  private final CkksContext context;
  private final Reference.EvaluationKeys reference;

  CkksEvaluationKeys(CkksContext context, Reference.EvaluationKeys reference) {
    this.context = context;
    this.reference = reference;
  }

  public CkksContext context() {
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
    return "CkksEvaluationKeys";
  }

  /** The reference, after a check that it is of this context. */
  Reference.EvaluationKeys in(CkksContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
