package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes the tokens under which texts are found again without being read: HMAC-SHA256 (RFC 2104)
 * under a key that is derived from the master key, cut to 16 bytes. Equal texts of equally named
 * columns have equal tokens; without the key a token says nothing else, and none can be made. Two
 * different texts out of 2^32 share one with probability 2^-65. Thread-safe.
 */
public final class SearchKey implements AutoCloseable {
  /** Bytes of a token. */
  public static final int TOKEN_BYTES = 16;

  private static final String PURPOSE = "search tokens";
  private static final byte[] NO_PARAMETERS = {};

  private final byte[] key;
  private boolean closed;

  private SearchKey(byte[] key) {
    this.key = key;
  }

  /** The search key of an owner; the same whenever it is derived. */
  public static SearchKey derive(MasterKey master) {
    return new SearchKey(master.withSeed(PURPOSE, NO_PARAMETERS, byte[]::clone));
  }

  /**
   * The token of a text in UTF-8, as it stands.
   *
   * @param column the column's name, which is part of what is authenticated
   * @throws VeilsumException CLOSED after {@link #close}
   */
  public byte[] token(String column, byte[] text) {
    byte[] name = column.getBytes(StandardCharsets.UTF_8);
    byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array();
    byte[] used = key();
    try {
      return Arrays.copyOf(HkdfSha256.hmac(used, length, name, text), TOKEN_BYTES);
    } finally {
      Arrays.fill(used, (byte) 0);
    }
  }

  /** The token of a text. */
  public byte[] token(String column, String text) {
    return token(column, text.getBytes(StandardCharsets.UTF_8));
  }

  private synchronized byte[] key() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the search key is closed; derive it again");
    }
    return key.clone();
  }

  /** Wipes the key. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
  }

  /** Nothing of the secret. */
  @Override
  public String toString() {
    return "SearchKey";
  }
}
