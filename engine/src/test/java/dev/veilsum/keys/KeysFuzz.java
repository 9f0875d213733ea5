package dev.veilsum.keys;

import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Key files: the text as it is, and the body inside of it with its checksum and armor put right. A
 * sealed key is not opened: what its passphrase would give is authenticated.
 */
public final class KeysFuzz {
  private static final Path FILE = Path.of("fuzzed.key");
  private static final int CHECKSUM = 32;

  private KeysFuzz() {}

  /** The same key in every process. */
  public static MasterKey fixedKey() {
    return MasterKey.of(new byte[MasterKey.BYTES]);
  }

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "keyFile",
            KeysFuzz::read,
            () -> bodies().stream().map(body -> armored(body.encode())).toList()),
        new FuzzTarget(
            "keyFileBody",
            KeysFuzz::readBody,
            () ->
                bodies().stream()
                    .map(KeyFileBody::encode)
                    .map(bytes -> Arrays.copyOf(bytes, bytes.length - CHECKSUM))
                    .toList()));
  }

  private static void read(byte[] text) {
    byte[] given = text.clone(); // the reader wipes what it reads
    KeyFileBody body = KeyFile.bodyOf(text, FILE);
    GuardedRead.requireSame(armored(body.encode()), given);
  }

  private static void readBody(byte[] bytes) {
    try {
      byte[] all = Arrays.copyOf(bytes, bytes.length + CHECKSUM);
      byte[] checksum = MessageDigest.getInstance("SHA-256").digest(bytes);
      System.arraycopy(checksum, 0, all, bytes.length, CHECKSUM);
      read(armored(all));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] armored(byte[] body) {
    return ("-----BEGIN VEILSUM MASTER KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(body)
            + "\n-----END VEILSUM MASTER KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static List<KeyFileBody> bodies() {
    try (MasterKey key = fixedKey()) {
      byte[] bare = new byte[MasterKey.BYTES];
      return List.of(
          new KeyFileBody(key.keyId(), null, null, null, bare),
          new KeyFileBody(
              key.keyId(),
              Argon2Cost.DEFAULT,
              new byte[KeyFileBody.SALT_BYTES],
              new byte[KeyFileBody.NONCE_BYTES],
              new byte[bare.length + 16]));
    }
  }
}
