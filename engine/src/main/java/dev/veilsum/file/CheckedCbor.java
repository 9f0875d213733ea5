package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * One value with what finds damage to it: a mark of 8 ASCII characters, the value in canonical
 * CBOR, and the SHA-256 of both. It is not a signature.
 */
public final class CheckedCbor {
  /** Characters of a mark. */
  public static final int MARK_BYTES = 8;

  private CheckedCbor() {}

  /** The value's bytes; copies that are made on the way are wiped. */
  public static byte[] encode(String mark, Cbor value) {
    byte[] body = value.encode();
    byte[] bytes =
        Arrays.copyOf(
            mark.getBytes(StandardCharsets.US_ASCII), MARK_BYTES + body.length + Sha256.BYTES);
    System.arraycopy(body, 0, bytes, MARK_BYTES, body.length);
    Arrays.fill(body, (byte) 0);
    int end = bytes.length - Sha256.BYTES;
    System.arraycopy(digest(bytes, end), 0, bytes, end, Sha256.BYTES);
    return bytes;
  }

  /**
   * The value of {@link #encode}.
   *
   * @param where what is read, for messages
   * @throws VeilsumException CORRUPT for anything else
   */
  public static Cbor decode(String mark, byte[] bytes, String where) {
    int end = bytes.length - Sha256.BYTES;
    if (end < MARK_BYTES) {
      throw corrupt(where, "it was cut");
    }
    byte[] begin = mark.getBytes(StandardCharsets.US_ASCII);
    if (!Arrays.equals(bytes, 0, MARK_BYTES, begin, 0, MARK_BYTES)) {
      throw corrupt(where, "it does not begin with " + mark);
    }
    if (!Arrays.equals(bytes, end, bytes.length, digest(bytes, end), 0, Sha256.BYTES)) {
      throw corrupt(where, "its checksum is wrong");
    }
    byte[] body = Arrays.copyOfRange(bytes, MARK_BYTES, end);
    try {
      return Cbor.decode(body, where);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private static byte[] digest(byte[] bytes, int length) {
    MessageDigest sha256 = Sha256.newDigest();
    sha256.update(bytes, 0, length);
    return sha256.digest();
  }

  private static VeilsumException corrupt(String where, String why) {
    return new VeilsumException(ErrorCode.CORRUPT, where + " is damaged: " + why);
  }
}
