package dev.veilsum.params;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The noise and the levels of BGV before anything is encrypted, as {@link BfvNoise} has them of
 * BFV: the bounds that the core will state, or a little above, and the levels that its products
 * will choose by them (native/bgv/levels.h).
 */
public final class BgvNoise {
  /**
   * A bound at a level.
   *
   * @param bits log2 of it, in units of w in c_0 + c_1 s = (Q / t) m + w
   */
  public record Noise(int level, double bits) {}

  private final BfvParameters parameters;
  private final NoiseEstimate estimate;
  private final double logT;
  private final double[] logQ;
  private final double[] logKappa;

  public BgvNoise(BfvParameters parameters) {
    this.parameters = parameters;
    this.estimate = new NoiseEstimate(parameters.ringDegree());
    this.logT = log2(parameters.plainModulus());
    int levels = parameters.maxLevel() + 1;
    this.logQ = new double[levels];
    this.logKappa = new double[levels];
    BigInteger t = BigInteger.valueOf(parameters.plainModulus());
    BigInteger q = BigInteger.ONE;
    for (int level = 0; level < levels; level++) {
      q = q.multiply(BigInteger.valueOf(parameters.modulusChain().get(level)));
      BigInteger kappa = q.modInverse(t);
      logQ[level] = parameters.logQ(level);
      logKappa[level] = log2(Math.max(1, kappa.min(t.subtract(kappa)).doubleValue()));
    }
  }

  /** A fresh encryption with the public key: the larger of the two kinds. */
  public Noise fresh(int level) {
    return new Noise(level, estimate.fresh());
  }

  /** A product with its relinearization. */
  public Noise product(Noise a, Noise b) {
    return innerProduct(List.of(a), List.of(b));
  }

  /** A sum of products with one relinearization, at the level at which that leaves it. */
  public Noise innerProduct(List<Noise> a, List<Noise> b) {
    List<Noise> all = new ArrayList<>(a);
    all.addAll(b);
    int top = all.stream().mapToInt(Noise::level).min().orElseThrow();
    int level = least(top, l -> products(a, b, l) - logQ[l]);
    double bits = NoiseEstimate.sum(products(a, b, level), keySwitch(level));
    Noise relinearized = new Noise(level, bits);
    int settled =
        least(
            level,
            l -> {
              double down = switched(relinearized, l).bits();
              return l < level && down > limit(l)
                  ? Double.POSITIVE_INFINITY
                  : 2 * down + growth(l) - logQ[l];
            });
    return switched(relinearized, settled);
  }

  /** A sum or difference, at the lower level. */
  public Noise sum(Noise a, Noise b) {
    int level = Math.min(a.level(), b.level());
    return new Noise(
        level, NoiseEstimate.sum(switched(a, level).bits(), switched(b, level).bits()));
  }

  /** After modulus switching to a level at most its own. */
  public Noise switched(Noise noise, int level) {
    if (noise.level() == level) {
      return noise;
    }
    double bits = noise.bits() - logQ[noise.level()] + logQ[level];
    return new Noise(level, NoiseEstimate.sum(bits, estimate.rounding()));
  }

  /** What the noise must stay below at a level: log2(Q / 2t). */
  public double limit(int level) {
    return logQ[level] - 1 - logT;
  }

  private double growth(int level) {
    return logT + logKappa[level];
  }

  private double products(List<Noise> a, List<Noise> b, int level) {
    double sum = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < a.size(); i++) {
      double product = switched(a.get(i), level).bits() + switched(b.get(i), level).bits();
      sum = i == 0 ? product : NoiseEstimate.sum(sum, product);
    }
    return sum + growth(level);
  }

  /** That of the digits alive at the level, one above P adding what it is above. */
  private double keySwitch(int level) {
    double logP = NttPrimes.log2OfProduct(parameters.specialPrimes());
    double above = 0;
    for (int i = 0; i <= level; i += parameters.digitPrimes()) {
      int end = Math.min(i + parameters.digitPrimes(), level + 1);
      double digit = NttPrimes.log2OfProduct(parameters.modulusChain().subList(i, end));
      above = Math.max(above, digit - logP);
    }
    return estimate.keySwitch() + above;
  }

  private static int least(int top, IntToDoubleFunction value) {
    int best = top;
    double least = value.applyAsDouble(top);
    for (int level = top - 1; level >= 0; level--) {
      double x = value.applyAsDouble(level);
      if (x < least) {
        least = x;
        best = level;
      }
    }
    return best;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
