package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.core.Calls;
import dev.veilsum.nativelib.NativeRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A 64-bit word for each residue of each chunk, off the Java heap: in memory, or in a file that is
 * mapped and vanishes with the process, where it would be larger than a limit. Different chunks may
 * be used by different threads at once.
 */
final class Accumulator implements AutoCloseable {
  private static final long SEGMENT_BYTES = 1L << 28;

  /** So many chunks that lie together. */
  private interface Segment extends AutoCloseable {
    void at(int offset, int bytes, LongConsumer use);

    @Override
    void close();
  }

  private final int chunkBytes;
  private final int chunksPerSegment;
  private final List<Segment> segments = new ArrayList<>();
  private FileChannel file;

  /**
   * All zero.
   *
   * @param memoryLimit the most bytes that are taken from memory
   * @param folder where the file goes beyond that
   */
  Accumulator(int chunkBytes, int chunks, long memoryLimit, Path folder) {
    this.chunkBytes = chunkBytes;
    this.chunksPerSegment = (int) Math.max(1, Math.min(chunks, SEGMENT_BYTES / chunkBytes));
    long bytes = (long) chunkBytes * chunks;
    try {
      if (bytes > memoryLimit) {
        file = temporary(folder, bytes);
      }
      for (int first = 0; first < chunks; first += chunksPerSegment) {
        int size = Math.min(chunksPerSegment, chunks - first) * chunkBytes;
        segments.add(
            file == null ? InMemory.ofBytes(size) : mapped((long) first * chunkBytes, size));
      }
    } catch (IOException e) {
      close();
      throw VeilsumException.io("making the accumulator's file in " + folder, e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Hands the address of a chunk's words to {@code use}. */
  void with(int chunk, LongConsumer use) {
    with(chunk, 1, use);
  }

  /** Hands the address of the words of so many chunks, which lie {@link #together}. */
  void with(int first, int count, LongConsumer use) {
    if (segments.isEmpty()) {
      throw new VeilsumException(ErrorCode.CLOSED, "the accumulator is closed");
    }
    segments
        .get(first / chunksPerSegment)
        .at(first % chunksPerSegment * chunkBytes, count * chunkBytes, use);
  }

  /** How many chunks from {@code first} on lie one after the other in memory, at most so many. */
  int together(int first, int most) {
    return Math.min(most, chunksPerSegment - first % chunksPerSegment);
  }

  /** Whether it is a file. */
  boolean isMapped() {
    return file != null;
  }

  @Override
  public void close() {
    segments.forEach(Segment::close);
    segments.clear();
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // It has no name any more, and goes with the last mapping.
      }
    }
  }

  private record InMemory(NativeRegion region) implements Segment {
    static InMemory ofBytes(int bytes) {
      return new InMemory(Calls.call(() -> new NativeRegion(bytes)));
    }

    @Override
    public void at(int offset, int bytes, LongConsumer use) {
      Calls.run(() -> region.with(address -> use.accept(address + offset)));
    }

    @Override
    public void close() {
      region.close();
    }
  }

  private Segment mapped(long from, int bytes) throws IOException {
    ByteBuffer map = file.map(FileChannel.MapMode.READ_WRITE, from, bytes);
    return new Segment() {
      @Override
      public void at(int offset, int count, LongConsumer use) {
        GradientCodec.at(map.slice(offset, count), count, use);
      }

      @Override
      public void close() {
        // The collector unmaps it.
      }
    };
  }

  /** A file of zeros on disk, so that no page of the mapping can fail later for lack of room. */
  private static FileChannel temporary(Path folder, long bytes) throws IOException {
    Path path = Files.createTempFile(folder, "veilsum", ".sum");
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Where open files keep their names, it is deleted on close.
    }
    try {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long at = 0; at < bytes; ) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        at += channel.write(zeros, at);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
