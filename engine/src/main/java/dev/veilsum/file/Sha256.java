package dev.veilsum.file;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of the Java platform, which uses the processor's instructions for it. */
final class Sha256 {
  static final int BYTES = 32;

  private Sha256() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
