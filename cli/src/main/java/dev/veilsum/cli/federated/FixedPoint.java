package dev.veilsum.cli.federated;

import java.util.Random;

/**
 * Numbers in [-clip, clip] as integers from 0 to 2^bits - 1, rounded at random, as an encryptor of
 * gradients does it by itself. Here the random numbers have a seed, so that two runs can be
 * compared: a sum in the clear and one under encryption.
 */
record FixedPoint(int bits, double clip) {
  private double largest() {
    return Math.scalb(1.0, bits) - 1;
  }

  long[] round(double[] numbers, long seed) {
    Random random = new Random(seed);
    long[] integers = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      double clipped = Math.max(-clip, Math.min(clip, numbers[i]));
      double scaled = (clipped + clip) * largest() / (2 * clip);
      integers[i] = (long) Math.min(largest(), Math.floor(scaled + random.nextDouble()));
    }
    return integers;
  }

  /** The weighted mean of the numbers, from the sums of their integers times the weights. */
  double[] mean(long[] sums, long weight) {
    double[] mean = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      mean[i] = ((double) sums[i] / weight - largest() / 2) * (2 * clip / largest());
    }
    return mean;
  }
}
