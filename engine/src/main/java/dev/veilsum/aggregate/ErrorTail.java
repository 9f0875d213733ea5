package dev.veilsum.aggregate;

/**
 * How large a weighted sum of fresh errors gets in one coefficient. An error is centred binomial,
 * the difference of two sums of 21 bits: |e| <= 21, and, each of its 42 bits being within 1/2 of
 * its mean, E exp(x w e) <= exp(21 x^2 w^2 / 4) (Hoeffding, 1963). So with V the sum of the squared
 * weights, P(|sum w e| > a) <= 2 exp(-a^2 / (21 V)), and V is at most the largest weight times the
 * sum of all.
 */
final class ErrorTail {
  /** A coefficient fails with probability below 2^-80: a round of 2^40 of them below 2^-40. */
  static final int FAILURE_BITS = 80;

  private static final long LARGEST = 21;

  private ErrorTail() {}

  /** The bound on |sum w e|. */
  static long bound(long weightSum, long maxWeight) {
    return isCertain(weightSum, maxWeight)
        ? LARGEST * weightSum
        : (long) Math.ceil(tail(weightSum, maxWeight));
  }

  /** Whether the bound can never be passed. */
  static boolean isCertain(long weightSum, long maxWeight) {
    return LARGEST * weightSum <= tail(weightSum, maxWeight);
  }

  private static double tail(long weightSum, long maxWeight) {
    double squares = (double) weightSum * maxWeight;
    return Math.sqrt(LARGEST * squares * (FAILURE_BITS + 1) * Math.log(2));
  }
}
