package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.params.BfvNoise;
import dev.veilsum.params.IntegerNoise;
import dev.veilsum.params.IntegerNoise.Bound;
import java.util.List;

/** The smallest form of an answer: fewer primes to download, the same integers. */
final class Smallest {
  /** Bits of noise budget that an answer keeps where it can. */
  private static final double MARGIN_BITS = 8;

  private Smallest() {}

  /** The lowest level that leaves an answer its margin; its own where it has none. */
  static int level(BfvBackend bfv, Reference.Ciphertext c) {
    IntegerNoise noise = new BfvNoise(bfv.parameters());
    Bound bound = new Bound(bfv.level(c), Math.max(bfv.noiseBoundBits(c), 0));
    double margin = Math.min(MARGIN_BITS, bfv.noiseBudgetBits(c) / 2);
    int level = 0;
    while (level < bound.level() && noise.budget(noise.switched(bound, level)) < margin) {
      level++;
    }
    return level;
  }

  /** The same message at that level; under CKKS a copy. */
  static Reference.Ciphertext of(SchemeBackend scheme, Reference.Ciphertext c) {
    return scheme instanceof BfvBackend bfv
        ? bfv.switchToLevel(c, level(bfv, c))
        : scheme.sum(List.of(c));
  }
}
