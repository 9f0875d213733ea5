package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A container, verified from its first byte to its checksum when it is opened; payloads are read
 * when they are asked for. Thread-safe: sections may be read in parallel.
 *
 * <p>The file must not be written to while it is open. Veilsum's own writers replace files whole,
 * which leaves an open one as it was.
 */
public final class ContainerReader implements AutoCloseable {
  private final String name;
  private final FileChannel channel;
  private final ContainerKind kind;
  private final SectionIndex index;

  private ContainerReader(String name, FileChannel channel, boolean passesBulk) throws IOException {
    this.name = name;
    this.channel = channel;
    ContainerScan.Verified verified = ContainerScan.verify(channel, name, passesBulk);
    this.kind = verified.kind();
    this.index = verified.index();
  }

  /**
   * Opens a file; a pipe is spooled first.
   *
   * @throws VeilsumException BAD_INPUT where it is no container or one of a newer version; CORRUPT
   *     where it was cut or altered; IO
   */
  public static ContainerReader open(Path file) {
    return open(file, false);
  }

  /**
   * Opens a file whose bulk sections are not read yet: each is held against its check when it is
   * read, and everything else now.
   *
   * @throws VeilsumException as {@link #open(Path)}
   */
  public static ContainerReader openUnread(Path file) {
    return open(file, true);
  }

  private static ContainerReader open(Path file, boolean passesBulk) {
    try {
      if (Files.isDirectory(file)) {
        throw new VeilsumException(ErrorCode.BAD_INPUT, file + " is a folder; name a file");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          return open(in, file.toString());
        }
      }
      return verified(file.toString(), FileChannel.open(file, StandardOpenOption.READ), passesBulk);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /**
   * Opens a stream, which is spooled to a private temporary file; that goes away with the reader.
   *
   * @param name what the stream is called in messages, for example "standard input"
   */
  public static ContainerReader open(InputStream in, String name) {
    try {
      return verified(name, Spool.copy(in, name), false);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
  }

  /**
   * Opens what {@code write} writes: it is kept in a private temporary file, which goes away with
   * the reader.
   *
   * @param name what it is called in messages
   */
  public static ContainerReader spooled(String name, Consumer<AtomicOutput> write) {
    try {
      FileChannel channel = Spool.empty();
      try (AtomicOutput out = AtomicOutput.passThrough(name, channel)) {
        write.accept(out);
      } catch (RuntimeException | Error e) {
        channel.close();
        throw e;
      }
      return verified(name, channel, false);
    } catch (IOException e) {
      throw VeilsumException.io("keeping " + name, e);
    }
  }

  /** Writes the whole container as it is, and commits it. */
  public void copyTo(AtomicOutput out) {
    try (out) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
      long at = 0;
      for (int count; (count = channel.read(buffer.clear(), at)) > 0; at += count) {
        out.write(buffer.flip());
      }
      out.commit();
    } catch (IOException e) {
      throw VeilsumException.io("copying " + name, e);
    }
  }

  private static ContainerReader verified(String name, FileChannel channel, boolean passesBulk)
      throws IOException {
    try {
      return new ContainerReader(name, channel, passesBulk);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** What the container is called in messages. */
  public String name() {
    return name;
  }

  public ContainerKind kind() {
    return kind;
  }

  /**
   * This container, where it is of one of the kinds.
   *
   * @throws VeilsumException BAD_INPUT, naming both, where it is not
   */
  public ContainerReader require(ContainerKind... kinds) {
    if (!Arrays.asList(kinds).contains(kind)) {
      String wanted =
          Arrays.stream(kinds).map(ContainerKind::toString).collect(Collectors.joining(" or "));
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, name + " is of kind \"" + kind + "\"; this needs " + wanted);
    }
    return this;
  }

  /** How many sections of the type there are. */
  public int count(SectionType type) {
    return index.count(type);
  }

  /** The bytes of section {@code i} of the type, from 0. */
  public int length(SectionType type, int i) {
    check(type, i);
    return index.length(type, i);
  }

  /**
   * Reads section {@code i} of the type, which must have so many bytes.
   *
   * @throws VeilsumException CORRUPT where it has others
   */
  public ByteBuffer read(SectionType type, int i, int length) {
    if (length(type, i) != length) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s is damaged: section %s %d has %d bytes where %d belong; get a new copy"
              .formatted(name, type, i, length(type, i), length));
    }
    return read(type, i);
  }

  /** Reads section {@code i} of the type into a new direct buffer, ready to be read from. */
  public ByteBuffer read(SectionType type, int i) {
    ByteBuffer payload = ByteBuffer.allocateDirect(length(type, i));
    read(type, i, payload);
    return payload.flip();
  }

  /** Reads section {@code i} of the type to the position of {@code into}, which has room for it. */
  public void read(SectionType type, int i, ByteBuffer into) {
    readAt(index.offset(type, i), into, length(type, i));
  }

  /** How many pieces the bulk sections of a type have together. */
  public int pieces(SectionType type) {
    return index.pieces(type);
  }

  /** The bytes of one piece, from 0. */
  public int pieceLength(SectionType type, int i) {
    return piece(type, i).length();
  }

  /**
   * Reads a piece to the position of {@code into}, and holds it against its check.
   *
   * @return the check, by which its bytes are known again
   * @throws VeilsumException CORRUPT where it does not match
   */
  public long readPiece(SectionType type, int i, ByteBuffer into) {
    long[] check = new long[1];
    readPieces(type, i, 1, into, check, 0);
    return check[0];
  }

  /**
   * As {@link #readPiece}, of {@code count} pieces from {@code first} on, one after the other:
   * those that lie together in the file are read together.
   *
   * @param checks takes their checks, from index {@code at} on
   */
  public void readPieces(
      SectionType type, int first, int count, ByteBuffer into, long[] checks, int at) {
    for (int done = 0; done < count; ) {
      SectionIndex.Piece piece = piece(type, first + done);
      int together = Math.min(count - done, 1 + piece.following());
      int start = into.position();
      readAt(piece.offset(), into, together * piece.length());
      for (int i = 0; i < together; i++) {
        checks[at + done] =
            checked(type, first + done, into.slice(start + i * piece.length(), piece.length()));
        done++;
      }
    }
  }

  private long checked(SectionType type, int i, ByteBuffer piece) {
    long check = piece(type, i).check();
    if (BulkCheck.of(piece) != check) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s is damaged: the check of piece %d of %s does not match; get a new copy"
              .formatted(name, i, type));
    }
    return check;
  }

  private SectionIndex.Piece piece(SectionType type, int i) {
    SectionIndex.Piece piece = index.piece(type, i);
    if (piece == null) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          String.format("%s has %d pieces %s, not one of index %d", name, pieces(type), type, i));
    }
    return piece;
  }

  private void readAt(long at, ByteBuffer into, int length) {
    ByteBuffer slice = into.slice(into.position(), length);
    try {
      while (slice.hasRemaining()) {
        int count = channel.read(slice, at);
        if (count < 0) {
          throw new EOFException("the file was cut while it was read");
        }
        at += count;
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
    into.position(into.position() + length);
  }

  /** What {@code use} of this file returns; its errors are told as this file's. */
  public <T> T naming(Supplier<T> use) {
    try {
      return use.get();
    } catch (VeilsumException e) {
      if (e.getMessage().startsWith(name)) {
        throw e;
      }
      throw new VeilsumException(e.code(), name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The one metadata record.
   *
   * @throws VeilsumException CORRUPT where there is not exactly one, in canonical CBOR
   */
  public Cbor metadata() {
    if (count(SectionType.METADATA) != 1) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          name + " has " + count(SectionType.METADATA) + " metadata sections, not 1");
    }
    byte[] encoding = new byte[length(SectionType.METADATA, 0)];
    read(SectionType.METADATA, 0, ByteBuffer.wrap(encoding));
    return Cbor.decode(encoding, name);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw VeilsumException.io("closing " + name, e);
    }
  }

  private void check(SectionType type, int i) {
    if (i < 0 || i >= count(type)) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          String.format("%s has %d sections %s, not one of index %d", name, count(type), type, i));
    }
  }
}
