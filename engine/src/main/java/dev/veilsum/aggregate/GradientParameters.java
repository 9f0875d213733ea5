package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.core.LastUsed;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parameters of encrypted sums: {@link #perCoefficient} numbers of {@link #bits} bits stand in
 * each of the N coefficients, with headroom for a sum over clients whose weights add up to at most
 * 2^{@link #weightSumBits}. Immutable; equal exactly where the fingerprints are.
 *
 * <p>With t = 2^(m s), s = bits + weightSumBits, a ciphertext decrypts to M + t e modulo Q, so that
 * the sum is exact while the errors' weighted sum is at most Q / (2 t) - 1: {@link #errorBound} is
 * what it stays below, and a set whose modulus is too small for it is refused.
 */
public final class GradientParameters {
  private static final byte[] MAGIC = {'V', 'S', 'G', 'P'};
  private static final byte VERSION = 1;
  private static final int MAX_PRIMES = 16;
  private static final int MAX_MESSAGE_BITS = 256;
  static final int MAX_WEIGHT_SUM_BITS = 30;

  // The files of a round name one set: its primes are tested once.
  private static final LastUsed<ByteBuffer, GradientParameters> READ = new LastUsed<>();

  private final int ringDegree;
  private final List<Long> primes;
  private final int bits;
  private final int weightSumBits;
  private final long maxWeight;
  private final int perCoefficient;
  private final int noiseBits;
  private final SecurityLevel security;
  private final Fingerprint fingerprint;

  /**
   * @param ringDegree N, 1024 to 32768
   * @param primes the primes of Q, ascending, 1 mod 2N
   * @param bits b, 2 to 32: of one client's number
   * @param weightSumBits k, 0 to 30: the weights add up to at most 2^k
   * @param maxWeight the largest weight of one client, at most 2^k
   * @param perCoefficient m, numbers in a coefficient
   * @param noiseBits 0 for clients who hold the secret key; otherwise the whole error (that of the
   *     public key, and flooding) is promised to stay below 2^noiseBits
   * @throws VeilsumException PARAMETER_MISMATCH, INSECURE_PARAMETERS, NOISE_BUDGET
   */
  public GradientParameters(
      int ringDegree,
      List<Long> primes,
      int bits,
      int weightSumBits,
      long maxWeight,
      int perCoefficient,
      int noiseBits,
      SecurityLevel security) {
    this.ringDegree = ringDegree;
    this.primes = List.copyOf(primes);
    this.bits = bits;
    this.weightSumBits = weightSumBits;
    this.maxWeight = maxWeight;
    this.perCoefficient = perCoefficient;
    this.noiseBits = noiseBits;
    this.security = security;
    check();
    this.fingerprint = Fingerprint.of(canonicalBytes());
  }

  /**
   * The smallest set for integers of so many bits and any integer weights that add up to at most
   * {@code weightSum}; for weights that are all one, see {@link GradientRequest#unitWeights}.
   */
  public static GradientParameters solve(int bits, long weightSum, SecurityLevel security) {
    return new GradientRequest(bits, weightSum).security(security).solve();
  }

  private void check() {
    int bound = security.maxLogQP(ringDegree); // checks the degree
    range("ring degree", ringDegree, 1024, 32768);
    range("number of primes", primes.size(), 1, MAX_PRIMES);
    range("bits of a number", bits, 2, 32);
    range("log2 of the sum of weights", weightSumBits, 0, MAX_WEIGHT_SUM_BITS);
    range("largest weight", maxWeight, 1, weightSum());
    range("numbers in a coefficient", perCoefficient, 1, MAX_MESSAGE_BITS / digitBits());
    range("bits of noise", noiseBits, 0, 128);
    long before = 0;
    for (long q : primes) {
      int length = q <= 0 ? 0 : NttPrimes.bitLength(q);
      // Sums of residues times weights stay within 64 bits.
      range("bits of the prime " + q, length, 20, Math.min(60, 64 - weightSumBits));
      if (q % (2L * ringDegree) != 1 || !NttPrimes.isPrime(q)) {
        throw mismatch("%d is not a prime that is 1 mod %d".formatted(q, 2L * ringDegree));
      }
      if (q <= before) {
        throw mismatch("the primes " + primes + " do not ascend");
      }
      before = q;
    }
    security.check(ringDegree, logQ());
    if (modulus().compareTo(neededModulus(messageBits(), errorBound())) < 0) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          ("a modulus of %.2f bits (at most %d are secure) for messages of %d bits and errors below"
                  + " %s: take fewer numbers a coefficient, or longer primes")
              .formatted(logQ(), bound, messageBits(), errorBound()));
    }
  }

  /** The smallest modulus for messages of so many bits and errors up to the bound. */
  static BigInteger neededModulus(int messageBits, BigInteger errorBound) {
    return errorBound.add(BigInteger.ONE).shiftLeft(messageBits + 1);
  }

  /** The degree N of the ring. */
  public int ringDegree() {
    return ringDegree;
  }

  /** The primes of the modulus Q, ascending. */
  public List<Long> primes() {
    return primes;
  }

  /** b: bits of one client's number. */
  public int bits() {
    return bits;
  }

  /** k: the weights of a round add up to at most 2^k. */
  public int weightSumBits() {
    return weightSumBits;
  }

  /** 2^k. */
  public long weightSum() {
    return 1L << weightSumBits;
  }

  /** The largest weight that one client may have. */
  public long maxWeight() {
    return maxWeight;
  }

  /** m: numbers in one coefficient. */
  public int perCoefficient() {
    return perCoefficient;
  }

  /** 0, or the promised bound on all errors in bits. */
  public int noiseBits() {
    return noiseBits;
  }

  public SecurityLevel security() {
    return security;
  }

  /** s = b + k: bits of one number in a sum. */
  public int digitBits() {
    return bits + weightSumBits;
  }

  /** m s = log2 t. */
  public int messageBits() {
    return perCoefficient * digitBits();
  }

  /** 2^b - 1: the largest number of one client. */
  public long largestNumber() {
    return (1L << bits) - 1;
  }

  /** Numbers in one chunk (one ciphertext): m N. */
  public int chunkNumbers() {
    return perCoefficient * ringDegree;
  }

  /** Bytes of one packed polynomial. */
  public int polynomialBytes() {
    long bytes = 0;
    for (long q : primes) {
      bytes += ((long) ringDegree * NttPrimes.bitLength(q) + 7) / 8;
    }
    return Math.toIntExact(bytes);
  }

  /** Bytes that a client uploads for one number, in a seeded update of many. */
  public double bytesPerNumber() {
    return (double) polynomialBytes() / chunkNumbers();
  }

  /** Q. */
  public BigInteger modulus() {
    return primes.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
  }

  /** log2 Q. */
  public double logQ() {
    return NttPrimes.log2OfProduct(primes);
  }

  /**
   * The bound on the weighted sum of errors, |sum w e|, in one coefficient. Where clients encrypt
   * with the secret key, it is the smaller of what is certain (|e| <= 21, so 21 times the weights)
   * and of a tail that fails with probability below 2^-80 a coefficient.
   */
  public BigInteger errorBound() {
    return noiseBits > 0
        ? BigInteger.ONE.shiftLeft(noiseBits)
        : BigInteger.valueOf(ErrorTail.bound(weightSum(), maxWeight));
  }

  /** log2 of the probability that a coefficient fails: minus infinity where it never does. */
  public double failureBits() {
    return noiseBits > 0 || ErrorTail.isCertain(weightSum(), maxWeight)
        ? Double.NEGATIVE_INFINITY
        : -ErrorTail.FAILURE_BITS;
  }

  /** The name of these parameters. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** The canonical bytes (docs/formats.md): a new array at each call. */
  public byte[] canonicalBytes() {
    ByteBuffer out = ByteBuffer.allocate(MAGIC.length + 8 + 8 + 8 * primes.size());
    out.put(MAGIC).put(VERSION).put((byte) security.code());
    out.put((byte) Integer.numberOfTrailingZeros(ringDegree)).put((byte) bits);
    out.put((byte) weightSumBits).put((byte) perCoefficient).put((byte) noiseBits);
    out.put((byte) primes.size()).putLong(maxWeight);
    primes.forEach(out::putLong);
    return out.array();
  }

  /**
   * The parameters of canonical bytes, checked as new ones are.
   *
   * @throws VeilsumException CORRUPT where they are none
   */
  public static GradientParameters fromCanonicalBytes(byte[] bytes) {
    return READ.get(ByteBuffer.wrap(bytes.clone()), GradientParameters::read);
  }

  private static GradientParameters read(ByteBuffer canonical) {
    ByteBuffer in = canonical.duplicate();
    try {
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      if (!Arrays.equals(magic, MAGIC) || in.get() != VERSION) {
        throw corrupt("these are not the canonical bytes (version 1) of gradient parameters");
      }
      SecurityLevel security = SecurityLevel.ofCode(in.get());
      int logDegree = in.get();
      if (logDegree < 10 || logDegree > 15) {
        throw corrupt("log2 of the ring degree is " + logDegree + ", not 10 to 15");
      }
      int bits = in.get();
      int weightSumBits = in.get();
      int perCoefficient = in.get() & 0xff;
      int noiseBits = in.get() & 0xff;
      int count = in.get();
      if (count < 1 || count > MAX_PRIMES) {
        throw corrupt(count + " primes; 1 to " + MAX_PRIMES + " are possible");
      }
      long maxWeight = in.getLong();
      List<Long> primes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        primes.add(in.getLong());
      }
      if (in.hasRemaining()) {
        throw corrupt(in.remaining() + " bytes are left after the parameters");
      }
      return new GradientParameters(
          1 << logDegree,
          primes,
          bits,
          weightSumBits,
          maxWeight,
          perCoefficient,
          noiseBits,
          security);
    } catch (BufferUnderflowException e) {
      throw corrupt("the parameters end after " + canonical.capacity() + " bytes, too soon");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GradientParameters that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  /** For example "8 bits, weights up to 2^10, N 4096, q 34+34+34 bits, 5 numbers a coefficient". */
  @Override
  public String toString() {
    return "%d bits, weights up to 2^%d (%s each), N %d, q %s bits, %d numbers a coefficient (%s)"
        .formatted(
            bits,
            weightSumBits,
            maxWeight == weightSum() ? "any" : "at most " + maxWeight,
            ringDegree,
            primes.stream()
                .map(q -> Integer.toString(NttPrimes.bitLength(q)))
                .collect(Collectors.joining("+")),
            perCoefficient,
            security.description());
  }

  private static void range(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw mismatch("%s is %d; %d to %d is possible".formatted(what, value, min, max));
    }
  }

  private static VeilsumException mismatch(String message) {
    return new VeilsumException(ErrorCode.PARAMETER_MISMATCH, message);
  }

  private static VeilsumException corrupt(String message) {
    return new VeilsumException(ErrorCode.CORRUPT, message);
  }
}
