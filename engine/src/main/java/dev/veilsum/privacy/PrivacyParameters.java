package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientValues;
import java.util.function.Supplier;

/**
 * How a client makes its update private, after Kairouz, Liu and Steinke, "The Distributed Discrete
 * Gaussian Mechanism for Federated Learning with Secure Aggregation" (arXiv 2102.06387, Algorithm
 * 1), without its rotation: clip the L2 norm, scale, round at random, add discrete Gaussian noise.
 *
 * <p>That paper lets integers wrap around; here digits of sums stand side by side and may not. So
 * numbers keep to [-valueLimit, valueLimit] and noise to [-noiseBound, noiseBound], which together
 * are all of the b bits. Noise that would go beyond is drawn again; this has a probability below
 * 2^-96 in a round, and {@link RoundCost#cut} charges it to delta. Cutting each client's sum of
 * number and noise instead would leak: a sum of cut numbers does not follow from the sum.
 *
 * @param request what was asked for
 * @param clip c, with which the update has to be declared
 * @param scale integers by units of the numbers: (2^b - 1) / (2 c)
 * @param valueLimit the largest absolute value of an integer before noise
 * @param cost what a round costs
 */
public record PrivacyParameters(
    PrivacyRequest request, double clip, double scale, long valueLimit, RoundCost cost) {
  /** Rounding that goes beyond the sensitivity, below 2^-10, is done again. */
  private static final double ROUNDING_FAILURE = 0x1p-10;

  private static final double LOG_CUT = 96 * Math.log(2);

  static PrivacyParameters of(PrivacyRequest request, double clip) {
    long valueLimit = valueLimit(request, clip);
    if (valueLimit < 1) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the noise leaves nothing of %d bits: take more bits, a greater clip, or less noise"
              .formatted(request.bits()));
    }
    long sensitivitySquared = sensitivitySquared(request, clip);
    Sigma sigma = sigma(request, sensitivitySquared);
    RoundCost cost =
        new RoundCost(
            request.numbers(),
            request.clients(),
            sensitivitySquared,
            sigma,
            noiseBound(request, sigma));
    return new PrivacyParameters(request, clip, scale(request, clip), valueLimit, cost);
  }

  static double scale(PrivacyRequest request, double clip) {
    return (Math.scalb(1.0, request.bits()) - 1) / (2 * clip);
  }

  /** What the noise leaves of the range; below 1 where that is nothing. */
  static long valueLimit(PrivacyRequest request, double clip) {
    Sigma sigma = sigma(request, sensitivitySquared(request, clip));
    // Offsets are 2^(b-1) and one less (see PrivateValues), which costs one value of the range.
    return (1L << (request.bits() - 1)) - 1 - noiseBound(request, sigma);
  }

  private static Sigma sigma(PrivacyRequest request, long sensitivitySquared) {
    return Sigma.atLeast(
        request.noise() * Math.sqrt((double) sensitivitySquared / request.clients()));
  }

  /**
   * The squared norm that vectors of norm s keep to when they are rounded at random (the same
   * paper, Algorithm 1): the smaller of (s + sqrt(d))^2, which cannot fail, for each number moves
   * by less than 1, and
   *
   * <pre>s^2 + d / 4 + sqrt(2 ln(1 / beta)) (s + sqrt(d) / 2),</pre>
   *
   * <p>which fails with probability below beta: the squares have the sum s^2 and variances of at
   * most 1/4 each as their mean, and one of them is one of two squares that are at most 2 |y| + 1
   * apart, so that Hoeffding's inequality has the sum of (2 |y| + 1)^2 <= (2 s + sqrt(d))^2.
   * Privacy does not rest on this: {@link PrivateValues} checks the integers themselves.
   */
  private static long sensitivitySquared(PrivacyRequest request, double clip) {
    double s = request.norm() * scale(request, clip);
    double root = Math.sqrt((double) request.numbers());
    double certain = (s + root) * (s + root);
    double likely =
        s * s
            + request.numbers() / 4.0
            + Math.sqrt(-2 * Math.log(ROUNDING_FAILURE)) * (s + root / 2);
    double squared = Math.ceil(Math.min(certain, likely) * (1 + 1e-9)) + 1;
    if (!(squared <= RoundCost.MAX_SENSITIVITY_SQUARED)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a squared norm of %.3g in units of the integers; at most 2^62: take a greater clip"
              .formatted(squared));
    }
    return (long) squared;
  }

  /** B with 2 n d exp(-(B + 1)^2 / (2 sigma^2)) below 2^-96. */
  private static long noiseBound(PrivacyRequest request, Sigma sigma) {
    double log = Math.log(2) + Math.log(request.clients()) + Math.log(request.numbers()) + LOG_CUT;
    return (long) Math.ceil(sigma.value() * Math.sqrt(2 * log));
  }

  /** Numbers beyond this are cut, after the clipping of the norm. */
  public double coordinateLimit() {
    return valueLimit / scale;
  }

  /**
   * The standard deviation of the noise in a mean over the declared clients, in units of numbers.
   */
  public double meanNoise() {
    return cost.sigma().value() / Math.sqrt(request.clients()) / scale;
  }

  /**
   * A client's numbers as integers with noise, to be encrypted under {@link #clip} with weight 1.
   * The numbers are gone through three times, at most 16 more times in all where rounding has to be
   * repeated; they are read anew from the source each time and must be the same. Every call makes
   * new noise, which is a release of its own: call it once a round, after the round has been taken
   * down ({@link BudgetFile#spend}).
   *
   * @param source opens the numbers, of kind FLOAT or DOUBLE; closed where it is AutoCloseable
   * @throws VeilsumException BAD_INPUT for a number that is not finite, with its index;
   *     OUT_OF_RANGE where the norm overflows; USAGE for other counts or integers
   */
  public PrivateValues privatize(Supplier<? extends GradientValues> source) {
    return PrivateValues.of(this, source);
  }
}
