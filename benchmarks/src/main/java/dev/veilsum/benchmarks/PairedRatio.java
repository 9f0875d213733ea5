package dev.veilsum.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The median of paired ratios, with a bootstrap interval.
 *
 * @param median the ratio
 * @param low and high: 95% of the medians of resampled pairs lie between them
 */
record PairedRatio(double median, double low, double high) {
  private static final int RESAMPLES = 2000;

  /** Of natural logarithms of ratios, at least one. */
  static PairedRatio ofLogarithms(double[] logarithms) {
    SplittableRandom random = new SplittableRandom(1);
    double[] medians = new double[RESAMPLES];
    double[] sample = new double[logarithms.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < sample.length; j++) {
        sample[j] = logarithms[random.nextInt(logarithms.length)];
      }
      medians[i] = median(sample);
    }
    Arrays.sort(medians);
    return new PairedRatio(
        Math.exp(median(logarithms)),
        Math.exp(medians[RESAMPLES / 40]),
        Math.exp(medians[RESAMPLES - 1 - RESAMPLES / 40]));
  }

  /**
   * Of rounds of logarithms: rounds are drawn first, then pairs within them, so that what a whole
   * round has in common widens the interval.
   */
  static PairedRatio ofRounds(List<double[]> rounds) {
    SplittableRandom random = new SplittableRandom(1);
    double[] medians = new double[RESAMPLES];
    int size = rounds.stream().mapToInt(round -> round.length).sum();
    for (int i = 0; i < RESAMPLES; i++) {
      double[] sample = new double[size];
      int filled = 0;
      while (filled < size) {
        double[] round = rounds.get(random.nextInt(rounds.size()));
        for (int j = 0; j < round.length && filled < size; j++) {
          sample[filled++] = round[random.nextInt(round.length)];
        }
      }
      medians[i] = median(sample);
    }
    Arrays.sort(medians);
    double[] all = rounds.stream().flatMapToDouble(Arrays::stream).toArray();
    return new PairedRatio(
        Math.exp(median(all)),
        Math.exp(medians[RESAMPLES / 40]),
        Math.exp(medians[RESAMPLES - 1 - RESAMPLES / 40]));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  @Override
  public String toString() {
    return "%.3f [%.3f, %.3f]".formatted(median, low, high);
  }
}
