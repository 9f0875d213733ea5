package dev.veilsum.bfv;

import dev.veilsum.backend.Reference;
import java.nio.ByteBuffer;

/** A public key: encrypts, and no more. */
public final class BfvPublicKey implements AutoCloseable {
  private final BfvContext context;
  private final Reference.PublicKey reference;

  BfvPublicKey(BfvContext context, Reference.PublicKey reference) {
    this.context = context;
    this.reference = reference;
  }

  public BfvContext context() {
    return context;
  }

  public BfvEncryptor encryptor() {
    return new BfvEncryptor(
        context, (message, level) -> context.backend().encrypt(reference, message, level));
  }

  /** Bytes that {@link #pack} writes. */
  public int packedBytes() {
    return context.backend().packedPublicKeyBytes();
  }

  /** Writes it with its random half as a seed; {@link BfvContext#loadPublicKey} reads it. */
  public void pack(ByteBuffer out) {
    context.backend().packPublicKey(reference, out);
  }

  @Override
  public void close() {
    reference.close();
  }

  @Override
  public String toString() {
    return "BfvPublicKey";
  }
}
