package dev.veilsum.sharing;

import dev.veilsum.random.RandomStream;

/**
 * Arithmetic modulo the Mersenne prime p = 2^61 - 1 on residues in [0, p). No branch and no index
 * depends on a residue.
 */
final class PrimeField {
  static final long P = (1L << 61) - 1;

  private PrimeField() {}

  static long add(long a, long b) {
    return reduceOnce(a + b);
  }

  static long subtract(long a, long b) {
    long difference = a - b;
    return difference + (P & (difference >> 63));
  }

  static long multiply(long a, long b) {
    // 2^61 = 1: the product's bits from 61 on, at most p - 2, are added to those below.
    long low = a * b;
    long high = (Math.multiplyHigh(a, b) << 3) | (low >>> 61);
    return reduceOnce((low & P) + high);
  }

  /** The residue of a in [0, 2p). */
  private static long reduceOnce(long a) {
    long difference = a - P;
    return difference + (P & (difference >> 63));
  }

  /** The residue of a signed integer with |value| < p. */
  static long ofSigned(long value) {
    return value + (P & (value >> 63));
  }

  /** The integer in [-(p - 1) / 2, (p - 1) / 2] of a residue. */
  static long toSigned(long residue) {
    return residue - (P & ((P / 2 - residue) >> 63));
  }

  /** 1 / a for a public residue other than 0: a^(p - 2), by Fermat. */
  static long invert(long a) {
    long power = 1;
    for (int bit = 60; bit >= 0; bit--) {
      power = multiply(power, power);
      if (((P - 2) >>> bit & 1) == 1) { // of the exponent, which is public
        power = multiply(power, a);
      }
    }
    return power;
  }

  /** A uniform residue; what is left out, once in 2^61, tells nothing of those that are kept. */
  static long uniform(RandomStream random) {
    long residue = random.nextLong() >>> 3;
    while (residue == P) {
      residue = random.nextLong() >>> 3;
    }
    return residue;
  }
}
