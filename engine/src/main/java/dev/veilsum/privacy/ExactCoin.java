package dev.veilsum.privacy;

import dev.veilsum.random.RandomStream;

/**
 * Random choices whose probabilities are exact: rational numbers, and the exponentials of negative
 * rational numbers (Canonne, Kamath, Steinke, arXiv 2004.00010, Algorithm 1). Integers only. What
 * is drawn shows in the time it takes.
 */
final class ExactCoin {
  private final RandomStream random;

  ExactCoin(RandomStream random) {
    this.random = random;
  }

  /** A uniform integer in [0, bound); 1 <= bound < 2^31. */
  int below(int bound) {
    // floor(word * bound / 2^32) is uniform once the first 2^32 mod bound fractions are left out
    // (Lemire, arXiv 1805.10941).
    long product = word() * bound;
    if ((product & 0xffffffffL) < bound) {
      long surplus = (1L << 32) % bound;
      while ((product & 0xffffffffL) < surplus) {
        product = word() * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /**
   * True with probability p / q; 0 <= p, 0 < q < 2^62; always true from p = q on.
   *
   * <p>A uniform real number r + f in words of 64 bits is below 2^64 p / q where (r + f) q < 2^64
   * p. The product r q settles that unless 2^64 p lies within q above it; then f decides: it is
   * below (2^64 p - r q) / q, a choice of the same kind.
   */
  boolean flip(long p, long q) {
    if (q < 1L << 31) {
      return flipShort(p, q);
    }
    long left = p;
    while (left < q) {
      long r = random.nextLong();
      long high = Math.multiplyHigh(r, q) + ((r >> 63) & q); // of the unsigned product
      if (high != left - 1) {
        return high < left;
      }
      long rest = -(r * q); // 2^64 left - r q, unsigned; 0 stands for 2^64
      if (rest <= 0 || rest >= q) {
        return true;
      }
      left = rest;
    }
    return true;
  }

  /** The same for q < 2^31 in words of 32 bits. */
  private boolean flipShort(long p, long q) {
    long left = p;
    while (left < q) {
      long rest = (left << 32) - word() * q;
      if (rest <= 0) {
        return false;
      }
      left = rest; // f < rest / q, which is certain from q on
    }
    return true;
  }

  /**
   * True with probability exp(-p / q); 0 <= p, 0 < q < 2^62.
   *
   * <p>For p <= q, flips of p / (1 q), p / (2 q), p / (3 q), ... fail first at an odd number with
   * that probability, by the series of exp; above, exp(-p / q) is a product.
   */
  boolean flipExp(long p, long q) {
    long fraction = p;
    for (; fraction > q; fraction -= q) {
      if (!flipInverseE()) {
        return false;
      }
    }
    int k = 1;
    // A flip of 1 / k and one of p / q make one of p / (k q).
    while ((k == 1 || flipShort(1, k)) && flip(fraction, q)) {
      k++;
    }
    return (k & 1) == 1;
  }

  /** True with probability 1 / e. */
  boolean flipInverseE() {
    int k = 2; // the first flip, of 1 / 1, is certain
    while (flipShort(1, k)) {
      k++;
    }
    return (k & 1) == 1;
  }

  private long word() {
    return random.nextInt() & 0xffffffffL;
  }
}
