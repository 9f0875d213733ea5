package dev.veilsum.benchmarks;

/**
 * How long to measure.
 *
 * @param quads of blocks for each ratio
 * @param blockNanos the least time of one block; one call where that takes longer
 * @param warmUpNanos for each arm
 */
record Effort(int quads, long blockNanos, long warmUpNanos) {
  /** Seconds for all operations of one ring degree. */
  static final Effort QUICK = new Effort(9, 2_000_000, 100_000_000);

  static final Effort FULL = new Effort(15, 10_000_000, 500_000_000);

  Effort withQuads(int count) {
    return new Effort(count, blockNanos, warmUpNanos);
  }

  /** Runs every arm until it is warm; gives the number of calls that make up a block. */
  int warmUp(Arm... arms) {
    double perCall = Double.MAX_VALUE;
    for (Arm arm : arms) {
      long spent = 0;
      int times = 1;
      do {
        long nanos = arm.nanoseconds(times);
        perCall = Math.min(perCall, (double) nanos / times);
        spent += nanos;
        times = Math.min(2 * times, 64);
      } while (spent < warmUpNanos);
    }
    return (int) Math.max(1, Math.ceil(blockNanos / perCall));
  }
}
