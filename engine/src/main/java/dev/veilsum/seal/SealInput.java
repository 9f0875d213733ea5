package dev.veilsum.seal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * One object on its way in: its outermost frame is checked when it is opened, then the body is read
 * field by field, from memory or, where it is compressed, as it expands. Every failure names the
 * byte (of the expanded object) where it stands. Nothing is taken before the bytes that need it
 * were seen, so an object can claim any size and cost nothing.
 */
final class SealInput implements AutoCloseable {
  static final int HEADER = 16;
  static final int MAGIC = 0xA15E;

  /**
   * A compressed object may expand to this much, or to {@link #MOST_EXPANSION} times its size where
   * that is more. Residues hardly compress: 20-bit primes, the shortest, give a factor of 3.2.
   */
  private static final long FREE_EXPANSION = 24 << 20;

  private static final int MOST_EXPANSION = 16;
  private static final int LOG_MAX_WINDOW = 23;

  private final String object;
  private final ByteBuffer memory;
  private final InputStream stream;
  private final Inflater inflater;
  private final long limit;
  private long position = HEADER;

  private SealInput(
      String object, ByteBuffer memory, InputStream stream, Inflater inflater, long limit) {
    this.object = object;
    this.memory = memory;
    this.stream = stream;
    this.inflater = inflater;
    this.limit = limit;
  }

  /**
   * Opens the object that takes all of the buffer, from its position to its limit.
   *
   * @param object what it should be, for messages
   */
  static SealInput open(ByteBuffer bytes, String object) {
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < HEADER) {
      throw corrupt(object, 0, "%d bytes; a frame's header alone has 16".formatted(in.remaining()));
    }
    int compression = in.get(5);
    long size = checkHeader(in, object, 0, SealCompression.values().length - 1);
    if (Long.compareUnsigned(size, in.remaining()) > 0) {
      throw corrupt(
          object,
          8,
          "the frame states %s bytes and %d are there: it was cut short"
              .formatted(Long.toUnsignedString(size), in.remaining()));
    }
    if (size < in.remaining()) {
      throw corrupt(
          object, size, "%d bytes are left after the object".formatted(in.remaining() - size));
    }
    if (compression == SealCompression.NONE.code()) {
      return new SealInput(object, in.position(HEADER), null, null, size);
    }
    byte[] packed = new byte[in.capacity() - HEADER];
    in.get(HEADER, packed);
    long most = Math.max(FREE_EXPANSION, (long) MOST_EXPANSION * packed.length) + HEADER;
    if (compression == SealCompression.ZLIB.code()) {
      Inflater inflater = new Inflater();
      inflater.setInput(packed);
      InputStream none = InputStream.nullInputStream();
      return new SealInput(object, null, new InflaterInputStream(none, inflater), inflater, most);
    }
    return new SealInput(object, null, zstd(object, packed), null, most);
  }

  private static InputStream zstd(String object, byte[] packed) {
    if (packed.length == 0) {
      throw corrupt(object, HEADER, "the body is not exactly one intact zstd frame: it is empty");
    }
    long frame;
    try {
      frame = Zstd.findFrameCompressedSize(packed);
    } catch (ZstdException e) {
      throw corrupt(
          object, HEADER, "the body is not exactly one intact zstd frame: " + e.getMessage());
    }
    if (frame != packed.length) {
      throw corrupt(
          object,
          HEADER,
          "the body is not exactly one intact zstd frame: it ends after %d of %d bytes"
              .formatted(frame, packed.length));
    }
    try {
      return new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(packed))
          .setLongMax(LOG_MAX_WINDOW);
    } catch (IOException e) {
      throw corrupt(object, HEADER, "the body is no zstd frame: " + e.getMessage());
    }
  }

  /** Checks a header at the start of the buffer and returns the frame's size. */
  static long checkHeader(ByteBuffer in, String object, long at, int lastCompression) {
    if (Short.toUnsignedInt(in.getShort(0)) != MAGIC) {
      throw corrupt(
          object,
          at,
          "the magic number is %04x, not a15e: this is no frame of SEAL"
              .formatted(Short.toUnsignedInt(in.getShort(0))));
    }
    if (in.get(2) != HEADER) {
      throw corrupt(object, at + 2, "a header of %d bytes, not 16".formatted(in.get(2) & 0xff));
    }
    int major = in.get(3) & 0xff;
    int minor = in.get(4) & 0xff;
    if (major != SealFormat.MAJOR_VERSION || minor > SealFormat.HIGHEST_MINOR) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "SEAL %s, byte %d: an object of SEAL %d.%d; 4.0 to 4.%d are read"
              .formatted(object, at + 3, major, minor, SealFormat.HIGHEST_MINOR));
    }
    int compression = in.get(5) & 0xff;
    if (compression > lastCompression) {
      throw corrupt(
          object,
          at + 5,
          lastCompression == 0
              ? "compression %d inside of an object: only its outermost frame may be compressed"
                  .formatted(compression)
              : "compression %d; there are 0 (none), 1 (zlib) and 2 (zstd)".formatted(compression));
    }
    if (in.getShort(6) != 0) {
      throw corrupt(object, at + 6, "the reserved field is not zero");
    }
    long size = in.getLong(8);
    if (size >= 0 && size < HEADER) {
      throw corrupt(object, at + 8, "a frame of %d bytes, less than its header".formatted(size));
    }
    return size;
  }

  /**
   * Reads a nested frame's header.
   *
   * @return the position at which it says that it ends, within the object
   */
  long beginFrame(String what) {
    long begin = position;
    ByteBuffer header = take(HEADER, what);
    long size = checkHeader(header, object, begin, 0);
    if (stream != null && Long.compareUnsigned(size, limit - begin) > 0) {
      throw expandsTooFar();
    }
    if (size < 0 || size > limit - begin) {
      throw corruptAt(
          begin + 8,
          "the frame of the %s states %s bytes, more than the object has"
              .formatted(what, Long.toUnsignedString(size)));
    }
    return begin + size;
  }

  /** Throws unless a nested frame ends here. */
  void endFrame(long end, String what) {
    if (position != end) {
      throw corrupt("the frame of the %s states that it ends at byte %d".formatted(what, end));
    }
  }

  /** A nested frame of a known size: its body. */
  ByteBuffer frameOf(int size, String what) {
    long begin = position;
    long end = beginFrame(what);
    if (end - begin != size) {
      throw corruptAt(
          begin + 8,
          "the frame of the %s states %d bytes; it has %d".formatted(what, end - begin, size));
    }
    return take(size - HEADER, what);
  }

  /** A DynArray: its words, of which there must be one of the given counts. */
  ByteBuffer words(String what, long... counts) {
    long begin = position;
    long end = beginFrame(what);
    long count = u64();
    boolean fits = false;
    for (long possible : counts) {
      fits |= count == possible;
    }
    if (!fits) {
      throw corruptAt(
          begin + HEADER,
          "the %s has %s words where %s belong"
              .formatted(
                  what,
                  Long.toUnsignedString(count),
                  Arrays.stream(counts)
                      .distinct()
                      .mapToObj(Long::toString)
                      .collect(java.util.stream.Collectors.joining(" or "))));
    }
    if (end - position != 8 * count) {
      throw corruptAt(
          begin + 8,
          "the frame of the %s states %d bytes for %d words".formatted(what, end - begin, count));
    }
    return take(8 * count, what);
  }

  int u8() {
    return take(1, "object").get() & 0xff;
  }

  long u64() {
    return take(8, "object").getLong();
  }

  double f64() {
    return take(8, "object").getDouble();
  }

  byte[] bytes(int count) {
    byte[] taken = new byte[count];
    take(count, "object").get(taken);
    return taken;
  }

  /** The next bytes: a part of the input where it is in memory, otherwise a new array. */
  private ByteBuffer take(long count, String what) {
    if (count > limit - position) {
      if (stream != null) {
        throw expandsTooFar();
      }
      throw corrupt(
          "%d bytes of the %s belong here, and %d are left"
              .formatted(count, what, limit - position));
    }
    ByteBuffer taken;
    if (stream == null) {
      taken = memory.slice((int) position, (int) count);
      position += count;
    } else {
      taken = ByteBuffer.wrap(expand((int) count, what));
    }
    return taken.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The object's first bytes, fewer where it is shorter: header (whose size is 0), then body. */
  ByteBuffer prefix(int count) {
    byte[] start = new byte[count];
    int length = HEADER;
    if (stream == null) {
      length += (int) Math.min(count - HEADER, limit - HEADER);
      memory.get(HEADER, start, HEADER, length - HEADER);
    } else {
      try {
        length += stream.readNBytes(start, HEADER, count - HEADER);
      } catch (IOException e) {
        throw corrupt("the compressed body is damaged: " + e.getMessage());
      }
    }
    return ByteBuffer.wrap(start, 0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Wipes words that were taken, where they are a copy. */
  void wipe(ByteBuffer taken) {
    if (copies()) {
      Arrays.fill(taken.array(), (byte) 0);
    }
  }

  private VeilsumException expandsTooFar() {
    return corrupt(
        "a compressed object that expands to more than %d bytes: no object of its size does"
            .formatted(limit));
  }

  private byte[] expand(int count, String what) {
    try {
      byte[] bytes = stream.readNBytes(count);
      if (bytes.length < count) {
        throw corrupt("the compressed body ends within the " + what);
      }
      position += count;
      return bytes;
    } catch (IOException e) {
      throw corrupt("the compressed body is damaged: " + e.getMessage());
    }
  }

  /** Whether what was taken is a copy that only its taker holds. */
  boolean copies() {
    return stream != null;
  }

  long position() {
    return position;
  }

  /** Throws where anything is left of the object. */
  void end() {
    if (stream == null) {
      if (position != limit) {
        throw corrupt("%d bytes are left in the frame".formatted(limit - position));
      }
      return;
    }
    try {
      if (stream.read() != -1) {
        throw corrupt("the compressed body goes on after the object");
      }
    } catch (IOException e) {
      throw corrupt("the compressed body is damaged at its end: " + e.getMessage());
    }
    if (inflater != null && inflater.getRemaining() != 0) {
      throw corrupt("%d bytes are left after the zlib stream".formatted(inflater.getRemaining()));
    }
  }

  /** The error of what was read last. */
  VeilsumException corrupt(String message) {
    return corruptAt(position, message);
  }

  VeilsumException corruptAt(long at, String message) {
    return corrupt(object, at, message);
  }

  VeilsumException unsupported(String message) {
    return new VeilsumException(
        ErrorCode.UNSUPPORTED, "SEAL %s, byte %d: %s".formatted(object, position, message));
  }

  static VeilsumException corrupt(String object, long at, String message) {
    return new VeilsumException(
        ErrorCode.CORRUPT,
        "SEAL %s, byte %s: %s".formatted(object, Long.toUnsignedString(at), message));
  }

  @Override
  public void close() {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      throw new AssertionError("a stream over an array", e);
    } finally {
      if (inflater != null) {
        inflater.end();
      }
    }
  }
}
