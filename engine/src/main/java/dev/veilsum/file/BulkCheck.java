package dev.veilsum.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The check of one piece of a bulk section: CRC-32C (Castagnoli), a little-endian word of 32 bits.
 * It finds damage at the speed of memory, as the file's SHA-256 does not; like that one, it
 * authenticates nothing.
 *
 * <p>A bulk section is the length of a piece and the number of pieces, 32 bits each, the pieces,
 * and their checks. All but the pieces enters the file's SHA-256.
 */
final class BulkCheck {
  static final int BYTES = 4;

  private final CRC32C castagnoli = new CRC32C();

  /** Takes what remains of {@code part}. */
  void update(ByteBuffer part) {
    castagnoli.update(part);
  }

  /** The check of all that was taken. */
  long value() {
    return castagnoli.getValue();
  }

  /** The check of what remains of {@code piece}. */
  static long of(ByteBuffer piece) {
    BulkCheck check = new BulkCheck();
    check.update(piece);
    return check.value();
  }

  /** One bulk section: its pieces' length, and the checks of those that are known. */
  static final class Section {
    /** The pieces' length and number. */
    static final int PREFIX_BYTES = 8;

    private static final int MOST_PIECES = 1 << 12;

    private final int pieceLength;
    private final long[] checks;
    private int known;

    Section(int pieceLength, int pieces) {
      this.pieceLength = pieceLength;
      this.checks = new long[pieces];
    }

    /** A section of so many of the pieces as one takes. */
    static Section ofAtMost(int pieces, int pieceLength, int maxLength) {
      int room = (maxLength - PREFIX_BYTES) / (pieceLength + BYTES);
      return new Section(pieceLength, Math.min(pieces, Math.min(room, MOST_PIECES)));
    }

    /** Whether a section of this length can have such pieces. */
    static boolean fits(long length, int pieceLength, int pieces) {
      return pieceLength > 0
          && pieces > 0
          && pieces <= MOST_PIECES
          && length == PREFIX_BYTES + (long) pieces * (pieceLength + BYTES);
    }

    int pieceLength() {
      return pieceLength;
    }

    int pieces() {
      return checks.length;
    }

    /** Bytes of all pieces. */
    long pieceBytes() {
      return (long) pieceLength * checks.length;
    }

    /** Bytes of the section. */
    long length() {
      return PREFIX_BYTES + pieceBytes() + (long) BYTES * checks.length;
    }

    /** The check of one piece. */
    long check(int piece) {
      return checks[piece];
    }

    void add(long check) {
      checks[known++] = check;
    }

    boolean isFull() {
      return known == checks.length;
    }

    ByteBuffer prefix() {
      return ByteBuffer.allocate(PREFIX_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(pieceLength)
          .putInt(checks.length)
          .flip();
    }

    ByteBuffer checks() {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES * checks.length).order(ByteOrder.LITTLE_ENDIAN);
      Arrays.stream(checks).forEach(check -> bytes.putInt((int) check));
      return bytes.flip();
    }
  }
}
