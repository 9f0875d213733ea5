package dev.veilsum.params;

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
