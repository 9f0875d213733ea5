package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.PaillierLibrary;
import dev.veilsum.nativelib.SecretBytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Encrypts, with fresh randomness of the operating system for each ciphertext. Made by a public key
 * or, faster, by a secret key, which stays open meanwhile. Immutable and thread-safe; batches use a
 * bounded number of threads, by default one for each processor.
 */
public final class PaillierEncryptor {
  private interface Encryption {
    void run(long key, ByteBuffer plaintexts, byte[] out, int count);
  }

  private static final int CHUNK = 4;

  private final PaillierPublicKey key;
  private final NativeHandle handle;
  private final Encryption encryption;
  private final int threads;

  private PaillierEncryptor(
      PaillierPublicKey key, NativeHandle handle, Encryption encryption, int threads) {
    this.key = key;
    this.handle = handle;
    this.encryption = encryption;
    this.threads = threads;
  }

  static PaillierEncryptor of(PaillierPublicKey key) {
    return new PaillierEncryptor(
        key, key.handle(), PaillierLibrary::encrypt, Runtime.getRuntime().availableProcessors());
  }

  static PaillierEncryptor of(PaillierSecretKey key) {
    return new PaillierEncryptor(
        key.publicKey(),
        key.handle(),
        PaillierLibrary::encryptAsOwner,
        Runtime.getRuntime().availableProcessors());
  }

  /** The same with at most this many threads for a batch. */
  public PaillierEncryptor withThreads(int most) {
    return new PaillierEncryptor(key, handle, encryption, Chunks.checkThreads(most));
  }

  /** An integer; the ciphertext's bound is 2^63. */
  public PaillierCiphertext encrypt(long value) {
    return encryptAll(new long[] {value}).get(0);
  }

  /**
   * An integer of any size.
   *
   * @param magnitudeBits public: the ciphertext's bound is 2^magnitudeBits
   * @throws VeilsumException OUT_OF_RANGE for a value above the bound, or a bound above the
   *     plaintext space
   */
  public PaillierCiphertext encrypt(BigInteger value, int magnitudeBits) {
    return encryptAll(List.of(value), magnitudeBits).get(0);
  }

  /**
   * A real number.
   *
   * @throws VeilsumException BAD_INPUT for NaN and infinities, OUT_OF_RANGE beyond the format
   */
  public PaillierCiphertext encrypt(double value, FixedPoint format) {
    return encryptAll(new double[] {value}, format).get(0);
  }

  /** A batch of {@link #encrypt(long)}. */
  public List<PaillierCiphertext> encryptAll(long[] values) {
    return encryptAll(values.length, i -> BigInteger.valueOf(values[i]), Integers.LONG_BOUND, 0);
  }

  /** A batch of {@link #encrypt(BigInteger, int)}. */
  public List<PaillierCiphertext> encryptAll(List<BigInteger> values, int magnitudeBits) {
    BigInteger bound = Integers.bound(magnitudeBits);
    return encryptAll(values.size(), i -> Integers.within(values.get(i), bound), bound, 0);
  }

  /** A batch of {@link #encrypt(double, FixedPoint)}. */
  public List<PaillierCiphertext> encryptAll(double[] values, FixedPoint format) {
    return encryptAll(
        values.length, i -> format.toInteger(values[i]), format.bound(), -format.fractionBits());
  }

  /**
   * A vector of integers, many in each ciphertext.
   *
   * @throws VeilsumException OUT_OF_RANGE for a value of more than the layout's bits
   */
  public PackedVector encrypt(long[] values, PackedLayout layout) {
    if (layout.fractionBits() != 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "integers under a layout with fraction bits; encrypt doubles with it");
    }
    return encryptPacked(values, layout);
  }

  /**
   * A vector of real numbers, in the layout's steps of 2^-fractionBits.
   *
   * @throws VeilsumException BAD_INPUT for NaN and infinities, OUT_OF_RANGE for a value that needs
   *     more than the layout's bits
   */
  public PackedVector encrypt(double[] values, PackedLayout layout) {
    long[] integers = layout.toIntegers(values);
    try {
      return encryptPacked(integers, layout);
    } finally {
      Arrays.fill(integers, 0);
    }
  }

  private PackedVector encryptPacked(long[] values, PackedLayout layout) {
    int slots = layout.slots(key);
    int count = layout.ciphertexts(key, values.length);
    int size = key.ciphertextBytes();
    if ((long) count * size > Integer.MAX_VALUE - 8) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a packed vector of " + count + " Paillier ciphertexts passes 2 GiB; split it");
    }
    byte[] out = new byte[count * size];
    Chunks.each(
        count,
        CHUNK,
        threads,
        (first, end) -> {
          byte[] part = new byte[(end - first) * size];
          int from = first * slots;
          int to = (int) Math.min(values.length, (long) end * slots);
          try (SecretBytes plaintexts = Packed.pack(key, layout, values, from, to)) {
            Guarded.run(
                handle, address -> encryption.run(address, plaintexts.bytes(), part, end - first));
          }
          System.arraycopy(part, 0, out, first * size, part.length);
        });
    return new PackedVector(key, layout, values.length, 1, out);
  }

  private List<PaillierCiphertext> encryptAll(
      int count, IntFunction<BigInteger> integers, BigInteger bound, int exponent) {
    key.withinLimit(bound);
    PaillierCiphertext[] out = new PaillierCiphertext[count];
    int size = key.modulusBytes();
    Chunks.each(
        count,
        CHUNK,
        threads,
        (first, end) -> {
          byte[] part = new byte[2 * size * (end - first)];
          try (SecretBytes plaintexts = SecretBytes.ofSize(size * (end - first))) {
            for (int i = first; i < end; i++) {
              Integers.put(integers.apply(i), plaintexts.bytes(), i - first, size);
            }
            Guarded.run(
                handle, address -> encryption.run(address, plaintexts.bytes(), part, end - first));
          }
          for (int i = first; i < end; i++) {
            out[i] =
                new PaillierCiphertext(key, Flat.at(part, i - first, 2 * size), exponent, bound);
          }
        });
    return new ArrayList<>(Arrays.asList(out));
  }

  /** Shows the key's size. */
  @Override
  public String toString() {
    return "PaillierEncryptor(" + key.bits() + " bits)";
  }
}
