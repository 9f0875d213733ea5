package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.agreement.X25519Agreement;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * An X25519 key (RFC 7748) by which those who know each other's public keys send each other
 * secrets: sealed messages of HPKE (RFC 9180) in its authenticated mode, DHKEM(X25519,
 * HKDF-SHA256), HKDF-SHA256, AES-256-GCM, as Bouncy Castle has them. Derived from a master key;
 * prints nothing; its seed is wiped on close. Thread-safe.
 */
public final class ExchangeKey implements AutoCloseable {
  /** Bytes of a public key. */
  public static final int PUBLIC_BYTES = 32;

  /** What sealing adds: the encapsulated key and the tag. */
  public static final int OVERHEAD = PUBLIC_BYTES + 16;

  private static final String PURPOSE = "exchange key";
  private static final byte[] AGREED_LABEL =
      "veilsum v1 agreed seed".getBytes(StandardCharsets.US_ASCII);

  private final byte[] seed;
  private boolean closed;

  private ExchangeKey(byte[] seed) {
    this.seed = seed;
  }

  /**
   * The key of an owner for one context: the same whenever it is derived.
   *
   * @param context what the key is for, at most 255 bytes
   */
  public static ExchangeKey derive(MasterKey master, byte[] context) {
    return new ExchangeKey(master.withSeed(PURPOSE, context, byte[]::clone));
  }

  /** The public key. */
  public byte[] publicKey() {
    return hpke().serializePublicKey(pair().getPublic());
  }

  /**
   * A message that only {@code recipient} opens, and that only this key could have sealed: the
   * encapsulated key, then the ciphertext with its tag.
   *
   * @param recipient a public key
   * @param info what the message is for; the same is given to open it
   * @param secret the caller wipes it
   * @throws VeilsumException BAD_INPUT where the recipient's key is none
   */
  public byte[] seal(byte[] recipient, byte[] info, byte[] secret) {
    try {
      byte[][] sealed =
          hpke().seal(publicKeyOf(recipient), info, new byte[0], secret, null, null, pair());
      byte[] message = Arrays.copyOf(sealed[1], PUBLIC_BYTES + sealed[0].length);
      System.arraycopy(sealed[0], 0, message, PUBLIC_BYTES, sealed[0].length);
      return message;
    } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException e) {
      throw notAKey(e);
    }
  }

  /**
   * What {@code sender} has sealed for this key; the caller wipes it.
   *
   * @param what the message's name, for errors
   * @throws VeilsumException WRONG_KEY where it was sealed by or for another key, for another
   *     purpose, or altered
   */
  public byte[] open(byte[] sender, byte[] info, byte[] message, String what) {
    try {
      if (message.length < OVERHEAD) {
        throw new IllegalArgumentException("shorter than a sealed message");
      }
      byte[] encapsulated = Arrays.copyOf(message, PUBLIC_BYTES);
      byte[] sealed = Arrays.copyOfRange(message, PUBLIC_BYTES, message.length);
      return hpke()
          .open(encapsulated, pair(), info, new byte[0], sealed, null, null, publicKeyOf(sender));
    } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException e) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          what + " was not sealed by its sender for this key, or it was altered; get it again",
          e);
    }
  }

  /**
   * Hands a seed of 32 bytes, that only this key and {@code other} can make, to {@code use}, and
   * wipes it: HKDF-SHA256 of the Diffie-Hellman secret under {@code label}.
   *
   * @throws VeilsumException BAD_INPUT where the other key is none
   */
  public <R> R withAgreed(byte[] other, byte[] label, Function<byte[], R> use) {
    byte[] agreed = agree(other);
    byte[] extracted = HkdfSha256.extract(AGREED_LABEL, agreed);
    byte[] expanded = HkdfSha256.expand(extracted, label, MasterKey.BYTES);
    Arrays.fill(agreed, (byte) 0);
    Arrays.fill(extracted, (byte) 0);
    try {
      return use.apply(expanded);
    } finally {
      Arrays.fill(expanded, (byte) 0);
    }
  }

  /** X25519 (RFC 7748, section 6.1); a key of low order, which gives zero, is refused. */
  private byte[] agree(byte[] other) {
    try {
      X25519Agreement agreement = new X25519Agreement();
      agreement.init(pair().getPrivate());
      byte[] agreed = new byte[PUBLIC_BYTES];
      agreement.calculateAgreement(publicKeyOf(other), agreed, 0);
      return agreed;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw notAKey(e);
    }
  }

  /** Wipes the seed. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(seed, (byte) 0);
  }

  /** Nothing of the secret. */
  @Override
  public String toString() {
    return "ExchangeKey";
  }

  private static HPKE hpke() {
    return new HPKE(
        HPKE.mode_auth, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  /** DeriveKeyPair of RFC 9180, section 7.1.3. */
  private synchronized AsymmetricCipherKeyPair pair() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the exchange key is closed; open it again");
    }
    return hpke().deriveKeyPair(seed);
  }

  private static AsymmetricKeyParameter publicKeyOf(byte[] bytes) {
    if (bytes.length != PUBLIC_BYTES) {
      throw new IllegalArgumentException("a public key of " + bytes.length + " bytes");
    }
    return new X25519PublicKeyParameters(bytes);
  }

  private static VeilsumException notAKey(Exception cause) {
    return new VeilsumException(
        ErrorCode.BAD_INPUT, "a party's public key is no usable X25519 key: it was altered", cause);
  }
}
