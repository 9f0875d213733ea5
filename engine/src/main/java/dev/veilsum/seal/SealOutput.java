package dev.veilsum.seal;

import com.github.luben.zstd.Zstd;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/** One object on its way out, into exactly the bytes that it takes. */
final class SealOutput {
  private static final int ZSTD_LEVEL = 3;

  private final ByteBuffer out;
  private final int minorVersion;

  private SealOutput(ByteBuffer out, int minorVersion) {
    this.out = out;
    this.minorVersion = minorVersion;
  }

  /**
   * The bytes of an object.
   *
   * @param size of the uncompressed object, its header included
   * @param body puts everything after the header
   */
  static byte[] write(SealFormat format, long size, Consumer<SealOutput> body) {
    if (size > Integer.MAX_VALUE - 64) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "an object of %d bytes; objects below 2 GiB are written".formatted(size));
    }
    byte[] plain = new byte[(int) size];
    SealOutput output =
        new SealOutput(
            ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN), format.minorVersion());
    output.frame(size, SealCompression.NONE);
    body.accept(output);
    if (output.out.hasRemaining()) {
      throw new VeilsumException(ErrorCode.INTERNAL, "an object is smaller than its size");
    }
    if (format.compression() == SealCompression.NONE) {
      return plain;
    }
    byte[] packed = compress(plain, format.compression());
    Arrays.fill(plain, (byte) 0);
    ByteBuffer header = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    new SealOutput(header, format.minorVersion()).frame(packed.length, format.compression());
    return packed;
  }

  /**
   * Writes an object, uncompressed, to a buffer that it takes to its limit.
   *
   * @param size as for {@link #write(SealFormat, long, Consumer)}
   */
  static void write(ByteBuffer to, int minorVersion, long size, Consumer<SealOutput> body) {
    if (to.remaining() != size) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a buffer of %d bytes for an object of %d".formatted(to.remaining(), size));
    }
    SealOutput output = new SealOutput(to.slice().order(ByteOrder.LITTLE_ENDIAN), minorVersion);
    body.accept(output.frame(size));
    to.position(to.limit());
  }

  /** The compressed body, with room for a header in front. */
  private static byte[] compress(byte[] plain, SealCompression compression) {
    int length = plain.length - SealInput.HEADER;
    if (compression == SealCompression.ZSTD) {
      byte[] packed = new byte[SealInput.HEADER + (int) Zstd.compressBound(length)];
      long size =
          Zstd.compressByteArray(
              packed,
              SealInput.HEADER,
              packed.length - SealInput.HEADER,
              plain,
              SealInput.HEADER,
              length,
              ZSTD_LEVEL);
      if (Zstd.isError(size)) {
        throw new VeilsumException(ErrorCode.INTERNAL, "zstd: " + Zstd.getErrorName(size));
      }
      return Arrays.copyOf(packed, SealInput.HEADER + (int) size);
    }
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(plain, SealInput.HEADER, length);
      deflater.finish();
      byte[] packed = new byte[SealInput.HEADER + length / 2 + 1024];
      int size = SealInput.HEADER;
      while (!deflater.finished()) {
        if (size == packed.length) {
          packed = Arrays.copyOf(packed, packed.length + packed.length / 2);
        }
        size += deflater.deflate(packed, size, packed.length - size);
      }
      return Arrays.copyOf(packed, size);
    } finally {
      deflater.end();
    }
  }

  SealOutput frame(long size) {
    return frame(size, SealCompression.NONE);
  }

  private SealOutput frame(long size, SealCompression compression) {
    out.putShort((short) SealInput.MAGIC).put((byte) SealInput.HEADER);
    out.put((byte) SealFormat.MAJOR_VERSION).put((byte) minorVersion);
    out.put(compression.code()).putShort((short) 0).putLong(size);
    return this;
  }

  SealOutput u8(int value) {
    out.put((byte) value);
    return this;
  }

  SealOutput u64(long value) {
    out.putLong(value);
    return this;
  }

  SealOutput f64(double value) {
    out.putDouble(value);
    return this;
  }

  SealOutput bytes(byte[] bytes) {
    out.put(bytes);
    return this;
  }

  /** A DynArray of these words. */
  SealOutput words(ByteBuffer words) {
    frame(arrayBytes(words));
    out.putLong(words.remaining() / 8);
    out.put(words.duplicate());
    return this;
  }

  /** A DynArray of so many words, which {@code put} writes. */
  SealOutput words(long count, Consumer<ByteBuffer> put) {
    frame(arrayBytes(count));
    out.putLong(count);
    int bytes = Math.toIntExact(8 * count);
    put.accept(out.slice(out.position(), bytes).order(ByteOrder.LITTLE_ENDIAN));
    out.position(out.position() + bytes);
    return this;
  }

  /** The size of a DynArray's frame. */
  static long arrayBytes(ByteBuffer words) {
    return arrayBytes(words.remaining() / 8);
  }

  /** The size of the frame of a DynArray of so many words. */
  static long arrayBytes(long count) {
    return SealInput.HEADER + 8 + 8 * count;
  }
}
