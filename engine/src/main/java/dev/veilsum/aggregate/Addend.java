package dev.veilsum.aggregate;

import java.nio.ByteBuffer;

/** What can be added to an accumulator: an update, or the sum of several. */
interface Addend extends AutoCloseable {
  /** What it is called in messages. */
  String name();

  /**
   * Reads one chunk to the position of a direct buffer, which moves past it.
   *
   * @return a check of its bytes, by which they are known again
   */
  long readChunk(int chunk, ByteBuffer into);

  /**
   * As {@link #readChunk}, of {@code count} chunks from {@code first} on, one after the other.
   *
   * @param checks takes their checks, each at its chunk's index
   */
  default void readChunks(int first, int count, ByteBuffer into, long[] checks) {
    for (int chunk = first; chunk < first + count; chunk++) {
      checks[chunk] = readChunk(chunk, into);
    }
  }

  @Override
  void close();
}
