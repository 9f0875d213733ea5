package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import java.nio.ByteBuffer;

/** A public key: encrypts, and no more. */
public final class CkksPublicKey implements AutoCloseable {
  private final CkksContext context;
  private final Reference.PublicKey reference;

  CkksPublicKey(CkksContext context, Reference.PublicKey reference) {
    this.context = context;
    this.reference = reference;
  }

  public CkksContext context() {
    return context;
  }

  public CkksEncryptor encryptor() {
    return new CkksEncryptor(context, message -> context.backend().encrypt(reference, message));
  }

  /** Bytes that {@link #pack} writes. */
  public int packedBytes() {
    return context.backend().packedPublicKeyBytes();
  }

  /** Writes it with its random half as a seed; {@link CkksContext#loadPublicKey} reads it. */
  public void pack(ByteBuffer out) {
    context.backend().packPublicKey(reference, out);
  }

  @Override
  public void close() {
    reference.close();
  }

  @Override
  public String toString() {
    return "CkksPublicKey";
  }
}
