package dev.veilsum.benchmarks;

import java.util.Random;

/**
 * Random values in sorted slot columns with a random predicate: what a server computes on, and the
 * truth. A quarter of the slots has no match, a quarter few, the rest every second row.
 */
final class SortedColumns {
  static final int VALUE_BITS = 41;

  /** Values plus 1, so that 0 is none: by layer and slot. */
  final long[][] values;

  /** The predicate's bits. */
  final long[][] masks;

  SortedColumns(int rows, int slots, long seed) {
    int layers = (rows + slots - 1) / slots;
    Random random = new Random(seed);
    values = new long[layers][slots];
    masks = new long[layers][slots];
    for (int s = 0; s < slots; s++) {
      int height = rows / slots + (s < rows % slots ? 1 : 0);
      long[] column = random.longs(height, 1, (1L << VALUE_BITS) + 1).sorted().toArray();
      double matching = s % 4 == 0 ? 0 : s % 4 == 1 ? 0.02 : 0.5;
      for (int g = 0; g < height; g++) {
        values[g][s] = column[g];
        masks[g][s] = random.nextDouble() < matching ? 1 : 0;
      }
    }
  }

  int layers() {
    return values.length;
  }

  /** The largest value that matches in each slot of layers from..to-1; 0 for none. */
  long[] largest(int from, int to) {
    long[] largest = new long[values[0].length];
    for (int g = from; g < Math.min(to, layers()); g++) {
      for (int s = 0; s < largest.length; s++) {
        largest[s] = masks[g][s] == 1 ? Math.max(largest[s], values[g][s]) : largest[s];
      }
    }
    return largest;
  }

  /** How many rows match in each slot. */
  long[] counts() {
    long[] counts = new long[values[0].length];
    for (long[] mask : masks) {
      for (int s = 0; s < counts.length; s++) {
        counts[s] += mask[s];
      }
    }
    return counts;
  }
}
