package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * The file that keeps a {@link MasterKey}: a text block of base64 lines, sealed with a passphrase
 * (Argon2id, AES-256-GCM) or bare. It is written with mode 0600, whole or not at all, and never
 * over another file. Reading tells apart:
 *
 * <ul>
 *   <li>BAD_INPUT: not a key file, or one of a newer version
 *   <li>CORRUPT: cut or altered in any byte
 *   <li>PASSPHRASE_NEEDED: sealed, and no passphrase was given
 *   <li>WRONG_PASSPHRASE: intact, and the passphrase does not open it
 * </ul>
 */
public final class KeyFile {
  private static final String BEGIN = "-----BEGIN VEILSUM MASTER KEY-----\n";
  private static final String END = "-----END VEILSUM MASTER KEY-----\n";
  private static final int LINE_CHARS = 64;
  private static final int MAX_FILE_BYTES = 1024;
  private static final byte[] CONTAINER_MAGIC = {'V', 'S', 'U', 'M'};

  private KeyFile() {}

  /** What a key file says without its passphrase. */
  public record Header(KeyId keyId, boolean sealed) {}

  /**
   * Writes {@code key} sealed with {@code passphrase}, which the caller wipes.
   *
   * @throws VeilsumException OUTPUT_EXISTS, IO; USAGE where the passphrase is empty
   */
  public static void writeSealed(Path file, MasterKey key, char[] passphrase) {
    writeSealed(file, key, passphrase, Argon2Cost.DEFAULT);
  }

  static void writeSealed(Path file, MasterKey key, char[] passphrase, Argon2Cost cost) {
    try (AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY)) {
      write(out, seal(key, passphrase, cost));
    }
  }

  /**
   * Writes {@code key} bare: whoever reads the file has the key.
   *
   * @throws VeilsumException OUTPUT_EXISTS, IO
   */
  public static void writeUnsealed(Path file, MasterKey key) {
    try (AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY)) {
      byte[] payload = key.withKey(byte[]::clone);
      write(out, new KeyFileBody(key.keyId(), null, null, null, payload));
      Arrays.fill(payload, (byte) 0);
    }
  }

  /** Reads the public part of a key file. */
  public static Header readHeader(Path file) {
    KeyFileBody body = readBody(file);
    if (!body.isSealed()) {
      Arrays.fill(body.payload(), (byte) 0);
    }
    return new Header(body.keyId(), body.isSealed());
  }

  /**
   * Opens a key file.
   *
   * @param passphrase asked once, and only where the file is sealed; what it gives is wiped. Null
   *     from it means that there is none
   */
  public static MasterKey open(Path file, Supplier<char[]> passphrase) {
    KeyFileBody body = readBody(file);
    if (!body.isSealed()) {
      return keyOf(body, body.payload(), file);
    }
    char[] typed = passphrase.get();
    if (typed == null) {
      throw new VeilsumException(
          ErrorCode.PASSPHRASE_NEEDED, file + " is sealed; give its passphrase");
    }
    try {
      byte[] secret = body.lock().open(typed, body.header(), body.payload(), file.toString());
      return keyOf(body, secret, file);
    } finally {
      Arrays.fill(typed, '\0');
    }
  }

  private static KeyFileBody seal(MasterKey key, char[] passphrase, Argon2Cost cost) {
    PassphraseLock lock = PassphraseLock.fresh(cost);
    KeyFileBody empty = new KeyFileBody(key.keyId(), cost, lock.salt(), lock.nonce(), new byte[0]);
    byte[] payload = key.withKey(secret -> lock.seal(passphrase, empty.header(), secret));
    return new KeyFileBody(key.keyId(), cost, lock.salt(), lock.nonce(), payload);
  }

  private static MasterKey keyOf(KeyFileBody body, byte[] secret, Path file) {
    MasterKey key = MasterKey.of(secret);
    Arrays.fill(secret, (byte) 0);
    if (!key.keyId().equals(body.keyId())) {
      key.close();
      throw corrupt(file, "its key is not the one that it names");
    }
    return key;
  }

  private static void write(AtomicOutput out, KeyFileBody body) {
    byte[] encoded = body.encode();
    byte[] text = armor(encoded);
    out.write(text, 0, text.length);
    out.commit();
    if (!body.isSealed()) {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] armor(byte[] body) {
    byte[] base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encode(body);
    byte[] begin = BEGIN.getBytes(StandardCharsets.US_ASCII);
    byte[] end = ("\n" + END).getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(begin, begin.length + base64.length + end.length);
    System.arraycopy(base64, 0, text, begin.length, base64.length);
    System.arraycopy(end, 0, text, begin.length + base64.length, end.length);
    Arrays.fill(base64, (byte) 0);
    return text;
  }

  private static KeyFileBody readBody(Path file) {
    byte[] text;
    try (InputStream in = Files.newInputStream(file)) {
      text = in.readNBytes(MAX_FILE_BYTES + 1);
    } catch (IOException e) {
      throw VeilsumException.io("reading the key file " + file, e);
    }
    return bodyOf(text, file);
  }

  /** The body of a key file's bytes, which are wiped; {@code file} is for messages. */
  static KeyFileBody bodyOf(byte[] text, Path file) {
    checkKind(text, file);
    byte[] encoded = unarmor(text, file);
    try {
      return KeyFileBody.decode(encoded);
    } catch (KeyFileBody.Malformed e) {
      throw switch (e.flaw) {
        case MAGIC, VERSION ->
            new VeilsumException(
                ErrorCode.BAD_INPUT,
                file + " is a key file of a version that this Veilsum does not read; upgrade it");
        case LENGTH, CHECKSUM -> corrupt(file, "it was altered or cut");
      };
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** Tells what is no key file from one that was cut. */
  private static void checkKind(byte[] text, Path file) {
    byte[] begin = BEGIN.getBytes(StandardCharsets.US_ASCII);
    int common = Math.min(begin.length, text.length);
    if (text.length > 0 && Arrays.equals(text, 0, common, begin, 0, common)) {
      if (text.length <= begin.length) {
        throw corrupt(file, "it ends after " + text.length + " bytes");
      }
      if (text.length > MAX_FILE_BYTES) {
        throw corrupt(file, "it is longer than a key file can be");
      }
      return;
    }
    String found =
        text.length == 0
            ? "it is empty"
            : text.length >= 4 && Arrays.equals(text, 0, 4, CONTAINER_MAGIC, 0, 4)
                ? "it is a Veilsum container"
                : "it does not start with a key file's first line";
    throw new VeilsumException(
        ErrorCode.BAD_INPUT, file + " is not a key file: " + found + "; see veilsum keygen");
  }

  /** The body of the text, which must be exactly as {@link #armor} writes it. */
  private static byte[] unarmor(byte[] text, Path file) {
    int start = BEGIN.length();
    int stop = text.length - END.length();
    if (stop < start
        || !new String(text, stop, END.length(), StandardCharsets.ISO_8859_1).equals(END)) {
      throw corrupt(file, "its last line is missing or altered");
    }
    byte[] body;
    try {
      body = Base64.getMimeDecoder().decode(Arrays.copyOfRange(text, start, stop));
    } catch (IllegalArgumentException e) {
      throw corrupt(file, "its base64 text was altered");
    }
    byte[] canonical = armor(body);
    boolean exact = Arrays.equals(canonical, text);
    Arrays.fill(canonical, (byte) 0);
    if (!exact) {
      throw corrupt(file, "its text was altered");
    }
    return body;
  }

  private static VeilsumException corrupt(Path file, String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "the key file " + file + " is damaged: " + how + "; restore a copy");
  }
}
