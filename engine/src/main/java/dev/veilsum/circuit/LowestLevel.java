package dev.veilsum.circuit;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.params.BfvNoise;

/** The smallest form of a result: fewer primes to download, the same integers. */
final class LowestLevel {
  private LowestLevel() {}

  /**
   * Switches to the lowest level that keeps so many bits of budget; a copy where that is its own.
   */
  static BfvCiphertext of(BfvEvaluator evaluator, BfvCiphertext c, double marginBits) {
    BfvNoise noise = new BfvNoise(evaluator.context().parameters());
    double bits = Math.max(c.noiseBoundBits(), 0);
    int level = 0;
    while (level < c.level()
        && noise.switched(bits, c.level(), level) > noise.limit(level) - marginBits) {
      level++;
    }
    return evaluator.switchToLevel(c, level);
  }
}
