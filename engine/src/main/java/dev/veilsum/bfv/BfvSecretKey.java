package dev.veilsum.bfv;

import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;

/**
 * A secret key: makes the public keys, encrypts at half the size, and decrypts. It has no
 * serialized form (its seed has: the master key), prints nothing, and is wiped when it closes.
 */
public final class BfvSecretKey implements AutoCloseable {
  private final BfvContext context;
  private final Reference.SecretKey reference;

  BfvSecretKey(BfvContext context, Reference.SecretKey reference) {
    this.context = context;
    this.reference = reference;
  }

  public BfvContext context() {
    return context;
  }

  /** A fresh public key. */
  public BfvPublicKey publicKey() {
    return new BfvPublicKey(context, context.backend().publicKey(reference));
  }

  /**
   * Fresh evaluation keys, exactly those required; {@link KeyRequirements#packedBytes} tells their
   * size beforehand. For many, make one at a time and pack it, to need the memory of one.
   */
  public BfvEvaluationKeys evaluationKeys(KeyRequirements requirements) {
    return new BfvEvaluationKeys(
        context, context.backend().evaluationKeys(reference, requirements));
  }

  /** Encrypts with this key: less noise, half the size. */
  public BfvEncryptor encryptor() {
    return new BfvEncryptor(
        context, (message, level) -> context.backend().encryptSeeded(reference, message, level));
  }

  public BfvDecryptor decryptor() {
    return new BfvDecryptor(context, reference);
  }

  @Override
  public void close() {
    reference.close();
  }

  /** Shows nothing of the key. */
  @Override
  public String toString() {
    return "BfvSecretKey";
  }

  /** The reference, after a check that it is of this context. */
  Reference.SecretKey in(BfvContext expected) {
    expected.requireSame(context);
    return reference;
  }
}
