package dev.veilsum.circuit;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.params.BfvNoise;
import dev.veilsum.params.IntegerNoise;
import dev.veilsum.params.IntegerNoise.Bound;

/** The smallest form of a result: fewer primes to download, the same integers. */
final class LowestLevel {
  private LowestLevel() {}

  /** What {@code decryptForRelease} asks for. */
  static final double RELEASE_BITS = 8;

  /**
   * Switches to the lowest level that keeps so many bits of budget; a copy where that is its own.
   */
  static BfvCiphertext of(BfvEvaluator evaluator, BfvCiphertext c, double marginBits) {
    IntegerNoise noise = new BfvNoise(evaluator.context().parameters());
    Bound bound = new Bound(c.level(), Math.max(c.noiseBoundBits(), 0));
    int level = 0;
    while (level < c.level() && noise.budget(noise.switched(bound, level)) < marginBits) {
      level++;
    }
    return evaluator.switchToLevel(c, level);
  }
}
