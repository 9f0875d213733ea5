package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.PaillierLibrary;
import dev.veilsum.nativelib.SecretBytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes on ciphertexts without the secret key. Results are deterministic, except that one which
 * would be unblinded (a - a, a * 0) is blinded afresh; before results go to someone who saw the
 * inputs, {@link #rerandomize} them. Fixed-point operands of different exponents are aligned to the
 * finer one. What could pass the plaintext space, or a slot, is refused (OUT_OF_RANGE) before it
 * runs. Immutable and thread-safe; batches use a bounded number of threads.
 */
public final class PaillierEvaluator {
  private interface Binary {
    void run(long key, byte[] a, byte[] b, byte[] out, int count);
  }

  private interface Unary {
    void run(long key, byte[] a, byte[] out, int count);
  }

  private static final int CHUNK = 64;
  private static final int SLOW_CHUNK = 8;
  private static final int MOST_SUMMED = 1024;

  private final PaillierPublicKey key;
  private final int threads;

  PaillierEvaluator(PaillierPublicKey key, int threads) {
    this.key = key;
    this.threads = threads;
  }

  /** The same with at most this many threads for a batch. */
  public PaillierEvaluator withThreads(int most) {
    return new PaillierEvaluator(key, Chunks.checkThreads(most));
  }

  /** a + b. */
  public PaillierCiphertext add(PaillierCiphertext a, PaillierCiphertext b) {
    return addAll(List.of(a), List.of(b)).get(0);
  }

  /** a[i] + b[i]. */
  public List<PaillierCiphertext> addAll(List<PaillierCiphertext> a, List<PaillierCiphertext> b) {
    return pairs(a, b, PaillierLibrary::add);
  }

  /** a - b. */
  public PaillierCiphertext subtract(PaillierCiphertext a, PaillierCiphertext b) {
    return subtractAll(List.of(a), List.of(b)).get(0);
  }

  /** a[i] - b[i]. */
  public List<PaillierCiphertext> subtractAll(
      List<PaillierCiphertext> a, List<PaillierCiphertext> b) {
    return pairs(a, b, PaillierLibrary::subtract);
  }

  /** The sum of at least one ciphertext. */
  public PaillierCiphertext sum(List<PaillierCiphertext> terms) {
    if (terms.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a sum of no Paillier ciphertexts; give at least one");
    }
    int exponent = terms.stream().mapToInt(PaillierCiphertext::exponent).min().getAsInt();
    BigInteger bound = BigInteger.ZERO;
    for (PaillierCiphertext term : terms) {
      bound = bound.add(term.bound().shiftLeft(shift(term, exponent)));
    }
    key.withinLimit(bound);
    List<PaillierCiphertext> aligned = aligned(terms, exponent);
    int size = key.ciphertextBytes();
    int chunk = Chunks.size(aligned.size(), threads, CHUNK, MOST_SUMMED);
    int chunks = (aligned.size() + chunk - 1) / chunk;
    byte[] partial = new byte[chunks * size];
    Chunks.each(
        aligned.size(),
        chunk,
        threads,
        (first, end) -> {
          byte[] out = new byte[size];
          byte[] part = Flat.of(key, aligned, first, end);
          Guarded.run(
              key.handle(), address -> PaillierLibrary.sum(address, part, end - first, out));
          System.arraycopy(out, 0, partial, first / chunk * size, size);
        });
    byte[] total = new byte[size];
    Guarded.run(key.handle(), address -> PaillierLibrary.sum(address, partial, chunks, total));
    return new PaillierCiphertext(key, total, exponent, bound);
  }

  /** -a. */
  public PaillierCiphertext negate(PaillierCiphertext a) {
    return new PaillierCiphertext(key, one(a, PaillierLibrary::negate), a.exponent(), a.bound());
  }

  /** a + value; the bound grows by 2^63 whatever the value, which stays secret. */
  public PaillierCiphertext addPlain(PaillierCiphertext a, long value) {
    return addPlain(a, BigInteger.valueOf(value), Integers.LONG_BOUND, 0);
  }

  /** a + value, for |value| at most 2^magnitudeBits, by which the bound grows. */
  public PaillierCiphertext addPlain(PaillierCiphertext a, BigInteger value, int magnitudeBits) {
    BigInteger bound = Integers.bound(magnitudeBits);
    return addPlain(a, Integers.within(value, bound), bound, 0);
  }

  /** a + value, a real number of the format. */
  public PaillierCiphertext addPlain(PaillierCiphertext a, double value, FixedPoint format) {
    return addPlain(a, format.toInteger(value), format.bound(), -format.fractionBits());
  }

  /** a * factor, a public integer: the bound grows by its magnitude. */
  public PaillierCiphertext multiply(PaillierCiphertext a, long factor) {
    BigInteger integer = BigInteger.valueOf(factor);
    return multiply(a, integer, integer.abs(), Math.max(integer.abs().bitLength(), 1), 0);
  }

  /**
   * a * factor for a factor that may be secret: time and bound depend on magnitudeBits alone.
   *
   * @param magnitudeBits |factor| is below 2^magnitudeBits
   */
  public PaillierCiphertext multiply(PaillierCiphertext a, BigInteger factor, int magnitudeBits) {
    BigInteger bound = Integers.bound(magnitudeBits);
    if (factor.abs().compareTo(bound) >= 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a factor's magnitude is not below 2^" + magnitudeBits + "; declare more bits");
    }
    return multiply(a, factor, bound, Math.max(magnitudeBits, 1), 0);
  }

  /** a * factor, a real number of the format; the exponents add. */
  public PaillierCiphertext multiply(PaillierCiphertext a, double factor, FixedPoint format) {
    return multiply(
        a,
        format.toInteger(factor),
        format.bound(),
        format.integerBits() + format.fractionBits() + 1,
        -format.fractionBits());
  }

  /** The same plaintext, unlinkable to {@code a} without the secret key. */
  public PaillierCiphertext rerandomize(PaillierCiphertext a) {
    return new PaillierCiphertext(
        key, one(a, PaillierLibrary::rerandomize), a.exponent(), a.bound());
  }

  /** Slot by slot; the weights add. OUT_OF_RANGE above the layout's capacity. */
  public PackedVector add(PackedVector a, PackedVector b) {
    return pairs(a, b, PaillierLibrary::add);
  }

  /** Slot by slot; the weights add. */
  public PackedVector subtract(PackedVector a, PackedVector b) {
    return pairs(a, b, PaillierLibrary::subtract);
  }

  /** Every slot negated. */
  public PackedVector negate(PackedVector a) {
    key.checkSame(a.key());
    return a.with(a.weight(), each(a.value(), CHUNK, PaillierLibrary::negate));
  }

  /** Adds plain values slot by slot; the weight grows by 1. */
  public PackedVector addPlain(PackedVector a, long[] values) {
    key.checkSame(a.key());
    if (values.length != a.length()) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          values.length + " plain values for a packed vector of length " + a.length());
    }
    long weight = a.layout().sumWeight(a.weight(), 1);
    int slots = a.layout().slots(key);
    int size = key.ciphertextBytes();
    byte[] out = new byte[a.value().length];
    Chunks.each(
        a.ciphertexts(),
        CHUNK,
        threads,
        (first, end) -> {
          byte[] part = Arrays.copyOfRange(a.value(), first * size, end * size);
          int to = (int) Math.min(values.length, (long) end * slots);
          try (SecretBytes plaintexts = Packed.pack(key, a.layout(), values, first * slots, to)) {
            Guarded.run(
                key.handle(),
                address ->
                    PaillierLibrary.addPlain(address, part, plaintexts.bytes(), part, end - first));
          }
          System.arraycopy(part, 0, out, first * size, part.length);
        });
    return a.with(weight, out);
  }

  /** Every slot times a public integer; the weight grows by its magnitude. */
  public PackedVector multiply(PackedVector a, long factor) {
    key.checkSame(a.key());
    BigInteger integer = BigInteger.valueOf(factor);
    long magnitude = factor == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(factor);
    long weight = a.layout().productWeight(a.weight(), magnitude);
    int bits = Math.max(integer.abs().bitLength(), 1);
    byte[] out =
        each(
            a.value(),
            SLOW_CHUNK,
            (address, in, result, count) -> {
              try (SecretBytes factors = repeated(integer, count)) {
                PaillierLibrary.multiply(address, in, factors.bytes(), bits, result, count);
              }
            });
    return a.with(weight, out);
  }

  /** The same vector, unlinkable to {@code a} without the secret key. */
  public PackedVector rerandomize(PackedVector a) {
    key.checkSame(a.key());
    return a.with(a.weight(), each(a.value(), SLOW_CHUNK, PaillierLibrary::rerandomize));
  }

  private PaillierCiphertext addPlain(
      PaillierCiphertext a, BigInteger value, BigInteger bound, int exponent) {
    key.checkSame(a.key());
    int finer = Math.min(a.exponent(), exponent);
    BigInteger sum =
        key.withinLimit(
            a.bound().shiftLeft(shift(a, finer)).add(bound.shiftLeft(shift(exponent, finer))));
    PaillierCiphertext aligned = aligned(a, finer);
    byte[] out = new byte[key.ciphertextBytes()];
    try (SecretBytes plaintext = repeated(value.shiftLeft(exponent - finer), 1)) {
      Guarded.run(
          key.handle(),
          address -> PaillierLibrary.addPlain(address, aligned.value(), plaintext.bytes(), out, 1));
    }
    return new PaillierCiphertext(key, out, finer, sum);
  }

  private PaillierCiphertext multiply(
      PaillierCiphertext a, BigInteger factor, BigInteger bound, int bits, int exponent) {
    key.checkSame(a.key());
    BigInteger product = key.withinLimit(a.bound().multiply(bound));
    byte[] out = new byte[key.ciphertextBytes()];
    try (SecretBytes factors = repeated(factor, 1)) {
      Guarded.run(
          key.handle(),
          address -> PaillierLibrary.multiply(address, a.value(), factors.bytes(), bits, out, 1));
    }
    return new PaillierCiphertext(key, out, a.exponent() + exponent, product);
  }

  private List<PaillierCiphertext> pairs(
      List<PaillierCiphertext> a, List<PaillierCiphertext> b, Binary operation) {
    if (a.size() != b.size()) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "lists of " + a.size() + " and " + b.size() + " Paillier ciphertexts; give one length");
    }
    int count = a.size();
    List<PaillierCiphertext> left = new ArrayList<>(count);
    List<PaillierCiphertext> right = new ArrayList<>(count);
    BigInteger[] bounds = new BigInteger[count];
    for (int i = 0; i < count; i++) {
      int finer = Math.min(a.get(i).exponent(), b.get(i).exponent());
      bounds[i] =
          key.withinLimit(
              a.get(i)
                  .bound()
                  .shiftLeft(shift(a.get(i), finer))
                  .add(b.get(i).bound().shiftLeft(shift(b.get(i), finer))));
    }
    for (int i = 0; i < count; i++) {
      int finer = Math.min(a.get(i).exponent(), b.get(i).exponent());
      left.add(aligned(a.get(i), finer));
      right.add(aligned(b.get(i), finer));
    }
    int size = key.ciphertextBytes();
    PaillierCiphertext[] out = new PaillierCiphertext[count];
    Chunks.each(
        count,
        CHUNK,
        threads,
        (first, end) -> {
          byte[] x = Flat.of(key, left, first, end);
          byte[] y = Flat.of(key, right, first, end);
          Guarded.run(key.handle(), address -> operation.run(address, x, y, x, end - first));
          for (int i = first; i < end; i++) {
            out[i] =
                new PaillierCiphertext(
                    key, Flat.at(x, i - first, size), left.get(i).exponent(), bounds[i]);
          }
        });
    return new ArrayList<>(Arrays.asList(out));
  }

  private PackedVector pairs(PackedVector a, PackedVector b, Binary operation) {
    key.checkSame(a.key());
    a.checkAligned(b);
    long weight = a.layout().sumWeight(a.weight(), b.weight());
    int size = key.ciphertextBytes();
    byte[] out = new byte[a.value().length];
    Chunks.each(
        a.ciphertexts(),
        CHUNK,
        threads,
        (first, end) -> {
          byte[] x = Arrays.copyOfRange(a.value(), first * size, end * size);
          byte[] y = Arrays.copyOfRange(b.value(), first * size, end * size);
          Guarded.run(key.handle(), address -> operation.run(address, x, y, x, end - first));
          System.arraycopy(x, 0, out, first * size, x.length);
        });
    return a.with(weight, out);
  }

  private byte[] each(byte[] value, int chunk, Unary operation) {
    int size = key.ciphertextBytes();
    byte[] out = new byte[value.length];
    Chunks.each(
        value.length / size,
        chunk,
        threads,
        (first, end) -> {
          byte[] part = Arrays.copyOfRange(value, first * size, end * size);
          Guarded.run(key.handle(), address -> operation.run(address, part, part, end - first));
          System.arraycopy(part, 0, out, first * size, part.length);
        });
    return out;
  }

  private byte[] one(PaillierCiphertext a, Unary operation) {
    key.checkSame(a.key());
    return each(a.value(), 1, operation);
  }

  private SecretBytes repeated(BigInteger integer, int count) {
    SecretBytes bytes = SecretBytes.ofSize(count * key.modulusBytes());
    try {
      for (int i = 0; i < count; i++) {
        Integers.put(integer, bytes.bytes(), i, key.modulusBytes());
      }
      return bytes;
    } catch (RuntimeException | Error e) {
      bytes.close();
      throw e;
    }
  }

  private List<PaillierCiphertext> aligned(List<PaillierCiphertext> terms, int exponent) {
    List<PaillierCiphertext> out = new ArrayList<>(terms.size());
    for (PaillierCiphertext term : terms) {
      out.add(aligned(term, exponent));
    }
    return out;
  }

  /** The same number in finer steps: the integer times a power of two. */
  private PaillierCiphertext aligned(PaillierCiphertext a, int exponent) {
    key.checkSame(a.key());
    int shift = shift(a, exponent);
    if (shift == 0) {
      return a;
    }
    BigInteger factor = BigInteger.ONE.shiftLeft(shift);
    PaillierCiphertext scaled = multiply(a, factor, factor, shift + 1, 0);
    return new PaillierCiphertext(key, scaled.value(), exponent, scaled.bound());
  }

  private int shift(PaillierCiphertext a, int exponent) {
    return shift(a.exponent(), exponent);
  }

  // By how much the integer moves; refused before it is moved where no key could hold the result.
  private int shift(int exponent, int finer) {
    long shift = (long) exponent - finer;
    if (shift > key.bits()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "numbers in steps of 2^"
              + exponent
              + " and 2^"
              + finer
              + " are too far apart for a Paillier key of "
              + key.bits()
              + " bits");
    }
    return (int) shift;
  }

  @Override
  public String toString() {
    return "PaillierEvaluator(" + key.bits() + " bits)";
  }
}
