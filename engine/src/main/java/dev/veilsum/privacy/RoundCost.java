package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;

/**
 * What one round costs in privacy: a sum of integer vectors to which each of {@code clients} adds
 * independent discrete Gaussian noise. It bounds how much the sum tells of one client, whose vector
 * might as well have been zero.
 *
 * @param numbers d, the length of the vectors, 1 to 2^40
 * @param clients n, how many add noise, 1 to 2^20
 * @param sensitivitySquared the largest squared L2 norm of one client's vector of integers, 1 to
 *     2^62
 * @param sigma of each client's noise, at least 1/2
 * @param noiseBound where the tails of the noise are cut off; up to 16 sigma
 */
public record RoundCost(
    long numbers, int clients, long sensitivitySquared, Sigma sigma, long noiseBound) {
  static final long MAX_NUMBERS = 1L << 40;
  static final int MAX_CLIENTS = 1 << 20;
  static final long MAX_SENSITIVITY_SQUARED = 1L << 62;

  /** Refuses what is beyond the ranges: OUT_OF_RANGE. */
  public RoundCost {
    requireRange("numbers", numbers, MAX_NUMBERS);
    requireRange("clients", clients, MAX_CLIENTS);
    requireRange("sensitivity squared", sensitivitySquared, MAX_SENSITIVITY_SQUARED);
    if (sigma.value() < 0.5) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "each client's noise has sigma %s, in units of the integers; at least 0.5: take more bits,"
                  .formatted(sigma)
              + " a smaller clip, more noise or fewer clients");
    }
    new DiscreteGaussian(sigma, noiseBound);
  }

  static void requireRange(String what, long value, long max) {
    if (value < 1 || value > max) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "%s: %d, not 1..%d".formatted(what, value, max));
    }
  }

  /** The standard deviation of all the noise together, by the sensitivity. */
  public double noiseMultiplier() {
    return 1 / Math.sqrt(ratioSquared());
  }

  /** Sensitivity by standard deviation of all the noise together, squared. */
  double ratioSquared() {
    double variance = sigma.value() * sigma.value() * clients;
    return sensitivitySquared / variance;
  }

  /**
   * Bounds on the Renyi divergences of these orders, all above 1, between the sums with and without
   * a client, of noise without the cut: Kairouz, Liu and Steinke, "The Distributed Discrete
   * Gaussian Mechanism" (arXiv 2102.06387), Proposition 14; with one client the discrete Gaussian's
   * own (arXiv 2004.00010, Proposition 5).
   */
  double[] renyi(double[] orders) {
    double ratio = ratioSquared();
    double tau = unevenness();
    double root = Math.sqrt(ratio) + Math.sqrt((double) numbers) * tau;
    return Arrays.stream(orders)
        .map(alpha -> Math.min(alpha / 2 * ratio + tau * numbers, alpha / 2 * root * root))
        .toArray();
  }

  /**
   * tau: how far, in every point's log probability, the sum of n discrete Gaussians may be from one
   * discrete Gaussian of the same variance (the same paper, Theorem 1).
   *
   * <p>Why: adding a variable of sigma^2 to one of k sigma^2 gives the Gaussian factor times a sum
   * of exp(-(y - u)^2 / (2 s^2)) over integers y, with s^2 = sigma^2 k / (k + 1), which by
   * Poisson's summation depends on u only by a factor 1 +- 2 sum_j exp(-2 pi^2 s^2 j^2).
   */
  double unevenness() {
    double exponent = 2 * Math.PI * Math.PI * sigma.value() * sigma.value();
    int first = Math.min(clients, 1000);
    double sum = 0;
    for (int k = 1; k < first; k++) {
      sum += Math.exp(-exponent * k / (k + 1));
    }
    // Later terms are smaller than this one.
    sum += (clients - first) * Math.exp(-exponent * first / (first + 1));
    return 10 * sum;
  }

  /**
   * The probability that the cut changes any noise of the round: at most this is the statistical
   * distance between what is released and what {@link #renyi} is about.
   */
  double cut() {
    return new DiscreteGaussian(sigma, noiseBound).tail() * numbers * clients;
  }
}
