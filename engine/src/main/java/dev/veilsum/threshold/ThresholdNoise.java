package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientParameters;
import java.math.BigInteger;

/**
 * How much noise hides the noise. An opened sum shows M + t (z + e): z is the ciphertext's own
 * error, which depends on secrets, and e floods it. Each party's e is a sum of three uniform
 * integers of F bits in each coefficient, and one party's suffices.
 *
 * <p>z = sum w (u e_k + e_0 + e_1 s), e_k and s the sums of the parties' errors and secrets, whose
 * norms are bounded when they are drawn ({@code gradient::deal}): |s| <= n sqrt(3 N / 4), |e_k| <=
 * n sqrt(12 N). u is within [-1, 1], e_0 and e_1 are centred binomial with E exp(x e) <= exp(10.5
 * x^2 / 2), so that by Hoeffding's lemma a coefficient of z is sub-Gaussian with the proxy V =
 * w_max W (12 n^2 N + 10.5 + 10.5 * 3 n^2 N / 4), and passes sqrt(2 V 81 ln 2) with probability
 * below 2^-80.
 *
 * <p>The density of three uniform parts of width w has Fisher information below 4.6 / w^2. So the
 * squared Hellinger distance to its own shift by z is at most 4.6 z^2 / (8 w^2) a coefficient, and
 * over an opening the statistical distance is at most 1.1 |z| / w, |z| the Euclidean norm over all
 * of its coefficients. F makes that 2^-40 for 2^30 of them.
 *
 * @param floodingBits F
 * @param errorBound what all errors of an opening stay below, always
 */
public record ThresholdNoise(int floodingBits, BigInteger errorBound) {
  /** The statistical distance of an opening from one that shows the sums alone is at most 2^-40. */
  public static final int DISTANCE_BITS = 40;

  /** For openings of so many coefficients at most. */
  static final int LOG_COEFFICIENTS = 30;

  private static final int TAIL_BITS = 80;
  private static final long LARGEST_ERROR = 21;

  /** Flooding beyond this leaves no room in any modulus. */
  private static final int MAX_FLOODING_BITS = 110;

  /** The noise of a key of so many parties, of which {@code threshold} open. */
  static ThresholdNoise of(
      int ringDegree, int weightSumBits, long maxWeight, int parties, int threshold) {
    int bits = floodingBits(ringDegree, weightSumBits, maxWeight, parties);
    // |u e_k| and |e_1 s| are at most 21 n N, whatever was drawn; a party floods with 3 2^(F-1).
    BigInteger fresh =
        BigInteger.valueOf(2L * LARGEST_ERROR * parties * ringDegree + LARGEST_ERROR)
            .shiftLeft(weightSumBits);
    BigInteger flooding = BigInteger.valueOf(3L * threshold).shiftLeft(bits - 1);
    return new ThresholdNoise(bits, fresh.add(flooding));
  }

  /**
   * The noise of a session.
   *
   * @throws VeilsumException NOISE_BUDGET where its parameters have no room for it
   */
  static ThresholdNoise of(GradientParameters parameters, int parties, int threshold) {
    ThresholdNoise noise =
        of(
            parameters.ringDegree(),
            parameters.weightSumBits(),
            parameters.maxWeight(),
            parties,
            threshold);
    if (noise.noiseBits() > parameters.noiseBits()) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          "errors of %d bits for %d of %d parties, and the parameters have room for %d"
              .formatted(noise.noiseBits(), threshold, parties, parameters.noiseBits()));
    }
    return noise;
  }

  /** The errors stay below 2 to this. */
  public int noiseBits() {
    return errorBound.bitLength();
  }

  private static int floodingBits(int ringDegree, int weightSumBits, long maxWeight, int parties) {
    double norms = (12 + 10.5 * 0.75) * parties * parties * ringDegree + 10.5;
    double proxy = Math.scalb((double) maxWeight, weightSumBits) * norms;
    double coefficient = Math.sqrt(2 * proxy * (TAIL_BITS + 1) * Math.log(2));
    double width =
        1.1 * Math.scalb(coefficient, LOG_COEFFICIENTS / 2) * Math.scalb(1.0, DISTANCE_BITS);
    int bits = Math.getExponent(width) + 1;
    if (bits > MAX_FLOODING_BITS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "flooding of %d bits; take fewer parties or smaller weights".formatted(bits));
    }
    return bits;
  }
}
