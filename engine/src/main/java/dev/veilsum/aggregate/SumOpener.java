package dev.veilsum.aggregate;

import dev.veilsum.keys.KeyId;
import java.nio.ByteBuffer;

/**
 * Opens the encrypted sums of chunks: with a secret key, or with the parts of those who share one.
 * Thread-safe.
 */
public interface SumOpener {
  /** The key that sums must be under. */
  KeyId keyId();

  GradientParameters parameters();

  /**
   * Opens one chunk.
   *
   * @param pair both packed polynomials from its start, in a direct buffer
   * @param most what no sum can be above
   * @param sums takes {@link GradientParameters#chunkNumbers} words, in a direct buffer of native
   *     order
   */
  void open(int chunk, ByteBuffer pair, long most, ByteBuffer sums);
}
