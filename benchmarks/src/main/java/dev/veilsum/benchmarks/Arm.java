package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.RepeatedCore;

/** One side of a comparison: something that can be repeated and timed. */
@FunctionalInterface
interface Arm {
  /** The nanoseconds on {@link RepeatedCore#clock} that {@code times} repetitions take. */
  long nanoseconds(int times);

  /** Calls from Java. */
  static Arm ofCalls(Runnable call) {
    return times -> {
      long start = RepeatedCore.clock();
      for (int i = 0; i < times; i++) {
        call.run();
      }
      return RepeatedCore.clock() - start;
    };
  }
}
