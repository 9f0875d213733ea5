package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.random.RandomStream;

/**
 * The discrete Gaussian within a bound: an integer x with |x| <= bound has a probability that is
 * exactly proportional to exp(-x^2 / (2 sigma^2)). Sampled with integers only, after Canonne,
 * Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (arXiv 2004.00010),
 * Algorithms 1 to 3. Not constant time: how long a sample takes depends on what it is.
 */
public final class DiscreteGaussian {
  private final Sigma sigma;
  private final long bound;
  private final int a; // sigma = a / 2^bits
  private final int bits;

  /**
   * @param bound where the tails end, 1 to 16 sigma (or 16); {@link #tail} tells what is cut off
   * @throws VeilsumException OUT_OF_RANGE for another bound
   */
  public DiscreteGaussian(Sigma sigma, long bound) {
    if (bound < 1 || bound > Math.max(16, 16 * sigma.value())) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "noise within %d at sigma %s; the bound is 1 to 16 sigma".formatted(bound, sigma));
    }
    this.sigma = sigma;
    this.bound = bound;
    this.a = sigma.numerator();
    this.bits = sigma.denominatorBits();
  }

  public Sigma sigma() {
    return sigma;
  }

  /** The largest absolute value of a sample. */
  public long bound() {
    return bound;
  }

  /**
   * At least the probability that a discrete Gaussian without a bound lies beyond this one, which
   * is also the statistical distance of the two: 2 exp(-(bound + 1)^2 / (2 sigma^2)), for it is
   * subgaussian with variance sigma^2 (the same paper).
   */
  public double tail() {
    double sigmas = (bound + 1) / sigma.value();
    return 2 * Math.exp(-sigmas * sigmas / 2) * (1 + 1e-9);
  }

  /** Writes samples to part of an array. */
  public void sample(RandomStream random, long[] into, int from, int count) {
    ExactCoin coin = new ExactCoin(random);
    for (int i = from; i < from + count; i++) {
      into[i] = sample(coin, random);
    }
  }

  /** One sample: Algorithm 3 with a Laplace proposal of scale t = sigma. */
  long sample(ExactCoin coin, RandomStream random) {
    while (true) {
      long proposed = laplace(coin);
      if (proposed > bound) {
        continue;
      }
      // exp(-(|y| - sigma)^2 / (2 sigma^2)), both sides of the fraction times 2^(2 bits)
      long distance = (proposed << bits) - a;
      if (!coin.flipExp(distance * distance, 2L * a * a)) {
        continue;
      }
      // The two zeros of the signed Laplace count once.
      boolean negative = random.nextInt() < 0;
      if (negative && proposed == 0) {
        continue;
      }
      return negative ? -proposed : proposed;
    }
  }

  /**
   * |y| of a discrete Laplace variable of scale sigma, before its sign (Algorithm 2): u + v a is
   * geometric with parameter exp(-1 / a) where u has been kept with probability exp(-u / a), and
   * the floor of its 2^bits-th part is geometric with parameter exp(-1 / sigma).
   */
  private long laplace(ExactCoin coin) {
    int u = coin.below(a);
    while (!coin.flipExp(u, a)) {
      u = coin.below(a);
    }
    long v = 0;
    while (coin.flipInverseE()) {
      v++;
    }
    return (u + v * a) >>> bits;
  }
}
