package dev.veilsum.backend;

/**
 * An opaque, immutable object of a backend, mostly in native memory. Closing twice is harmless,
 * closing while another thread computes is safe, and use after close throws {@code CLOSED}. A
 * reference that is dropped without being closed is freed by a Cleaner, later.
 */
public interface Reference extends AutoCloseable {
  /** Bytes that this object holds outside of the Java heap, or in arrays on it. */
  long memoryBytes();

  @Override
  void close();

  /** A secret key; wiped when it closes. */
  interface SecretKey extends Reference {}

  /** A public encryption key. */
  interface PublicKey extends Reference {}

  /** The key-switching keys of an evaluator: relinearization, rotations, conjugation. */
  interface EvaluationKeys extends Reference {}

  /** An encoded message. */
  interface Plaintext extends Reference {}

  /** A ciphertext with its level, scale and noise bound. */
  interface Ciphertext extends Reference {}

  /** A public matrix, encoded to multiply encrypted vectors. */
  interface LinearTransform extends Reference {
    /** Its rotations. */
    BabyGiantPlan plan();
  }
}
