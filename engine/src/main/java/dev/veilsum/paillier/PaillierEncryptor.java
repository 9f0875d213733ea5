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
 *
 * <p>With AVX-512 IFMA, eight encryptions take as long as one: the methods for many numbers are the
 * fast ones, and what single ones leave over is used by the next. {@link #prepare} does most of the
 * work ahead of time.
 */
public final class PaillierEncryptor {
  /** What encrypts: a key and a kind of randomness. */
  private interface Source {
    void encrypt(long key, ByteBuffer plaintexts, byte[] out, int count);

    void prepare(long key, int count);

    int prepared(long key);

    void forget(long key);
  }

  private record PublicSource(int kind) implements Source {
    @Override
    public void encrypt(long key, ByteBuffer plaintexts, byte[] out, int count) {
      PaillierLibrary.encrypt(key, kind, plaintexts, out, count);
    }

    @Override
    public void prepare(long key, int count) {
      PaillierLibrary.prepare(key, kind, count);
    }

    @Override
    public int prepared(long key) {
      return PaillierLibrary.prepared(key, kind);
    }

    @Override
    public void forget(long key) {
      PaillierLibrary.forget(key, kind);
    }
  }

  private record OwnerSource() implements Source {
    @Override
    public void encrypt(long key, ByteBuffer plaintexts, byte[] out, int count) {
      PaillierLibrary.encryptAsOwner(key, plaintexts, out, count);
    }

    @Override
    public void prepare(long key, int count) {
      PaillierLibrary.prepareAsOwner(key, count);
    }

    @Override
    public int prepared(long key) {
      return PaillierLibrary.preparedAsOwner(key);
    }

    @Override
    public void forget(long key) {
      PaillierLibrary.forgetAsOwner(key);
    }
  }

  private static final int TOGETHER = 8;
  private static final int MOST_TOGETHER = 64;

  private final PaillierPublicKey key;
  private final NativeHandle handle;
  private final Source source;
  private final int threads;

  private PaillierEncryptor(
      PaillierPublicKey key, NativeHandle handle, Source source, int threads) {
    this.key = key;
    this.handle = handle;
    this.source = source;
    this.threads = threads;
  }

  static PaillierEncryptor of(PaillierPublicKey key, PaillierRandomness randomness) {
    return new PaillierEncryptor(
        key,
        key.handle(),
        new PublicSource(randomness.number()),
        Runtime.getRuntime().availableProcessors());
  }

  static PaillierEncryptor of(PaillierSecretKey key) {
    return new PaillierEncryptor(
        key.publicKey(),
        key.handle(),
        new OwnerSource(),
        Runtime.getRuntime().availableProcessors());
  }

  /** The same with at most this many threads for a batch. */
  public PaillierEncryptor withThreads(int most) {
    return new PaillierEncryptor(key, handle, source, Chunks.checkThreads(most));
  }

  /**
   * Computes on this thread, until it is ready for {@code count} encryptions, all that does not
   * depend on plaintexts; those then take microseconds. It is shared by the encryptors of one key
   * object and kind, each part of it is used once and wiped, and so is the rest with the key or by
   * {@link #forget}. Without AVX-512 IFMA nothing is computed ahead.
   *
   * @param count at most 65536; a part takes 0.7 KB of native memory for 2048 bits, 1.3 KB for 4096
   * @throws VeilsumException OUT_OF_RANGE above that, CLOSED after the secret key's close
   */
  public void prepare(int count) {
    if (count < 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, count + " encryptions to prepare; give a number from 0 to 65536");
    }
    Guarded.run(handle, address -> source.prepare(address, count));
  }

  /** For how many encryptions all is computed that does not depend on plaintexts. */
  public int prepared() {
    return (int) Guarded.apply(handle, source::prepared);
  }

  /** Wipes what {@link #prepare} computed. */
  public void forget() {
    Guarded.run(handle, source::forget);
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
        Chunks.size(count, threads, TOGETHER, MOST_TOGETHER),
        threads,
        (first, end) -> {
          byte[] part = new byte[(end - first) * size];
          int from = first * slots;
          int to = (int) Math.min(values.length, (long) end * slots);
          try (SecretBytes plaintexts = Packed.pack(key, layout, values, from, to)) {
            Guarded.run(
                handle, address -> source.encrypt(address, plaintexts.bytes(), part, end - first));
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
        Chunks.size(count, threads, TOGETHER, MOST_TOGETHER),
        threads,
        (first, end) -> {
          byte[] part = new byte[2 * size * (end - first)];
          try (SecretBytes plaintexts = SecretBytes.ofSize(size * (end - first))) {
            for (int i = first; i < end; i++) {
              Integers.put(integers.apply(i), plaintexts.bytes(), i - first, size);
            }
            Guarded.run(
                handle, address -> source.encrypt(address, plaintexts.bytes(), part, end - first));
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
