package dev.veilsum.file.tensor;

import java.nio.ByteBuffer;

/** The bytes of one tensor in a file, from the first to the last. */
interface ElementBytes extends AutoCloseable {
  /** Fills what remains of {@code into}; CORRUPT where there is not as much. */
  void read(ByteBuffer into);

  /** Called after the last byte: CORRUPT where there are more, or where a checksum is wrong. */
  void finish();

  @Override
  void close();
}
