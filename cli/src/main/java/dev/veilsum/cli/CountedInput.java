package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An input that counts the bytes that were read of it, for a progress line. */
final class CountedInput extends FilterInputStream {
  private final String name;
  private final long size;
  private long count;

  private CountedInput(InputStream in, String name, long size) {
    super(in);
    this.name = name;
    this.size = size;
  }

  /** Opens a file, or standard input where {@code name} is "-". */
  static CountedInput open(Streams streams, String name) {
    if (name.equals("-")) {
      return new CountedInput(streams.in(), "standard input", 0);
    }
    Path file = Path.of(name);
    if (Files.isDirectory(file)) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, name + " is a folder; name a file");
    }
    try {
      long size = Files.isRegularFile(file) ? Files.size(file) : 0;
      return new CountedInput(Files.newInputStream(file), name, size);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
  }

  /** What people call it. */
  String name() {
    return name;
  }

  /** Its bytes, or 0 where that is not known. */
  long size() {
    return size;
  }

  /** The bytes that were read since this was last asked. */
  long takeCount() {
    long taken = count;
    count = 0;
    return taken;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count += b < 0 ? 0 : 1;
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    count += Math.max(0, read);
    return read;
  }

  @Override
  public void close() {
    try {
      super.close();
    } catch (IOException e) {
      throw VeilsumException.io("closing " + name, e);
    }
  }
}
