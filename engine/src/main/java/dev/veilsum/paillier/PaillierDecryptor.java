package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.PaillierLibrary;
import dev.veilsum.nativelib.SecretBytes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * Decrypts with a secret key, which stays open meanwhile. Every ciphertext is validated first, and
 * every result is checked against computation faults before it leaves. Immutable and thread-safe;
 * batches use a bounded number of threads, by default one for each processor. With AVX-512 IFMA,
 * four decryptions take as long as one: the methods for many ciphertexts are the fast ones.
 */
public final class PaillierDecryptor {
  private interface Sink {
    void accept(int index, BigInteger integer);
  }

  private static final int TOGETHER = 4;
  private static final int MOST_TOGETHER = 64;

  private final PaillierSecretKey secret;
  private final PaillierPublicKey key;
  private final int threads;

  PaillierDecryptor(PaillierSecretKey secret, int threads) {
    this.secret = secret;
    this.key = secret.publicKey();
    this.threads = threads;
  }

  /** The same with at most this many threads for a batch. */
  public PaillierDecryptor withThreads(int most) {
    return new PaillierDecryptor(secret, Chunks.checkThreads(most));
  }

  /**
   * The integer that a ciphertext holds.
   *
   * @throws VeilsumException KEY_MISMATCH for another key's, CORRUPT for what is no ciphertext or
   *     passes its own bound, SCALE_MISMATCH for a fixed-point value, CLOSED after the key's close
   */
  public BigInteger decryptInteger(PaillierCiphertext ciphertext) {
    return decryptIntegers(List.of(ciphertext))[0];
  }

  /** {@link #decryptInteger} for what fits a long; OUT_OF_RANGE beyond. */
  public long decryptLong(PaillierCiphertext ciphertext) {
    return toLong(decryptInteger(ciphertext));
  }

  /** The double nearest to the number that a ciphertext stands for. */
  public double decryptDouble(PaillierCiphertext ciphertext) {
    return decryptDoubles(List.of(ciphertext))[0];
  }

  /** A batch of {@link #decryptInteger}. */
  public BigInteger[] decryptIntegers(List<PaillierCiphertext> ciphertexts) {
    BigInteger[] out = new BigInteger[ciphertexts.size()];
    for (PaillierCiphertext ciphertext : ciphertexts) {
      checkInteger(ciphertext.exponent());
    }
    decryptAll(
        ciphertexts, (i, integer) -> out[i] = integer.shiftLeft(ciphertexts.get(i).exponent()));
    return out;
  }

  /** A batch of {@link #decryptLong}. */
  public long[] decryptLongs(List<PaillierCiphertext> ciphertexts) {
    return Arrays.stream(decryptIntegers(ciphertexts))
        .mapToLong(PaillierDecryptor::toLong)
        .toArray();
  }

  /** A batch of {@link #decryptDouble}. */
  public double[] decryptDoubles(List<PaillierCiphertext> ciphertexts) {
    double[] out = new double[ciphertexts.size()];
    decryptAll(
        ciphertexts,
        (i, integer) -> out[i] = FixedPoint.toDouble(integer, ciphertexts.get(i).exponent()));
    return out;
  }

  /**
   * The integers of a packed vector.
   *
   * @throws VeilsumException as {@link #decryptInteger}; OUT_OF_RANGE for a plaintext that is no
   *     packed vector
   */
  public long[] decryptLongs(PackedVector vector) {
    checkInteger(-vector.layout().fractionBits());
    return unpacked(vector);
  }

  /** The real numbers of a packed vector. */
  public double[] decryptDoubles(PackedVector vector) {
    long[] integers = unpacked(vector);
    double[] out = new double[integers.length];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          FixedPoint.toDouble(BigInteger.valueOf(integers[i]), -vector.layout().fractionBits());
    }
    Arrays.fill(integers, 0);
    return out;
  }

  private long[] unpacked(PackedVector vector) {
    key.checkSame(vector.key());
    int slots = vector.layout().slots(key);
    int size = key.ciphertextBytes();
    long[] out = new long[vector.length()];
    Chunks.each(
        vector.ciphertexts(),
        Chunks.size(vector.ciphertexts(), threads, TOGETHER, MOST_TOGETHER),
        threads,
        (first, end) -> {
          byte[] part = Arrays.copyOfRange(vector.value(), first * size, end * size);
          try (SecretBytes plaintexts = decrypt(part, end - first)) {
            int to = (int) Math.min(out.length, (long) end * slots);
            Packed.unpack(key, vector.layout(), plaintexts, out, first * slots, to);
          }
        });
    BigInteger bound =
        BigInteger.ONE
            .shiftLeft(vector.layout().valueBits() - 1)
            .multiply(BigInteger.valueOf(vector.weight()));
    for (long value : out) {
      checkBound(BigInteger.valueOf(value), bound);
    }
    return out;
  }

  private void decryptAll(List<PaillierCiphertext> ciphertexts, Sink sink) {
    int size = key.ciphertextBytes();
    Chunks.each(
        ciphertexts.size(),
        Chunks.size(ciphertexts.size(), threads, TOGETHER, MOST_TOGETHER),
        threads,
        (first, end) -> {
          byte[] part = Flat.of(key, ciphertexts, first, end);
          try (SecretBytes plaintexts = decrypt(part, end - first)) {
            for (int i = first; i < end; i++) {
              BigInteger integer = Integers.get(plaintexts.bytes(), i - first, size / 2);
              checkBound(integer, ciphertexts.get(i).bound());
              sink.accept(i, integer);
            }
          }
        });
  }

  private SecretBytes decrypt(byte[] ciphertexts, int count) {
    SecretBytes plaintexts = SecretBytes.ofSize(count * key.modulusBytes());
    try {
      Guarded.run(
          secret.handle(),
          address -> PaillierLibrary.decrypt(address, ciphertexts, plaintexts.bytes(), count));
      return plaintexts;
    } catch (RuntimeException | Error e) {
      plaintexts.close();
      throw e;
    }
  }

  private static void checkInteger(int exponent) {
    if (exponent < 0) {
      throw new VeilsumException(
          ErrorCode.SCALE_MISMATCH,
          "this holds a fixed-point value in steps of 2^" + exponent + "; decrypt it as a double");
    }
  }

  private static void checkBound(BigInteger integer, BigInteger bound) {
    if (integer.abs().compareTo(bound) > 0) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "a decrypted integer passes the bound of its ciphertext; bound or ciphertext is false");
    }
  }

  private static long toLong(BigInteger integer) {
    if (integer.bitLength() > 63) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a decrypted integer of "
              + integer.bitLength()
              + " bits does not fit a long; decrypt it as a BigInteger");
    }
    return integer.longValue();
  }

  /** Shows nothing of the key. */
  @Override
  public String toString() {
    return "PaillierDecryptor";
  }
}
