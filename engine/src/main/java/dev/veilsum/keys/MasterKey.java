package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The one secret of an owner: 256 random bits, from which every other secret (ternary secrets,
 * Paillier primes, search keys) is derived. It prints nothing, is never serialized except by {@link
 * KeyFile}, and is wiped on close. Thread-safe; closing twice is harmless.
 */
public final class MasterKey implements AutoCloseable {
  /** The length of the key and of every derived seed. */
  public static final int BYTES = 32;

  private static final Pattern PURPOSE = Pattern.compile("[a-z0-9][a-z0-9 ./-]{0,63}");
  private static final byte[] KEY_ID_LABEL = ascii("veilsum v1 key id");
  private static final byte[] SEED_LABEL = ascii("veilsum v1 seed");

  private final byte[] key;
  private final KeyId keyId;
  private boolean closed;

  private MasterKey(byte[] key) {
    this.key = key;
    this.keyId = KeyId.of(HkdfSha256.expand(key, KEY_ID_LABEL, KeyId.BYTES));
  }

  /** A new key from the operating system's randomness. */
  public static MasterKey generate() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return new MasterKey(key);
  }

  /** The key of 32 bytes, which are copied: the caller wipes its own. */
  static MasterKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a master key has 32 bytes, not " + bytes.length);
    }
    return new MasterKey(bytes.clone());
  }

  /** The public name of this key. */
  public KeyId keyId() {
    return keyId;
  }

  /**
   * Derives the 32-byte seed of one purpose under one parameter set, hands it to {@code use}, and
   * wipes it afterwards. The same key, purpose and fingerprint give the same seed; any other choice
   * gives an independent one. HKDF-Expand (RFC 5869, section 2.3) with the key as pseudorandom key,
   * which section 3.3 allows for a uniform key.
   *
   * @param purpose what the seed is for: 1 to 64 of a-z, 0-9, space, dot, slash and hyphen
   * @param parameterFingerprint the fingerprint of the parameters, or no bytes where there are none
   * @param use makes the result; must not keep the array
   * @throws VeilsumException CLOSED after {@link #close}
   */
  public <R> R withSeed(String purpose, byte[] parameterFingerprint, Function<byte[], R> use) {
    byte[] seed = derive(seedLabel(purpose, parameterFingerprint));
    try {
      return use.apply(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** Hands the key itself to {@code use}: only for key files, which must not keep the array. */
  synchronized <R> R withKey(Function<byte[], R> use) {
    checkOpen();
    return use.apply(key);
  }

  /** Whether the key has been wiped. */
  public synchronized boolean isClosed() {
    return closed;
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
    return "MasterKey";
  }

  private synchronized byte[] derive(byte[] label) {
    checkOpen();
    return HkdfSha256.expand(key, label, BYTES);
  }

  private void checkOpen() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the master key is closed; open it again");
    }
  }

  /** Length-prefixed parts, so that no two choices give the same label. */
  private static byte[] seedLabel(String purpose, byte[] fingerprint) {
    if (!PURPOSE.matcher(purpose).matches()) {
      throw new IllegalArgumentException("not a purpose: \"" + purpose + "\"");
    }
    if (fingerprint.length > 255) {
      throw new IllegalArgumentException("a fingerprint has at most 255 bytes");
    }
    ByteArrayOutputStream label = new ByteArrayOutputStream();
    label.writeBytes(SEED_LABEL);
    label.write(purpose.length());
    label.writeBytes(ascii(purpose));
    label.write(fingerprint.length);
    label.writeBytes(fingerprint);
    return label.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
