package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/**
 * One pass over a whole file: finds the sections, checks every length against the bytes that are
 * there, and verifies the checksum. Allocates a buffer and the index, whatever the file says.
 */
final class ContainerScan {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int SMALL_BUFFER_BYTES = 1 << 12;
  private static final int END_BYTES = SectionType.HEADER_BYTES + Sha256.BYTES;

  private final FileChannel channel;
  private final String name;
  private final long size;
  private final MessageDigest digest = Sha256.newDigest();
  private final boolean passesBulk;
  private final ByteBuffer buffer;
  private final SectionIndex index = new SectionIndex();
  private long position; // of the next unread byte
  private int unknownCritical;

  /** A verified file. */
  record Verified(ContainerKind kind, SectionIndex index) {}

  private ContainerScan(FileChannel channel, String name, boolean passesBulk) throws IOException {
    this.channel = channel;
    this.name = name;
    this.size = channel.size();
    this.passesBulk = passesBulk;
    this.buffer =
        ByteBuffer.allocate(passesBulk ? SMALL_BUFFER_BYTES : BUFFER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .flip();
  }

  /**
   * Scans the file.
   *
   * @param name what the file is called in messages
   * @param passesBulk whether bulk sections are passed over: whoever reads one checks it then
   * @throws VeilsumException BAD_INPUT where it is no container, or one of a newer version; CORRUPT
   *     where it was cut or altered
   */
  static Verified verify(FileChannel channel, String name, boolean passesBulk) throws IOException {
    return new ContainerScan(channel, name, passesBulk).run();
  }

  private Verified run() throws IOException {
    checkMagic();
    fill(ContainerHeader.BYTES);
    buffer.mark();
    buffer.getInt();
    int version = buffer.getShort() & 0xffff;
    int kindCode = buffer.get() & 0xff;
    int zero = buffer.get();
    if (version != ContainerHeader.VERSION) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          String.format(
              "%s has format version %d, this Veilsum reads %d; upgrade it",
              name, version, ContainerHeader.VERSION));
    }
    consume(ContainerHeader.BYTES);
    while (nextSection()) {}
    checkDigest();
    ContainerKind kind = ContainerKind.ofCode(kindCode);
    if (kind == null || zero != 0) {
      throw newer("container kind " + kindCode);
    }
    if (unknownCritical != 0) {
      throw newer("section \"" + SectionType.letters(unknownCritical) + "\"");
    }
    return new Verified(kind, index);
  }

  private void checkMagic() throws IOException {
    if (size == 0) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, name + " is empty, not a Veilsum container");
    }
    byte[] start = new byte[(int) Math.min(size, FileStart.BYTES)];
    fill(start.length);
    buffer.duplicate().get(start);
    FileStart.requireContainer(start, name);
    if (size < ContainerHeader.BYTES) {
      throw corrupt("it ends after " + size + " bytes");
    }
  }

  /** Passes over one section; false at the end section, whose header alone is consumed. */
  private boolean nextSection() throws IOException {
    if (size - position < END_BYTES) {
      throw corrupt("it ends without its checksum after " + size + " bytes");
    }
    fill(SectionType.HEADER_BYTES);
    buffer.mark();
    int code = buffer.getInt();
    long length = buffer.getLong();
    long start = position;
    consume(SectionType.HEADER_BYTES);
    if (code == SectionType.END) {
      if (length != Sha256.BYTES || size - position != Sha256.BYTES) {
        throw corrupt("bytes follow its end, or its end is altered");
      }
      return false;
    }
    if (!SectionType.isWellFormed(code)) {
      throw corrupt("there is no section at byte " + start);
    }
    long room = size - position - END_BYTES;
    if (length < 0 || length > room) {
      throw corrupt(
          String.format(
              "section \"%s\" at byte %d says %s bytes where %d are left",
              SectionType.letters(code), start, Long.toUnsignedString(length), Math.max(room, 0)));
    }
    SectionType type = SectionType.ofCode(code);
    if (type != null && length > type.maxLength()) {
      throw corrupt(
          String.format(
              "section \"%s\" at byte %d has %d bytes, at most %d are valid",
              SectionType.letters(code), start, length, type.maxLength()));
    }
    if (type == null && SectionType.isCritical(code)) {
      unknownCritical = code;
    }
    if (index.passed() == ContainerHeader.MAX_SECTIONS) {
      throw corrupt("it has more than " + ContainerHeader.MAX_SECTIONS + " sections");
    }
    if (type != null && type.isBulk()) {
      index.pass(type, position, length);
      passBulk(type, start, length);
      return true;
    }
    index.pass(type, position, length);
    for (long left = length; left > 0; ) {
      int part = (int) Math.min(left, buffer.capacity());
      fill(part);
      buffer.mark();
      consume(part);
      left -= part;
    }
    return true;
  }

  /** Passes over a bulk section: hashes all but its pieces, which are held against their checks. */
  private void passBulk(SectionType type, long start, long length) throws IOException {
    if (length < BulkCheck.Section.PREFIX_BYTES) {
      throw corrupt("section \"%s\" at byte %d has no pieces".formatted(type, start));
    }
    fill(BulkCheck.Section.PREFIX_BYTES);
    buffer.mark();
    int pieceLength = buffer.getInt();
    int pieces = buffer.getInt();
    if (!BulkCheck.Section.fits(length, pieceLength, pieces)) {
      throw corrupt(
          "section \"%s\" at byte %d says %d pieces of %d bytes in %d"
              .formatted(type, start, pieces, pieceLength, length));
    }
    consume(BulkCheck.Section.PREFIX_BYTES);
    BulkCheck.Section section = new BulkCheck.Section(pieceLength, pieces);
    long[] found = new long[pieces];
    if (passesBulk) {
      skip(section.pieceBytes());
    } else {
      for (int piece = 0; piece < pieces; piece++) {
        found[piece] = checkOf(pieceLength);
      }
    }
    for (int piece = 0; piece < pieces; piece++) {
      fill(BulkCheck.BYTES);
      buffer.mark();
      long check = Integer.toUnsignedLong(buffer.getInt());
      if (!passesBulk && check != found[piece]) {
        throw corrupt(
            "the check of piece %d of section \"%s\" at byte %d does not match"
                .formatted(piece, type, start));
      }
      section.add(check);
      consume(BulkCheck.BYTES);
    }
    index.passBulk(type, section);
  }

  private long checkOf(int pieceLength) throws IOException {
    BulkCheck check = new BulkCheck();
    for (int left = pieceLength; left > 0; ) {
      int part = Math.min(left, buffer.capacity());
      fill(part);
      check.update(buffer.slice(buffer.position(), part));
      skip(part);
      left -= part;
    }
    return check.value();
  }

  /** Moves on by so many bytes without a look at them. */
  private void skip(long count) {
    int there = (int) Math.min(count, buffer.remaining());
    buffer.position(buffer.position() + there);
    position += there;
    if (there < count) {
      buffer.clear().flip();
      position += count - there;
    }
  }

  private void checkDigest() throws IOException {
    fill(Sha256.BYTES);
    byte[] written = new byte[Sha256.BYTES];
    buffer.get(written);
    if (!MessageDigest.isEqual(written, digest.digest())) {
      throw corrupt("its checksum does not match");
    }
  }

  /** Makes {@code count} bytes available, at most the buffer's size. */
  private void fill(int count) throws IOException {
    if (buffer.remaining() >= count) {
      return;
    }
    buffer.compact();
    while (buffer.position() < count) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file was cut while it was read");
      }
    }
    buffer.flip();
  }

  /** Hashes {@code count} bytes from the mark and moves past them. */
  private void consume(int count) {
    buffer.reset();
    digest.update(buffer.array(), buffer.position(), count);
    buffer.position(buffer.position() + count);
    position += count;
  }

  private VeilsumException newer(String what) {
    return new VeilsumException(
        ErrorCode.BAD_INPUT, name + " has the unknown " + what + "; a newer Veilsum may read it");
  }

  private VeilsumException corrupt(String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, name + " is damaged: " + how + "; restore or make it again");
  }
}
