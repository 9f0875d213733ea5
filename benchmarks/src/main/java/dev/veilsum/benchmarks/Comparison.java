package dev.veilsum.benchmarks;

import java.util.Locale;

/**
 * One operation from Java beside the same operation within native code.
 *
 * @param preset the parameters
 * @param n the ring degree
 * @param operation its name
 * @param javaNanos the median time of a call from Java
 * @param nativeNanos the median time of the operation within native code
 * @param ratio Java over native
 * @param same native over native: what the machine adds by itself
 */
record Comparison(
    String preset,
    int n,
    String operation,
    double javaNanos,
    double nativeNanos,
    PairedRatio ratio,
    PairedRatio same) {

  /** Operations that take less are not held to the limit. */
  private static final double LIMITED_FROM_NANOS = 100_000;

  private static final double LIMIT = 1.02;

  /** Both arms and the null in quads of blocks, ABBA and BAAB in turn. */
  static Comparison measure(String preset, int n, Operation operation, Effort effort) {
    Arm java = operation.fromJava();
    Arm inside = operation.inNative();
    int times = effort.warmUp(java, inside);
    double[] ratios = new double[effort.quads()];
    double[] nulls = new double[effort.quads()];
    double[] javaTimes = new double[2 * effort.quads()];
    double[] nativeTimes = new double[2 * effort.quads()];
    for (int quad = 0; quad < effort.quads(); quad++) {
      boolean first = quad % 2 == 0;
      double[] pair = quad(java, inside, times, first);
      ratios[quad] = logRatio(pair);
      javaTimes[2 * quad] = pair[0] / times;
      javaTimes[2 * quad + 1] = pair[1] / times;
      nativeTimes[2 * quad] = pair[2] / times;
      nativeTimes[2 * quad + 1] = pair[3] / times;
      nulls[quad] = logRatio(quad(inside, inside, times, first));
    }
    return new Comparison(
        preset,
        n,
        operation.name(),
        PairedRatio.median(javaTimes),
        PairedRatio.median(nativeTimes),
        PairedRatio.ofLogarithms(ratios),
        PairedRatio.ofLogarithms(nulls));
  }

  /** The times of two blocks of a and of two of b, in the order abba or baab. */
  private static double[] quad(Arm a, Arm b, int times, boolean aFirst) {
    double[] of = new double[4];
    if (aFirst) {
      of[0] = block(a, times);
      of[2] = block(b, times);
      of[3] = block(b, times);
      of[1] = block(a, times);
    } else {
      of[2] = block(b, times);
      of[0] = block(a, times);
      of[1] = block(a, times);
      of[3] = block(b, times);
    }
    return of;
  }

  /**
   * One call that does not count, for it finds the caches as the other arm left them; the block.
   */
  private static double block(Arm arm, int times) {
    arm.nanoseconds(1);
    return arm.nanoseconds(times);
  }

  private static double logRatio(double[] quad) {
    return (Math.log(quad[0]) + Math.log(quad[1]) - Math.log(quad[2]) - Math.log(quad[3])) / 2;
  }

  /** Whether Java costs under 2% here: "holds", "fails", "open" or, below 100 us, "". */
  String verdict() {
    if (nativeNanos < LIMITED_FROM_NANOS) {
      return "";
    }
    return ratio.high() < LIMIT ? "holds" : ratio.low() >= LIMIT ? "fails" : "open";
  }

  static final String HEADER =
      "| operation | N | Java, us | native, us | Java / native | native / native | under 2% |\n"
          + "|---|---|---|---|---|---|---|";

  String markdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f | %s | %s | %s |",
        operation,
        n,
        javaNanos / 1000,
        nativeNanos / 1000,
        ratio,
        same,
        verdict());
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"operation\":\"%s\",\"preset\":\"%s\",\"n\":%d,\"java_us\":%.3f,\"native_us\":%.3f,"
            + "\"ratio\":%.5f,\"ratio_low\":%.5f,\"ratio_high\":%.5f,"
            + "\"null\":%.5f,\"null_low\":%.5f,\"null_high\":%.5f}",
        operation,
        preset,
        n,
        javaNanos / 1000,
        nativeNanos / 1000,
        ratio.median(),
        ratio.low(),
        ratio.high(),
        same.median(),
        same.low(),
        same.high());
  }
}
