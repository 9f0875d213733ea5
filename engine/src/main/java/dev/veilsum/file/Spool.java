package dev.veilsum.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Keeps a stream in a private temporary file, since a container is verified before it is used. */
final class Spool {
  private static final int BUFFER_BYTES = 1 << 18;

  private Spool() {}

  /** The whole stream as a file that vanishes when it is closed, or with the process. */
  static FileChannel copy(InputStream in, String name) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int count = in.readNBytes(buffer, 0, FileStart.BYTES);
    // What is no container is refused before it fills the disk.
    FileStart.requireContainer(Arrays.copyOf(buffer, count), name);
    FileChannel channel = empty();
    try {
      while (count > 0) {
        for (ByteBuffer part = ByteBuffer.wrap(buffer, 0, count); part.hasRemaining(); ) {
          channel.write(part);
        }
        count = in.read(buffer);
      }
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** An empty file that vanishes likewise. */
  static FileChannel empty() throws IOException {
    Path file = Files.createTempFile("veilsum", ".spool");
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    deleteNow(file);
    return channel;
  }

  /** An open file needs no name where the system allows that, so that a crash leaves nothing. */
  private static void deleteNow(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      // It is deleted on close.
    }
  }
}
