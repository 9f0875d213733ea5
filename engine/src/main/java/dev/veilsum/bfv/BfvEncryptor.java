package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;

/** Encrypts with the key that it was asked from, which stays open meanwhile. Thread-safe. */
public final class BfvEncryptor {
  private final BfvContext context;
  private final Encryption encryption;

  /** What a public or a secret key does. */
  @FunctionalInterface
  interface Encryption {
    Reference.Ciphertext apply(Reference.Plaintext message, int level);
  }

  BfvEncryptor(BfvContext context, Encryption encryption) {
    this.context = context;
    this.encryption = encryption;
  }

  /** A fresh encryption at the highest level. */
  public BfvCiphertext encrypt(BfvPlaintext message) {
    return encrypt(message, context.parameters().maxLevel());
  }

  /** A fresh encryption at a lower level: smaller, with less budget; {@code DEPTH} outside. */
  public BfvCiphertext encrypt(BfvPlaintext message, int level) {
    if (level < 0 || level > context.parameters().maxLevel()) {
      throw new VeilsumException(
          ErrorCode.DEPTH,
          "level %d: these parameters have levels 0 to %d"
              .formatted(level, context.parameters().maxLevel()));
    }
    return context.typed(
        encryption.apply(message.in(context), level), message.range().orElse(null));
  }

  /** Encodes and encrypts integers of a declared range, as {@link BfvContext#encode}. */
  public BfvCiphertext encrypt(long[] values, IntegerRange range) {
    try (BfvPlaintext message = context.encode(values, range)) {
      return encrypt(message);
    }
  }
}
