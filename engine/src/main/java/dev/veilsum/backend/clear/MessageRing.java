package dev.veilsum.backend.clear;

import java.nio.ByteBuffer;

/** The ring that a scheme's messages live in. Messages are never changed. */
interface MessageRing<M> {
  M add(M a, M b);

  M negate(M a);

  M multiply(M a, M b);

  /** Slots to the left. */
  M rotate(M a, int steps);

  /** Complex conjugation, or the swap of the two rows. */
  M conjugate(M a);

  /** Bytes of a message in the clear's own packed form. */
  int bytes();

  void write(M a, ByteBuffer out);

  M read(ByteBuffer in);
}
