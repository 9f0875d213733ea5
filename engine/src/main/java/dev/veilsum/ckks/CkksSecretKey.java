package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;

/**
 * A secret key: makes the public keys, encrypts at half the size, and decrypts. It has no
 * serialized form (its seed has: the master key), prints nothing, and is wiped when it closes.
 */
public final class CkksSecretKey implements AutoCloseable {
  private final CkksContext context;
  private final Reference.SecretKey reference;

  CkksSecretKey(CkksContext context, Reference.SecretKey reference) {
    this.context = context;
    this.reference = reference;
  }

  public CkksContext context() {
    return context;
  }

  /** A fresh public key. */
  public CkksPublicKey publicKey() {
    return new CkksPublicKey(context, context.backend().publicKey(reference));
  }

  /**
   * Fresh evaluation keys, exactly those required; {@link KeyRequirements#packedBytes} tells their
   * size beforehand. For many, make one at a time and pack it, to need the memory of one.
   */
  public CkksEvaluationKeys evaluationKeys(KeyRequirements requirements) {
    return new CkksEvaluationKeys(
        context, context.backend().evaluationKeys(reference, requirements));
  }

  /** Encrypts with this key: less noise, half the size. */
  public CkksEncryptor encryptor() {
    return new CkksEncryptor(
        context, message -> context.backend().encryptSeeded(reference, message));
  }

  public CkksDecryptor decryptor() {
    return new CkksDecryptor(context, reference);
  }

  @Override
  public void close() {
    reference.close();
  }

  /** Shows nothing of the key. */
  @Override
  public String toString() {
    return "CkksSecretKey";
  }

  /** The reference, after a check that it is of this context. */
  Reference.SecretKey in(CkksContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
