package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public name of a {@link MasterKey}: 128 bits of a one-way function of it. Files made under a
 * key carry its id, so that a wrong key is named before anything is decrypted.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record KeyId(long high, long low) {
  /** The length of an id. */
  public static final int BYTES = 16;

  /** The id of its 16 bytes. */
  public static KeyId of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "a key id has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new KeyId(buffer.getLong(), buffer.getLong());
  }

  /**
   * The id of a secret key that was not derived from a master key: the first 16 bytes of SHA-256 of
   * a label, the fingerprint of its parameters, and the secret.
   */
  public static KeyId ofImported(byte[] fingerprint, ByteBuffer secret) {
    return digest("veilsum v1 imported key id", fingerprint, secret);
  }

  /**
   * The id that stands for whatever imported key of these parameters: of ciphertexts that came
   * without a word about their key.
   */
  public static KeyId ofUnnamed(byte[] fingerprint) {
    return digest("veilsum v1 unnamed key id", fingerprint, ByteBuffer.allocate(0));
  }

  /** The id of a public key whose secret nobody holds whole: a digest of all of it. */
  public static KeyId ofJoint(byte[] fingerprint, ByteBuffer publicKey) {
    return digest("veilsum v1 joint key id", fingerprint, publicKey);
  }

  private static KeyId digest(String label, byte[] fingerprint, ByteBuffer key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(label.getBytes(StandardCharsets.US_ASCII));
      sha.update(fingerprint);
      sha.update(key.duplicate());
      return of(Arrays.copyOf(sha.digest(), BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The id of its 32 hexadecimal digits. */
  public static KeyId parse(String hex) {
    try {
      return of(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "\"" + hex + "\" is not a key id of 32 hexadecimal digits", e);
    }
  }

  /** The 16 bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
