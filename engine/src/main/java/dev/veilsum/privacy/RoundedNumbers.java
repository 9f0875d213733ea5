package dev.veilsum.privacy;

import dev.veilsum.random.RandomStream;
import java.util.Arrays;

/**
 * Numbers times a factor, cut to the limit and rounded at random to one of the two nearest
 * integers, right in the mean (to 2^-32). The same seed rounds the same way.
 */
final class RoundedNumbers implements AutoCloseable {
  private final NumberBlocks source;
  private final double factor;
  private final double limit;
  private final RandomStream random;
  private double[] block = new double[0];

  /**
   * @param source is closed with this
   */
  RoundedNumbers(PrivacyParameters parameters, NumberBlocks source, double factor, byte[] seed) {
    this.source = source;
    this.factor = factor;
    this.limit = parameters.valueLimit();
    this.random = RandomStream.ofSeed(seed);
  }

  /** The next integers; there must be as many. */
  void next(long[] into, int count) {
    if (block.length != count) {
      Arrays.fill(block, 0);
      block = new double[count];
    }
    int read = source.next(block);
    for (int i = 0; i < read; i++) {
      double y = Math.max(-limit, Math.min(limit, block[i] * factor));
      double floor = Math.floor(y);
      double u = (random.nextInt() & 0xffffffffL) * 0x1p-32;
      into[i] = (long) floor + (u < y - floor ? 1 : 0);
    }
  }

  @Override
  public void close() {
    Arrays.fill(block, 0);
    random.close();
    source.close();
  }
}
