package dev.veilsum.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The check at the end of a bulk section: CRC-32C (Castagnoli) and CRC-32 (ISO-HDLC) of the bytes
 * before it, two little-endian words of 32 bits. It finds damage at the speed of memory, as the
 * file's SHA-256 does not; like that one, it authenticates nothing.
 */
final class BulkCheck {
  static final int BYTES = 8;

  private final CRC32C castagnoli = new CRC32C();
  private final CRC32 iso = new CRC32();

  /** Takes what remains of {@code part}. */
  void update(ByteBuffer part) {
    castagnoli.update(part.duplicate());
    iso.update(part);
  }

  /** The check of all that was taken. */
  long value() {
    return castagnoli.getValue() | iso.getValue() << 32;
  }

  /** The check of what remains of {@code payload}. */
  static long of(ByteBuffer payload) {
    BulkCheck check = new BulkCheck();
    check.update(payload);
    return check.value();
  }

  static ByteBuffer bytes(long check) {
    return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(check).flip();
  }
}
