package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Several objects one after the other, as SEAL's save writes them to one stream: each frame says
 * how long it is, so nothing stands between them.
 */
public final class SealBundle {
  private SealBundle() {}

  /** Whether bytes start as a frame of SEAL does: with its magic number. */
  public static boolean isSeal(byte[] start) {
    return start.length >= 2
        && start[0] == (byte) SealInput.MAGIC
        && start[1] == (byte) (SealInput.MAGIC >>> 8);
  }

  /**
   * The objects that take all of the buffer, at least one; nothing in them is read yet.
   *
   * @throws VeilsumException {@code CORRUPT} where an object's frame is none or was cut short
   */
  public static List<ByteBuffer> split(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> objects = new ArrayList<>();
    do {
      int at = in.position();
      String object = "object " + (objects.size() + 1);
      ByteBuffer rest = in.slice().order(ByteOrder.LITTLE_ENDIAN);
      if (rest.remaining() < SealInput.HEADER) {
        throw corrupt(
            at,
            objects.isEmpty()
                ? "%d bytes; a frame's header alone has 16".formatted(rest.remaining())
                : "%d bytes are left after the object".formatted(rest.remaining()));
      }
      if (!objects.isEmpty() && Short.toUnsignedInt(rest.getShort(0)) != SealInput.MAGIC) {
        throw corrupt(at, "%d bytes are left after the object".formatted(rest.remaining()));
      }
      long size = SealInput.checkHeader(rest, object, at, SealCompression.values().length - 1);
      if (size < 0 || size > rest.remaining()) {
        throw corrupt(
            at + 8L,
            "the frame states %s bytes and %d are there: it was cut short"
                .formatted(Long.toUnsignedString(size), rest.remaining()));
      }
      objects.add(rest.slice(0, (int) size));
      in.position(at + (int) size);
    } while (in.hasRemaining());
    return List.copyOf(objects);
  }

  private static VeilsumException corrupt(long at, String message) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "SEAL object, byte %d: %s".formatted(at, message));
  }
}
