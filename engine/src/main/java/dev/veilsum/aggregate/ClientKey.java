package dev.veilsum.aggregate;

import dev.veilsum.keys.KeyId;

/** What clients encrypt with. Thread-safe. */
sealed interface ClientKey permits CohortKey, JointKey {
  KeyId keyId();

  GradientParameters parameters();

  /** What becomes of an update. */
  UpdateForm form();

  /** Begins one update. */
  Encryption begin();

  /** One update on its way. Thread-safe. */
  interface Encryption extends AutoCloseable {
    /**
     * Encrypts {@code count} numbers at an address as one chunk of {@code bytes} bytes.
     *
     * @param first the index of the first number, for errors
     */
    void encrypt(
        int chunk,
        GradientValues.Kind kind,
        long numbers,
        int count,
        double clip,
        long first,
        long out,
        int bytes);

    /** 32 public bytes that no other update has. */
    byte[] seed();

    @Override
    void close();
  }
}
