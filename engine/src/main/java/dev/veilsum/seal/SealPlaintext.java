package dev.veilsum.seal;

import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * SEAL's Plaintext: coefficients modulo t (BFV) or residues in NTT form with a scale (CKKS). Also
 * its SecretKey, the ternary secret in NTT form over all primes. Close it to wipe what it holds of
 * its own; where it is a view of the caller's buffer (not compressed), the caller wipes that.
 */
public final class SealPlaintext implements AutoCloseable {
  /** What the words are. */
  private enum Role {
    MESSAGE,
    SECRET_KEY
  }

  private static final int FIELDS = SealParameters.PARMS_ID + 8 + 8;

  private final SealParameters parameters;
  private final Role role;
  private final int primes; // 0 for coefficients modulo t
  private final double scale;
  private final ByteBuffer words;
  private final boolean own;

  private SealPlaintext(
      SealParameters parameters,
      Role role,
      int primes,
      double scale,
      ByteBuffer words,
      boolean own) {
    this.parameters = parameters;
    this.role = role;
    this.primes = primes;
    this.scale = scale;
    this.words = words;
    this.own = own;
  }

  /** A message's words; they are wiped when it closes. */
  static SealPlaintext message(
      SealParameters parameters, int primes, double scale, ByteBuffer words) {
    return new SealPlaintext(parameters, Role.MESSAGE, primes, scale, words, true);
  }

  /** A secret key's words; they are wiped when it closes. */
  static SealPlaintext secretKey(SealParameters parameters, ByteBuffer words) {
    return new SealPlaintext(
        parameters, Role.SECRET_KEY, parameters.primes().size(), 1, words, true);
  }

  /**
   * Reads a plaintext that takes all of the buffer.
   *
   * @throws VeilsumException {@code CORRUPT} with the byte at which it is wrong; {@code
   *     UNSUPPORTED} for other versions
   */
  public static SealPlaintext read(ByteBuffer bytes, SealParameters parameters) {
    return read(bytes, parameters, Role.MESSAGE);
  }

  /** Reads a SecretKey, as {@link #read}. */
  public static SealPlaintext readSecretKey(ByteBuffer bytes, SealParameters parameters) {
    return read(bytes, parameters, Role.SECRET_KEY);
  }

  private static SealPlaintext read(ByteBuffer bytes, SealParameters parameters, Role role) {
    String object = role == Role.MESSAGE ? "plaintext" : "secret key";
    try (SealInput in = SealInput.open(bytes, object)) {
      SealPlaintext read = readBody(in, parameters, role);
      try {
        in.end();
      } catch (RuntimeException e) {
        read.close();
        throw e;
      }
      return read;
    }
  }

  private static SealPlaintext readBody(SealInput in, SealParameters parameters, Role role) {
    int primes = readLevel(in, parameters, role);
    int n = parameters.ringDegree();
    long count = in.u64();
    if (primes == 0 ? count < 0 || count > n : count != (long) n * primes) {
      throw in.corrupt(
          "%s coefficients where %s belong"
              .formatted(
                  Long.toUnsignedString(count),
                  primes == 0 ? "at most " + n : Long.toString((long) n * primes)));
    }
    double scale = in.f64();
    SealCiphertext.checkScale(in, scale, parameters, role == Role.MESSAGE ? primes : 0);
    ByteBuffer words = in.words("array", count);
    SealPlaintext read = new SealPlaintext(parameters, role, primes, scale, words, in.copies());
    try {
      read.checkWords(in);
    } catch (RuntimeException e) {
      read.close();
      throw e;
    }
    return read;
  }

  private static int readLevel(SealInput in, SealParameters parameters, Role role) {
    long at = in.position();
    byte[] id = in.bytes(SealParameters.PARMS_ID);
    boolean zero = Arrays.equals(id, new byte[SealParameters.PARMS_ID]);
    if (role == Role.MESSAGE && !parameters.isCkks()) {
      if (!zero) {
        throw in.corruptAt(at, "a BFV plaintext in NTT form; the engine takes coefficients");
      }
      return 0;
    }
    int primes = parameters.primesOf(id);
    if (primes == 0) {
      throw in.corruptAt(
          at,
          zero
              ? "the parms_id is zero, which is that of BFV's plaintexts alone"
              : "the parms_id is not of these parameters: " + parameters);
    }
    if (role == Role.SECRET_KEY && primes != parameters.primes().size()) {
      throw in.corruptAt(at, "a secret key over %d primes; keys are over all".formatted(primes));
    }
    if (role == Role.MESSAGE && primes > parameters.dataPrimes()) {
      throw in.corruptAt(at, "a plaintext over all primes, which only keys are");
    }
    return primes;
  }

  /** Every word below t, or below its prime; without a branch on any one, for they are secret. */
  private void checkWords(SealInput in) {
    int n = parameters.ringDegree();
    for (int row = 0; row == 0 || row < primes; row++) {
      long q = primes == 0 ? parameters.plainModulus() : parameters.primes().get(row);
      int begin = 8 * n * row;
      int end = primes == 0 ? words.remaining() : begin + 8 * n;
      long wrong = 0;
      for (int at = begin; at < end; at += 8) {
        long word = words.getLong(at);
        wrong |= word | (q - 1 - word); // negative where word < 0 or word >= q
      }
      if (wrong < 0) {
        throw in.corrupt(
            "a coefficient is not below %s %d".formatted(primes == 0 ? "t =" : "its prime", q));
      }
    }
  }

  /** The object's bytes: of a secret key in the clear, so keep them closed to others. */
  public byte[] write(SealFormat format) {
    long size = SealInput.HEADER + FIELDS + SealOutput.arrayBytes(words);
    return SealOutput.write(
        format,
        size,
        out ->
            out.bytes(primes == 0 ? new byte[SealParameters.PARMS_ID] : parameters.parmsId(primes))
                .u64(words.remaining() / 8)
                .f64(scale)
                .words(words));
  }

  public SealParameters parameters() {
    return parameters;
  }

  /** The engine's level; -1 for coefficients modulo t, which have none. */
  public int level() {
    return primes - 1;
  }

  /** CKKS: what the message is multiplied by; otherwise 1. */
  public double scale() {
    return scale;
  }

  boolean isSecretKey() {
    return role == Role.SECRET_KEY;
  }

  ByteBuffer words() {
    return words.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Wipes the words that it holds of its own. */
  @Override
  public void close() {
    if (own) {
      for (int i = 0; i + 8 <= words.limit(); i += 8) {
        words.putLong(i, 0);
      }
    }
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return role == Role.SECRET_KEY ? "SEAL secret key" : "SEAL plaintext";
  }
}
