package dev.veilsum.benchmarks;

import java.util.Arrays;

/** Seeds of throw-away keys, the same in every run. */
final class Seeds {
  private Seeds() {}

  static byte[] fixed() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);
    return seed;
  }
}
