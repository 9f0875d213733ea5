package dev.veilsum.benchmarks;

import java.util.Locale;

/**
 * One operation of two revisions.
 *
 * @param operation its name
 * @param group the parameters
 * @param hereNanos the median time of this revision
 * @param thereNanos that of the other
 * @param ratio this over the other: below 1, this one is faster
 * @param same two processes of this revision
 */
record RevisionRow(
    String operation,
    String group,
    double hereNanos,
    double thereNanos,
    PairedRatio ratio,
    PairedRatio same) {

  static final String HEADER =
      "| operation | parameters | other, us | this, us | this / other | this / this | |\n"
          + "|---|---|---|---|---|---|---|";

  static final String EXPLANATION =
      "Processor time; medians of paired ratios with 95% intervals over rounds of new processes."
          + " \"faster\" and \"slower\": the interval lies beyond 1 and beyond that of the null.";

  /** "faster" or "slower" where the interval shows it against 1 and the null, else "". */
  String verdict() {
    if (ratio.high() < Math.min(1, same.low())) {
      return "faster";
    }
    return ratio.low() > Math.max(1, same.high()) ? "slower" : "";
  }

  String markdown() {
    return String.format(
        Locale.ROOT,
        "| %s | `%s` | %.1f | %.1f | %s | %s | %s |",
        operation,
        group,
        thereNanos / 1000,
        hereNanos / 1000,
        ratio,
        same,
        verdict());
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"operation\":\"%s\",\"group\":\"%s\",\"this_us\":%.3f,\"other_us\":%.3f,"
            + "\"ratio\":%.5f,\"ratio_low\":%.5f,\"ratio_high\":%.5f,"
            + "\"null\":%.5f,\"null_low\":%.5f,\"null_high\":%.5f}",
        operation,
        group,
        hereNanos / 1000,
        thereNanos / 1000,
        ratio.median(),
        ratio.low(),
        ratio.high(),
        same.median(),
        same.low(),
        same.high());
  }
}
