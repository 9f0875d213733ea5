package dev.veilsum.backend.clear;

import java.math.BigInteger;

/** Arithmetic modulo an integer from 2 to 2^60, on values in [0, m). */
final class Residues {
  final long m;
  private final int bits;
  private final long barrett;

  Residues(long m) {
    this.m = m;
    this.bits = Long.SIZE - Long.numberOfLeadingZeros(m);
    this.barrett =
        BigInteger.ONE.shiftLeft(2 * bits).divide(BigInteger.valueOf(m)).longValueExact();
  }

  long add(long a, long b) {
    long c = a + b;
    return c >= m ? c - m : c;
  }

  long negate(long a) {
    return a == 0 ? 0 : m - a;
  }

  /** Barrett reduction (Handbook of Applied Cryptography, algorithm 14.42) with base 2. */
  long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    long estimate = shiftRight(high, low, bits - 1);
    long quotient = shiftRight(Math.multiplyHigh(estimate, barrett), estimate * barrett, bits + 1);
    long r = low - quotient * m;
    while (r >= m) {
      r -= m;
    }
    return r;
  }

  long power(long a, long exponent) {
    long result = 1 % m;
    long square = a;
    for (long e = exponent; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  /** The residue of a signed integer. */
  long of(long value) {
    return Math.floorMod(value, m);
  }

  /** The representative in [-m/2, m/2). */
  long centred(long residue) {
    return residue > (m - 1) / 2 ? residue - m : residue;
  }

  private static long shiftRight(long high, long low, int shift) {
    return shift == 0 ? low : (high << (Long.SIZE - shift)) | (low >>> shift);
  }
}
