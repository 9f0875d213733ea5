package dev.veilsum.cli.federated;

import dev.veilsum.privacy.DiscreteGaussian;
import dev.veilsum.privacy.RenyiAccount;
import dev.veilsum.privacy.RoundCost;
import dev.veilsum.privacy.Sigma;
import dev.veilsum.random.RandomStream;
import java.util.Arrays;

/**
 * Sums of clipped gradients as integers with noise, so that what is decrypted tells little of any
 * one digit (Abadi et al., arXiv 1607.00133, with all digits in every step). The clients share the
 * noise out: each adds a part that would not be enough alone.
 *
 * <p>A digit more or less moves a client's sum by at most the norm. Rounded to integers, every
 * number moves by less than one more, so that the integers move by at most norm scale + sqrt(d);
 * cutting them to the limit moves nothing further apart.
 *
 * @param norm a digit's gradient is clipped to this L2 norm
 * @param scale integers by units of the gradient
 * @param bits of the integers that are encrypted
 * @param cost of one round
 */
record NoisyGradients(double norm, double scale, int bits, RoundCost cost) {
  /**
   * For so many clients.
   *
   * @param noise the standard deviation of all noise together, by the sensitivity
   */
  static NoisyGradients of(double norm, double noise, int clients) {
    double scale = Math.scalb(1.0, 13);
    double sensitivity = norm * scale + Math.sqrt(SoftmaxModel.PARAMETERS) + 1;
    Sigma sigma = new Sigma((int) Math.ceil(noise * sensitivity / Math.sqrt(clients)), 0);
    // Beyond 12 sigma lies less than 2^-100 of the noise.
    long noiseBound = (long) (12 * sigma.value());
    long squared = (long) Math.ceil(sensitivity * sensitivity);
    return new NoisyGradients(
        norm,
        scale,
        22,
        new RoundCost(SoftmaxModel.PARAMETERS, clients, squared, sigma, noiseBound));
  }

  /** The epsilon of so many rounds, for one digit. */
  double epsilon(int rounds, double delta) {
    return RenyiAccount.empty().plus(cost, rounds).epsilon(delta);
  }

  private long offset() {
    return 1L << (bits - 1);
  }

  /** A client's integers from 0 to 2^bits - 1. */
  long[] integers(double[] gradientSum) {
    long[] integers = rounded(gradientSum);
    long[] noise = new long[integers.length];
    try (RandomStream random = RandomStream.ofSystem()) {
      new DiscreteGaussian(cost.sigma(), cost.noiseBound()).sample(random, noise, 0, noise.length);
    }
    for (int i = 0; i < integers.length; i++) {
      integers[i] += noise[i] + offset();
    }
    return integers;
  }

  /** Before noise: with it, they are within half the range. */
  long[] rounded(double[] gradientSum) {
    long limit = offset() - 1 - cost.noiseBound();
    return Arrays.stream(gradientSum)
        .mapToLong(x -> Math.max(-limit, Math.min(limit, Math.round(x * scale))))
        .toArray();
  }

  /** The sum of all gradients, with the noise. */
  double[] sum(long[] sums) {
    double[] sum = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      sum[i] = (sums[i] - cost.clients() * offset()) / scale;
    }
    return sum;
  }
}
