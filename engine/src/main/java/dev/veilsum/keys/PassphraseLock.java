package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * How a secret is sealed with a passphrase: Argon2id gives a key, AES-256-GCM encrypts under it.
 * The public numbers, which are stored beside what is sealed; fresh for every secret.
 *
 * @param salt of Argon2id
 * @param nonce of GCM
 */
public record PassphraseLock(int memoryKib, int passes, int lanes, byte[] salt, byte[] nonce) {
  public static final int SALT_BYTES = 16;
  public static final int NONCE_BYTES = 12;

  /** What sealing adds: the tag, 128 bits. */
  public static final int OVERHEAD = 16;

  /** Checks the cost: BAD_INPUT where it is out of bounds. */
  public PassphraseLock {
    new Argon2Cost(memoryKib, passes, lanes);
    if (salt.length != SALT_BYTES || nonce.length != NONCE_BYTES) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "a salt of %d and a nonce of %d bytes; %d and %d belong"
              .formatted(salt.length, nonce.length, SALT_BYTES, NONCE_BYTES));
    }
  }

  /** A fresh lock of the default cost. */
  public static PassphraseLock fresh() {
    return fresh(Argon2Cost.DEFAULT);
  }

  static PassphraseLock fresh(Argon2Cost cost) {
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[SALT_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    return new PassphraseLock(cost.memoryKib(), cost.passes(), cost.lanes(), salt, nonce);
  }

  /**
   * The sealed secret, its tag at the end. A lock seals once.
   *
   * @param passphrase the caller wipes it, as the secret; USAGE where it is empty
   * @param associated what must be the same when it is opened
   */
  public byte[] seal(char[] passphrase, byte[] associated, byte[] secret) {
    if (passphrase.length == 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the passphrase is empty; give one, or say that there is none");
    }
    try {
      return gcm(true, passphrase, associated, secret);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encryption does not check a tag", e);
    }
  }

  /**
   * The secret, which the caller wipes, as the passphrase.
   *
   * @param file what is opened, for messages
   * @throws VeilsumException WRONG_PASSPHRASE
   */
  public byte[] open(char[] passphrase, byte[] associated, byte[] sealed, String file) {
    try {
      return gcm(false, passphrase, associated, sealed);
    } catch (InvalidCipherTextException e) {
      throw new VeilsumException(
          ErrorCode.WRONG_PASSPHRASE,
          "the passphrase does not open " + file + "; the file itself is intact",
          e);
    }
  }

  /** AES-256-GCM (NIST SP 800-38D) with a tag of 128 bits at the end of the ciphertext. */
  private byte[] gcm(boolean encrypt, char[] passphrase, byte[] associated, byte[] in)
      throws InvalidCipherTextException {
    byte[] utf8 = Passphrase.utf8(passphrase);
    byte[] key = new Argon2Cost(memoryKib, passes, lanes).deriveKey(utf8, salt);
    Arrays.fill(utf8, (byte) 0);
    KeyParameter keyParameter = new KeyParameter(key);
    Arrays.fill(key, (byte) 0);
    try {
      GCMModeCipher gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
      gcm.init(encrypt, new AEADParameters(keyParameter, 8 * OVERHEAD, nonce, associated));
      byte[] out = new byte[gcm.getOutputSize(in.length)];
      int done = gcm.processBytes(in, 0, in.length, out, 0);
      gcm.doFinal(out, done);
      return out;
    } finally {
      Arrays.fill(keyParameter.getKey(), (byte) 0);
    }
  }
}
