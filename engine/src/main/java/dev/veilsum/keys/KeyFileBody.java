package dev.veilsum.keys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The bytes inside a key file's armor: a header, the key, sealed or bare, and a SHA-256 over both.
 * Integers are big-endian.
 *
 * <pre>
 *   4  magic "VSMK"
 *   1  version, 1
 *   1  seal: 0 bare, 1 Argon2id and AES-256-GCM
 *  16  key id
 *   where sealed:
 *   4  Argon2id memory in KiB     4  passes     4  lanes
 *  16  Argon2id salt             12  GCM nonce
 *  then 32 (bare) or 48 (sealed: ciphertext and tag) bytes of key, and 32 of checksum
 * </pre>
 *
 * <p>The checksum stands outside of the authenticated encryption, so that an altered file is told
 * from a wrong passphrase. The whole header is associated data of the encryption.
 *
 * @param cost null where the key is bare
 */
record KeyFileBody(KeyId keyId, Argon2Cost cost, byte[] salt, byte[] nonce, byte[] payload) {
  static final int SALT_BYTES = PassphraseLock.SALT_BYTES;
  static final int NONCE_BYTES = PassphraseLock.NONCE_BYTES;

  private static final byte[] MAGIC = {'V', 'S', 'M', 'K'};
  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = 32;
  private static final int BARE_HEADER_BYTES = 6 + KeyId.BYTES;
  private static final int SEALED_HEADER_BYTES = BARE_HEADER_BYTES + 12 + SALT_BYTES + NONCE_BYTES;
  private static final int BARE_PAYLOAD_BYTES = MasterKey.BYTES;
  private static final int SEALED_PAYLOAD_BYTES = MasterKey.BYTES + 16;

  /** Why bytes are not a key file's body. */
  enum Flaw {
    CHECKSUM,
    LENGTH,
    MAGIC,
    VERSION
  }

  /** The bytes are not a body, for the reason {@link #flaw}. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    final Flaw flaw;

    Malformed(Flaw flaw) {
      super(flaw.toString(), null, false, false);
      this.flaw = flaw;
    }
  }

  boolean isSealed() {
    return cost != null;
  }

  /** How the payload is sealed, where it is. */
  PassphraseLock lock() {
    return new PassphraseLock(cost.memoryKib(), cost.passes(), cost.lanes(), salt, nonce);
  }

  /** Everything before the payload: the associated data of the encryption. */
  byte[] header() {
    ByteBuffer header =
        ByteBuffer.allocate(isSealed() ? SEALED_HEADER_BYTES : BARE_HEADER_BYTES)
            .put(MAGIC)
            .put(VERSION)
            .put((byte) (isSealed() ? 1 : 0))
            .put(keyId.bytes());
    if (isSealed()) {
      header.putInt(cost.memoryKib()).putInt(cost.passes()).putInt(cost.lanes());
      header.put(salt).put(nonce);
    }
    return header.array();
  }

  /** All bytes, the checksum included; the caller wipes them where the key is bare. */
  byte[] encode() {
    byte[] header = header();
    byte[] all = new byte[header.length + payload.length + CHECKSUM_BYTES];
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(payload, 0, all, header.length, payload.length);
    byte[] checksum = sha256(all, header.length + payload.length);
    System.arraycopy(checksum, 0, all, all.length - CHECKSUM_BYTES, CHECKSUM_BYTES);
    return all;
  }

  /**
   * The body of {@code bytes}: lengths and checksum are right, the cost is within bounds.
   *
   * @throws dev.veilsum.VeilsumException BAD_INPUT where the cost is out of bounds
   */
  static KeyFileBody decode(byte[] bytes) throws Malformed {
    int bare = BARE_HEADER_BYTES + BARE_PAYLOAD_BYTES + CHECKSUM_BYTES;
    int sealed = SEALED_HEADER_BYTES + SEALED_PAYLOAD_BYTES + CHECKSUM_BYTES;
    if (bytes.length < bare) {
      throw new Malformed(Flaw.LENGTH);
    }
    int body = bytes.length - CHECKSUM_BYTES;
    byte[] checksum = Arrays.copyOfRange(bytes, body, bytes.length);
    if (!MessageDigest.isEqual(checksum, sha256(bytes, body))) {
      throw new Malformed(Flaw.CHECKSUM);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, body);
    if (!Arrays.equals(take(in, MAGIC.length), MAGIC)) {
      throw new Malformed(Flaw.MAGIC);
    }
    if (in.get() != VERSION) {
      throw new Malformed(Flaw.VERSION);
    }
    byte seal = in.get();
    if (seal != 0 && seal != 1) {
      throw new Malformed(Flaw.VERSION);
    }
    if (bytes.length != (seal == 0 ? bare : sealed)) {
      throw new Malformed(Flaw.LENGTH);
    }
    KeyId keyId = KeyId.of(take(in, KeyId.BYTES));
    if (seal == 0) {
      return new KeyFileBody(keyId, null, null, null, take(in, BARE_PAYLOAD_BYTES));
    }
    Argon2Cost cost = new Argon2Cost(in.getInt(), in.getInt(), in.getInt());
    byte[] salt = take(in, SALT_BYTES);
    byte[] nonce = take(in, NONCE_BYTES);
    return new KeyFileBody(keyId, cost, salt, nonce, take(in, SEALED_PAYLOAD_BYTES));
  }

  /** Nothing of the payload. */
  @Override
  public String toString() {
    return "KeyFileBody[" + keyId + "]";
  }

  private static byte[] take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
