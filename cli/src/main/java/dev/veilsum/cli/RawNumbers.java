package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file of bare little-endian numbers, float32 or float64, as one vector. */
final class RawNumbers implements Numbers {
  private final String name;
  private final FileChannel channel;
  private final ElementType type;
  private final long count;

  private RawNumbers(String name, FileChannel channel, ElementType type, long count) {
    this.name = name;
    this.channel = channel;
    this.type = type;
    this.count = count;
  }

  static RawNumbers open(Path file, ElementType type) {
    if (type != ElementType.FLOAT32 && type != ElementType.FLOAT64) {
      throw new VeilsumException(
          ErrorCode.USAGE, "bare numbers are float32 or float64, not " + type.id());
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      long size = channel.size();
      if (size == 0 || size % type.bytes() != 0) {
        channel.close();
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s has %d bytes, which are no %s numbers".formatted(file, size, type.id()));
      }
      return new RawNumbers(file.toString(), channel, type, size / type.bytes());
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /** The one vector. */
  @Override
  public List<TensorShape> tensors() {
    return List.of(TensorShape.vector("", type, count));
  }

  @Override
  public Kind kind() {
    return type == ElementType.FLOAT32 ? Kind.FLOAT : Kind.DOUBLE;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public void next(ByteBuffer into, int numbers) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED, "bare numbers are read on little-endian processors only");
    }
    ByteBuffer part = into.slice(into.position(), numbers * kind().bytes());
    try {
      while (part.hasRemaining()) {
        if (channel.read(part) < 0) {
          throw new EOFException("the file was cut while it was read");
        }
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
    into.position(into.position() + part.capacity());
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
