package dev.veilsum.cli.federated;

import java.util.List;

/** Who adds up the integers of the clients, and how. */
interface Summation extends AutoCloseable {
  /**
   * sum weights_k updates_k.
   *
   * @param updates integers from 0 to 2^bits - 1, of one length
   */
  long[] sum(List<long[]> updates, long[] weights);

  /** Bytes that the clients have sent so far, all together. */
  long bytesUp();

  /** Bytes of the sums so far, each counted once. */
  long bytesDown();

  @Override
  void close();

  /** In the clear: what the others are held against. */
  static Summation clear() {
    return new Summation() {
      @Override
      public long[] sum(List<long[]> updates, long[] weights) {
        return clearSum(updates, weights);
      }

      @Override
      public long bytesUp() {
        return 0;
      }

      @Override
      public long bytesDown() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  /** The sum in the clear. */
  static long[] clearSum(List<long[]> updates, long[] weights) {
    long[] sum = new long[updates.get(0).length];
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weights[k] * updates.get(k)[i];
      }
    }
    return sum;
  }
}
