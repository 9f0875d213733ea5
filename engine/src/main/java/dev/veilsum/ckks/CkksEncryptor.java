package dev.veilsum.ckks;

import dev.veilsum.backend.Reference;
import java.util.function.Function;

/** Encrypts with the key that it was asked from, which stays open meanwhile. Thread-safe. */
public final class CkksEncryptor {
  private final CkksContext context;
  private final Function<Reference.Plaintext, Reference.Ciphertext> encryption;

  CkksEncryptor(
      CkksContext context, Function<Reference.Plaintext, Reference.Ciphertext> encryption) {
    this.context = context;
    this.encryption = encryption;
  }

  /** A fresh encryption, at the level and scale of the plaintext. */
  public CkksCiphertext encrypt(CkksPlaintext message) {
    return new CkksCiphertext(context, encryption.apply(message.in(context)));
  }

  /** Encodes and encrypts real numbers, as {@link CkksContext#encode}. */
  public CkksCiphertext encrypt(double[] values, CkksEncoding encoding) {
    try (CkksPlaintext message = context.encode(values, encoding)) {
      return encrypt(message);
    }
  }

  /** Encodes and encrypts complex numbers, as {@link CkksContext#encodeComplex}. */
  public CkksCiphertext encryptComplex(double[] real, double[] imaginary, CkksEncoding encoding) {
    try (CkksPlaintext message = context.encodeComplex(real, imaginary, encoding)) {
      return encrypt(message);
    }
  }
}
