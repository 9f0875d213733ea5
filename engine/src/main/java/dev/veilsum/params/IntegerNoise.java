package dev.veilsum.params;

import java.util.List;

/**
 * The noise of exact integers before anything is encrypted: log2 of the bounds that the core will
 * state, or a little above them, in units of w in c_0 + c_1 s = (Q / t) m + w. With them a circuit
 * says beforehand whether it fits, and what will be left. Bounds are in the canonical embedding and
 * fail with a probability below 2^-64.
 */
public abstract sealed class IntegerNoise permits BfvNoise, BgvNoise {
  /**
   * A ciphertext of degree 1.
   *
   * @param bits log2 of the bound on its noise
   */
  public record Bound(int level, double bits) {}

  /** A slot of independent coefficients passes 8 deviations with probability below 2^-84. */
  static final double TAIL = 8.0;

  final BfvParameters parameters;
  final NoiseEstimate estimate;
  final double logT;

  IntegerNoise(BfvParameters parameters) {
    this.parameters = parameters;
    this.estimate = new NoiseEstimate(parameters.ringDegree());
    this.logT = log2(parameters.plainModulus());
  }

  /** A fresh encryption with the public key. */
  public final Bound fresh(int level) {
    return new Bound(level, estimate.fresh());
  }

  /** A fresh encryption with the secret key: noise and the rounding of (Q / t) m. */
  public final Bound freshSecret(int level) {
    double n = parameters.ringDegree();
    double rounding = 1 / Math.sin(Math.PI / (2 * n));
    return new Bound(level, log2(TAIL * Math.sqrt(10.5 * n) + rounding));
  }

  /** A sum of products with one relinearization. */
  public abstract Bound innerProduct(List<Bound> a, List<Bound> b);

  /** A product with its relinearization. */
  public final Bound product(Bound a, Bound b) {
    return innerProduct(List.of(a), List.of(b));
  }

  /** A sum or difference. */
  public final Bound sum(Bound a, Bound b) {
    int level = Math.min(a.level(), b.level());
    return new Bound(
        level, NoiseEstimate.sum(switched(a, level).bits(), switched(b, level).bits()));
  }

  /** After modulus switching to a level, where that is lower. */
  public final Bound switched(Bound a, int level) {
    if (level >= a.level()) {
      return a;
    }
    double dropped = parameters.logQ(a.level()) - parameters.logQ(level);
    return new Bound(level, NoiseEstimate.sum(a.bits() - dropped, estimate.rounding()));
  }

  /** The bits that are left: below 0 it cannot be decrypted. */
  public final double budget(Bound a) {
    return parameters.logQ(a.level()) - 1 - logT - a.bits();
  }

  /** What a key switch adds, whose digits may be longer than the special primes. */
  final double keySwitch(int level) {
    int digit = parameters.digitPrimes();
    List<Long> chain = parameters.modulusChain();
    double longest = 0;
    for (int from = 0; from <= level; from += digit) {
      int to = Math.min(from + digit, level + 1);
      longest = Math.max(longest, NttPrimes.log2OfProduct(chain.subList(from, to)));
    }
    double ratio = longest - NttPrimes.log2OfProduct(parameters.specialPrimes());
    return NoiseEstimate.sum(estimate.keySwitch() + ratio, estimate.rounding());
  }

  static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
