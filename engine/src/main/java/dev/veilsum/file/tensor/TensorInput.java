package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is open for reading anywhere in it. */
final class TensorInput implements AutoCloseable {
  private static final int PART = 1 << 16;

  private final String name;
  private final FileChannel channel;
  private final long size;

  private TensorInput(String name, FileChannel channel, long size) {
    this.name = name;
    this.channel = channel;
    this.size = size;
  }

  static TensorInput open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, file + " is no regular file; tensors are read from a file");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new TensorInput(file.toString(), channel, channel.size());
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  String name() {
    return name;
  }

  /** Its bytes when it was opened. */
  long size() {
    return size;
  }

  /** Fills what remains of {@code into} from a position on. */
  void read(ByteBuffer into, long position) {
    try {
      for (long at = position; into.hasRemaining(); ) {
        int read = channel.read(into, at);
        if (read < 0) {
          throw corrupt("it ends at byte " + at + " where more belongs");
        }
        at += read;
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
  }

  /** Some bytes, in a little-endian buffer. */
  ByteBuffer read(long position, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(bytes, position);
    return bytes.flip();
  }

  /** A part of the file as it is. */
  ElementBytes part(long position, long length) {
    return new ElementBytes() {
      private long done;

      @Override
      public void read(ByteBuffer into) {
        if (into.remaining() > length - done) {
          throw corrupt("its data ends early");
        }
        int count = into.remaining();
        TensorInput.this.read(into, position + done);
        done += count;
      }

      @Override
      public void finish() {
        if (done != length) {
          throw corrupt((length - done) + " bytes are left after the data");
        }
      }

      @Override
      public void close() {}
    };
  }

  /** A part of the file as a stream, which reads ahead. */
  InputStream stream(long position, long length) {
    return new InputStream() {
      private ByteBuffer ahead = ByteBuffer.allocate(0);
      private long next = position;

      @Override
      public int read() {
        return fill() ? ahead.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (count == 0) {
          return 0;
        }
        if (!fill()) {
          return -1;
        }
        int part = Math.min(count, ahead.remaining());
        ahead.get(into, offset, part);
        return part;
      }

      private boolean fill() {
        int part = (int) Math.min(PART, position + length - next);
        if (!ahead.hasRemaining() && part > 0) {
          ahead = TensorInput.this.read(next, part);
          next += part;
        }
        return ahead.hasRemaining();
      }
    };
  }

  VeilsumException corrupt(String what) {
    return new VeilsumException(
        ErrorCode.CORRUPT, name + " is damaged: " + what + "; get a new copy");
  }

  VeilsumException bad(String what) {
    return new VeilsumException(ErrorCode.BAD_INPUT, name + ": " + what);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw VeilsumException.io("closing " + name, e);
    }
  }
}
