package dev.veilsum.paillier;

import java.math.BigInteger;

/**
 * Paillier over BigInteger, from the definition (EUROCRYPT 1999, section 4, with g = 1 + N): the
 * oracle of these tests. It shares nothing with the engine but the numbers given to it.
 */
record TextbookPaillier(BigInteger n) {
  BigInteger square() {
    return n.multiply(n);
  }

  BigInteger encrypt(BigInteger m, BigInteger r) {
    return n.add(BigInteger.ONE)
        .modPow(m.mod(n), square())
        .multiply(r.modPow(n, square()))
        .mod(square());
  }

  /** Of the factors, centred. */
  static BigInteger decrypt(BigInteger p, BigInteger q, BigInteger c) {
    BigInteger n = p.multiply(q);
    BigInteger square = n.multiply(n);
    BigInteger p1 = p.subtract(BigInteger.ONE);
    BigInteger q1 = q.subtract(BigInteger.ONE);
    BigInteger lambda = p1.multiply(q1).divide(p1.gcd(q1));
    BigInteger numerator = c.modPow(lambda, square).subtract(BigInteger.ONE).divide(n);
    BigInteger denominator =
        n.add(BigInteger.ONE).modPow(lambda, square).subtract(BigInteger.ONE).divide(n);
    BigInteger m = numerator.multiply(denominator.modInverse(n)).mod(n);
    return m.compareTo(n.shiftRight(1)) > 0 ? m.subtract(n) : m;
  }

  byte[] bytes(BigInteger c, int length) {
    byte[] raw = c.toByteArray();
    byte[] out = new byte[length];
    int skip = Math.max(0, raw.length - length);
    System.arraycopy(raw, skip, out, length - raw.length + skip, raw.length - skip);
    return out;
  }
}
