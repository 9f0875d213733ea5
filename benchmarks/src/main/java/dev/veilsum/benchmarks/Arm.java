package dev.veilsum.benchmarks;

/** One side of a comparison: something that can be repeated and timed. */
@FunctionalInterface
interface Arm {
  /** The nanoseconds that {@code times} repetitions take. */
  long nanoseconds(int times);

  /** Calls from Java, timed in Java. */
  static Arm ofCalls(Runnable call) {
    return times -> {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        call.run();
      }
      return System.nanoTime() - start;
    };
  }
}
