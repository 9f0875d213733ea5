package dev.veilsum.params;

import java.math.BigInteger;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * That of BGV: a product's noise is the product of the noises, |kappa| t w_a w_b with kappa = -1 /
 * Q mod t, at the level where it is least relative to Q; a relinearization leaves its result where
 * its square would have the least. The core chooses levels by the same rules.
 */
public final class BgvNoise extends IntegerNoise {
  private final double[] growth;

  public BgvNoise(BfvParameters parameters) {
    super(parameters);
    BigInteger t = BigInteger.valueOf(parameters.plainModulus());
    this.growth = new double[parameters.maxLevel() + 1];
    BigInteger q = BigInteger.ONE;
    for (int level = 0; level < growth.length; level++) {
      q = q.multiply(BigInteger.valueOf(parameters.modulusChain().get(level)));
      BigInteger inverse = q.modInverse(t);
      growth[level] = log2(inverse.min(t.subtract(inverse)).doubleValue()) + logT;
    }
  }

  @Override
  public Bound innerProduct(List<Bound> a, List<Bound> b) {
    int top = Integer.MAX_VALUE;
    for (int i = 0; i < a.size(); i++) {
      top = Math.min(top, Math.min(a.get(i).level(), b.get(i).level()));
    }
    int level = least(top, l -> tensors(a, b, l) - parameters.logQ(l));
    Bound relinearized =
        new Bound(level, NoiseEstimate.sum(tensors(a, b, level), keySwitch(level)));
    int settled =
        least(
            level,
            l -> {
              Bound lower = switched(relinearized, l);
              return l < level && budget(lower) < 0
                  ? Double.POSITIVE_INFINITY
                  : 2 * lower.bits() + growth[l] - parameters.logQ(l);
            });
    return switched(relinearized, settled);
  }

  private double tensors(List<Bound> a, List<Bound> b, int level) {
    double sum = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < a.size(); i++) {
      double product = switched(a.get(i), level).bits() + switched(b.get(i), level).bits();
      sum = i == 0 ? product : NoiseEstimate.sum(sum, product);
    }
    return sum + growth[level];
  }

  private static int least(int top, IntToDoubleFunction value) {
    int best = top;
    for (int level = top - 1; level >= 0; level--) {
      best = value.applyAsDouble(level) < value.applyAsDouble(best) ? level : best;
    }
    return best;
  }
}
