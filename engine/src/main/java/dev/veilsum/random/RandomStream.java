package dev.veilsum.random;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Uniform random words: the key stream of AES-256 in counter mode (NIST SP 800-38A, 6.5) under a
 * seed of the operating system. The platform's AES runs on the processor's instructions, so a word
 * costs about a nanosecond. Not thread-safe; one stream for each thread.
 *
 * <p>{@link #close} wipes the words that are buffered. The platform keeps a copy of the seed in its
 * cipher, which is left to the garbage collector.
 */
public final class RandomStream implements AutoCloseable {
  /** Bytes of a seed. */
  public static final int SEED_BYTES = 32;

  private static final SecureRandom SYSTEM = new SecureRandom();
  private static final int BUFFER_BYTES = 1 << 14;
  private static final byte[] ZEROS = new byte[BUFFER_BYTES];
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Cipher cipher;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position = BUFFER_BYTES;
  private boolean closed;

  private RandomStream(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a seed of %d bytes, not %d".formatted(seed.length, SEED_BYTES));
    }
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(new byte[16]));
    } catch (GeneralSecurityException e) {
      throw new VeilsumException(ErrorCode.UNSUPPORTED, "this Java has no AES-256 in CTR mode", e);
    }
  }

  /** A stream that nobody can repeat. */
  public static RandomStream ofSystem() {
    byte[] seed = systemSeed();
    try {
      return new RandomStream(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** A fresh seed of the operating system; wipe it after use. */
  public static byte[] systemSeed() {
    byte[] seed = new byte[SEED_BYTES];
    SYSTEM.nextBytes(seed);
    return seed;
  }

  /** The one stream of a seed of {@link #SEED_BYTES} bytes, to be gone through more than once. */
  public static RandomStream ofSeed(byte[] seed) {
    return new RandomStream(seed);
  }

  /** 32 uniform bits. */
  public int nextInt() {
    if (position > BUFFER_BYTES - Integer.BYTES) {
      refill();
    }
    int word = (int) INT.get(buffer, position);
    position += Integer.BYTES;
    return word;
  }

  /** 64 uniform bits. */
  public long nextLong() {
    if (position > BUFFER_BYTES - Long.BYTES) {
      refill();
    }
    long word = (long) LONG.get(buffer, position);
    position += Long.BYTES;
    return word;
  }

  private void refill() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the random stream is closed");
    }
    try {
      cipher.update(ZEROS, 0, BUFFER_BYTES, buffer, 0);
    } catch (GeneralSecurityException e) {
      throw new VeilsumException(ErrorCode.INTERNAL, "AES-256 in CTR mode failed", e);
    }
    position = 0;
  }

  @Override
  public void close() {
    closed = true;
    position = BUFFER_BYTES;
    Arrays.fill(buffer, (byte) 0);
  }
}
