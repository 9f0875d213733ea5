package dev.veilsum.file;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The buckets of an ordered column, or of times with a step: bucket j holds the values v with
 * start(j) <= v < start(j + 1), the last one those up to the column's maximum. Values are fixed
 * point: a long that counts 10^-places, or milliseconds.
 *
 * <p>On the wire they are thermometer masks: part j - 1 of a column is T_j = [v >= start(j)], for j
 * from 1 to count - 1; T_0 is 1 and T_count is 0. Bucket j's own mask is T_j - T_{j+1}.
 */
public final class Buckets {
  /** The most buckets of one column. */
  public static final int MAX = 4096;

  private final long[] starts;
  private final int places;

  /**
   * @param starts at least one, ascending; bucket 0 starts at the column's minimum
   * @param places decimal places of the fixed point
   */
  Buckets(long[] starts, int places) {
    this.starts = starts;
    this.places = places;
  }

  /** How many there are, at least 1. */
  public int count() {
    return starts.length;
  }

  /** How many thermometer masks stand for them: one fewer. */
  public int thresholds() {
    return starts.length - 1;
  }

  /** Where bucket {@code j} starts, in fixed point. */
  public long start(int j) {
    return starts[j];
  }

  /** The starts of all, in fixed point; a copy. */
  public long[] starts() {
    return starts.clone();
  }

  /** Where bucket {@code j} starts, as a number (of times: epoch milliseconds). */
  public BigDecimal boundary(int j) {
    return BigDecimal.valueOf(starts[j], places);
  }

  /** The bucket of a fixed-point value; -1 below the first one. For public values only. */
  public int of(long fixed) {
    int found = Arrays.binarySearch(starts, fixed);
    return found >= 0 ? found : -found - 2;
  }

  /** The bucket of a number; -1 below the first one. For public values only. */
  public int of(BigDecimal value) {
    int low = 0;
    int high = count();
    while (low < high) { // start(low - 1) <= value < start(high)
      int middle = (low + high) >>> 1;
      if (boundary(middle).compareTo(value) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Whether a bucket starts exactly at a number. */
  public boolean isBoundary(BigDecimal value) {
    int bucket = of(value);
    return bucket >= 0 && boundary(bucket).compareTo(value) == 0;
  }
}
