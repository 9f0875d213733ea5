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

  @Override
  void close();
}
