package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Primes q = 1 mod 2N, for which X^N + 1 splits modulo q. */
public final class NttPrimes {
  /** The engine's own primes have at most this many bits: the fast path of its transforms. */
  public static final int FAST_BITS = 46;

  /** The longest prime that any backend takes. */
  public static final int MAX_BITS = 60;

  /**
   * These bases make Miller-Rabin a proof below 3.3 * 10^24 (Sorenson and Webster, "Strong
   * pseudoprimes to twelve prime bases", 2015).
   */
  private static final int[] WITNESSES = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41};

  private NttPrimes() {}

  /**
   * The {@code count} largest primes q = 1 mod {@code 2 * ringDegree} of exactly {@code bits} bits,
   * largest first, without those in {@code taken}.
   *
   * @throws VeilsumException {@code OUT_OF_RANGE} where there are not so many
   */
  public static List<Long> largest(int bits, int ringDegree, int count, Collection<Long> taken) {
    long step = 2L * ringDegree;
    List<Long> primes = new ArrayList<>(count);
    long lowest = 1L << (bits - 1);
    for (long q = (1L << bits) - step + 1; q > lowest && primes.size() < count; q -= step) {
      if (!taken.contains(q) && isPrime(q)) {
        primes.add(q);
      }
    }
    if (primes.size() < count) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "only %d primes of %d bits are 1 mod %d; %d are needed"
              .formatted(primes.size(), bits, step, count));
    }
    return List.copyOf(primes);
  }

  /** As {@link #largest(int, int, int, Collection)}, none taken. */
  public static List<Long> largest(int bits, int ringDegree, int count) {
    return largest(bits, ringDegree, count, List.of());
  }

  /** Deterministic Miller-Rabin for 0 <= n < 2^63. */
  public static boolean isPrime(long n) {
    if (n < 2) {
      return false;
    }
    for (int p : WITNESSES) {
      if (n % p == 0) {
        return n == p;
      }
    }
    int twos = Long.numberOfTrailingZeros(n - 1);
    BigInteger modulus = BigInteger.valueOf(n);
    BigInteger odd = BigInteger.valueOf((n - 1) >> twos);
    BigInteger minusOne = modulus.subtract(BigInteger.ONE);
    for (int w : WITNESSES) {
      BigInteger x = BigInteger.valueOf(w).modPow(odd, modulus);
      boolean passes = x.equals(BigInteger.ONE) || x.equals(minusOne);
      for (int i = 1; i < twos && !passes; i++) {
        x = x.multiply(x).mod(modulus);
        passes = x.equals(minusOne);
      }
      if (!passes) {
        return false;
      }
    }
    return true;
  }

  /** The bits of a prime: the length at which its residues are packed. */
  public static int bitLength(long q) {
    return Long.SIZE - Long.numberOfLeadingZeros(q);
  }

  /** log2 of the product. */
  public static double log2OfProduct(List<Long> primes) {
    double bits = 0;
    for (long q : primes) {
      bits += Math.log(q);
    }
    return bits / Math.log(2);
  }
}
