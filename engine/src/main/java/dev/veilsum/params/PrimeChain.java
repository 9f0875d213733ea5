package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine's own choice of primes for given bit lengths: of each length the largest that are 1
 * mod 2N, the special primes first, then the chain in its order. So equal lengths give equal primes
 * everywhere, and each special prime is above the chain primes of its length.
 *
 * @param modulusChain q_0 .. q_L
 * @param specialPrimes may be empty
 */
record PrimeChain(List<Long> modulusChain, List<Long> specialPrimes) {
  /** Finds the primes; {@code OUT_OF_RANGE} where there are not enough of a length. */
  static PrimeChain of(int ringDegree, int[] chainBits, int[] specialBits) {
    List<Long> taken = new ArrayList<>();
    List<Long> special = take(ringDegree, specialBits, taken);
    List<Long> chain = take(ringDegree, chainBits, taken);
    return new PrimeChain(List.copyOf(chain), List.copyOf(special));
  }

  /**
   * Primes for products of BGV modulo a prime t: q_0 and the special primes as in {@link #of}, and
   * then each q_l such that kappa_l = -1 / (q_0 .. q_l) mod t, centred, is as small as it can be
   * for a prime of its length, the positive of two, and q_l the largest of those. A product at
   * level l costs log2 |kappa_l| bits of noise.
   */
  static PrimeChain forBgv(int ringDegree, int[] chainBits, int[] specialBits, long t) {
    List<Long> taken = new ArrayList<>();
    List<Long> special = take(ringDegree, specialBits, taken);
    List<Long> chain = take(ringDegree, new int[] {chainBits[0]}, taken);
    for (int l = 1; l < chainBits.length; l++) {
      long q = withSmallestKappa(ringDegree, chainBits[l], t, chain, taken);
      chain.add(q);
      taken.add(q);
    }
    return new PrimeChain(List.copyOf(chain), List.copyOf(special));
  }

  private static long withSmallestKappa(
      int ringDegree, int bits, long t, List<Long> below, List<Long> taken) {
    BigInteger modulus = BigInteger.valueOf(t);
    BigInteger product =
        below.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    long twoN = 2L * ringDegree;
    BigInteger perT = BigInteger.valueOf(twoN).modInverse(modulus);
    for (long magnitude = 1; magnitude <= t / 2; magnitude++) {
      for (long kappa : new long[] {magnitude, -magnitude}) {
        // q = -1 / (kappa q_0 .. q_(l-1)) mod t and q = 1 + 2N k: k = (q - 1) / 2N mod t.
        BigInteger q = BigInteger.valueOf(-kappa).multiply(product).modInverse(modulus);
        long k = q.subtract(BigInteger.ONE).multiply(perT).mod(modulus).longValueExact();
        long step = Math.multiplyExact(twoN, t);
        long first = 1 + twoN * k;
        long most = (1L << bits) - 1;
        for (long x = first + (most - first) / step * step; x > 1L << (bits - 1); x -= step) {
          if (!taken.contains(x) && NttPrimes.isPrime(x)) {
            return x;
          }
        }
      }
    }
    throw new VeilsumException(
        ErrorCode.OUT_OF_RANGE,
        "no prime of %d bits is 1 mod %d and prime to t = %d".formatted(bits, twoN, t));
  }

  private static List<Long> take(int ringDegree, int[] bits, List<Long> taken) {
    List<Long> primes = new ArrayList<>();
    for (int b : bits) {
      long q = NttPrimes.largest(b, ringDegree, 1, taken).get(0);
      primes.add(q);
      taken.add(q);
    }
    return primes;
  }

  /** {@code count} times {@code bits}. */
  static int[] repeat(int count, int bits) {
    int[] all = new int[count];
    java.util.Arrays.fill(all, bits);
    return all;
  }

  /** {@code first}, then {@code count} times {@code bits}. */
  static int[] withFirst(int first, int count, int bits) {
    int[] all = repeat(count + 1, bits);
    all[0] = first;
    return all;
  }
}
