package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;

/**
 * Writes a container section by section, in bounded memory; the number of sections need not be
 * known beforehand, and metadata may come last. The file appears with {@link #finish}; closing
 * before that leaves nothing. Not thread-safe.
 */
public final class ContainerWriter implements AutoCloseable {
  private final AtomicOutput out;
  private final MessageDigest digest = Sha256.newDigest();
  private final Map<SectionType, Integer> counts = new EnumMap<>(SectionType.class);
  private int sections;
  private long bytes;

  /** Starts a container on {@code out}, which is closed with the writer. */
  public ContainerWriter(AtomicOutput out, ContainerKind kind) {
    this.out = out;
    put(
        ByteBuffer.allocate(ContainerHeader.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(ContainerHeader.MAGIC)
            .putShort((short) ContainerHeader.VERSION)
            .put((byte) kind.code())
            .put((byte) 0)
            .flip());
  }

  /**
   * Appends a section with what remains of {@code payload}.
   *
   * @return the section's index among those of its type, from 0
   * @throws VeilsumException OUT_OF_RANGE where the payload or the number of sections is beyond the
   *     format's limits; IO
   */
  public int add(SectionType type, ByteBuffer payload) {
    if (payload.remaining() > type.maxLength()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          String.format(
              "a section %s has at most %d bytes, not %d; split it",
              type, type.maxLength(), payload.remaining()));
    }
    countSection();
    putHeader(type.code(), payload.remaining());
    put(payload);
    return counts.merge(type, 1, Integer::sum) - 1;
  }

  /**
   * Appends pieces of equal length, in as many bulk sections as they take. The pieces are added
   * with the returned object, all of them, before anything else is added.
   */
  public BulkPieces addBulk(SectionType type, int pieces, int pieceLength) {
    return new BulkPieces(type, pieces, pieceLength);
  }

  /** Pieces on their way to a file. */
  public final class BulkPieces {
    private final SectionType type;
    private final int pieceLength;
    private int left;
    private BulkCheck.Section section;

    private BulkPieces(SectionType type, int pieces, int pieceLength) {
      this.type = type;
      this.left = pieces;
      this.pieceLength = pieceLength;
    }

    /** Appends what remains of {@code piece}, which has the length that was said. */
    public void add(ByteBuffer piece) {
      if (left == 0 || piece.remaining() != pieceLength) {
        throw new IllegalArgumentException(
            piece.remaining() + " bytes for one of " + left + " pieces of " + pieceLength);
      }
      if (section == null) {
        begin();
      }
      section.add(BulkCheck.of(piece.duplicate()));
      bytes += pieceLength;
      out.write(piece);
      left--;
      if (section.isFull()) {
        put(section.checks());
        section = null;
      }
    }

    private void begin() {
      countSection();
      section = BulkCheck.Section.ofAtMost(left, pieceLength, type.maxLength());
      putHeader(type.code(), section.length());
      put(section.prefix());
      counts.merge(type, 1, Integer::sum);
    }
  }

  /** Appends the metadata. */
  public void add(Cbor metadata) {
    add(SectionType.METADATA, ByteBuffer.wrap(metadata.encode()));
  }

  /** The bytes written so far. */
  public long bytesWritten() {
    return bytes;
  }

  /** Ends the container and makes the file appear. */
  public void finish() {
    putHeader(SectionType.END, Sha256.BYTES);
    out.write(digest.digest());
    bytes += Sha256.BYTES;
    out.commit();
  }

  /** Drops the file unless it was finished. */
  @Override
  public void close() {
    out.close();
  }

  private void countSection() {
    if (++sections > ContainerHeader.MAX_SECTIONS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a container has at most " + ContainerHeader.MAX_SECTIONS + " sections; split it");
    }
  }

  private void putHeader(int type, long length) {
    put(
        ByteBuffer.allocate(SectionType.HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(type)
            .putLong(length)
            .flip());
  }

  private void put(ByteBuffer part) {
    bytes += part.remaining();
    digest.update(part.duplicate());
    out.write(part);
  }
}
