package dev.veilsum.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.security.SecureRandom;

/**
 * The Gaussian noise that hides a ciphertext's own (ePrint 2022/816, section 4).
 *
 * <p>It is added to decoded slots, which is the same as adding it to the coefficients: the
 * canonical embedding is an isometry up to the factor sqrt(N), so an independent Gaussian of
 * deviation sigma on each coefficient is an independent complex Gaussian of variance N sigma^2 on
 * each slot, N/2 sigma^2 on its real part. Afterwards the values are rounded to a grid that is
 * coarse against the rounding of doubles and fine against the noise, so that no low bits of the
 * decoded values survive.
 *
 * @param slotSigma the standard deviation on the real part of a slot, in units of the values
 */
record Flooding(double slotSigma) {
  /** A real Gaussian passes 10.9 deviations with probability below 2^-85: 2^-68 for 2^17 slots. */
  private static final double TAIL = 10.9;

  /** The grid is 2^-11 to 2^-10 of the deviation. */
  private static final int GRID_BITS = 10;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Sizes the noise; {@code NOISE_BUDGET} where it cannot be done within the policy. */
  static Flooding of(CkksCiphertext c, ReleasePolicy policy) {
    double bits = c.noiseBoundBits();
    if (Double.isNaN(bits) || bits == Double.POSITIVE_INFINITY) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          "this ciphertext has no noise bound, so its noise cannot be hidden: do not release it");
    }
    // A slot also carries the rounding of doubles in decoding, which depends on the key as well.
    double rounding = c.messageBound() * c.scale() * 0x1p-48;
    double sigma = policy.sigma(Math.pow(2, bits) + rounding);
    double degree = c.context().parameters().ringDegree();
    Flooding flooding = new Flooding(Math.max(sigma, 1) * Math.sqrt(degree / 2) / c.scale());
    double error = c.errorBound() + flooding.bound();
    if (!(error <= policy.largestError())) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          ("hiding the key's noise (2^%.1f at scale 2^%.1f) takes an error of %.3g, above the %.3g "
                  + "that is allowed: encode at a larger scale, or plan for fewer releases")
              .formatted(bits, Math.log(c.scale()) / Math.log(2), error, policy.largestError()));
    }
    return flooding;
  }

  /** A bound on what {@link #apply} adds to any slot. */
  double bound() {
    return TAIL * slotSigma + grid();
  }

  void apply(double[] values) {
    double grid = grid();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint((values[i] + slotSigma * RANDOM.nextGaussian()) / grid) * grid;
    }
  }

  private double grid() {
    return Math.scalb(1.0, Math.getExponent(slotSigma) - GRID_BITS);
  }
}
