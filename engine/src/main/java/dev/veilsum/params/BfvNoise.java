package dev.veilsum.params;

import java.util.List;

/**
 * That of BFV: a product's noise is the sum of its factors' times t and the norm of their phases,
 * which the core measures and which is bounded here.
 */
public final class BfvNoise extends IntegerNoise {
  private final double phase;
  private final double rounding;

  public BfvNoise(BfvParameters parameters) {
    super(parameters);
    double n = parameters.ringDegree();
    double unit = 1 / Math.sin(Math.PI / (2 * n)); // a polynomial with coefficients of at most 1
    double tail = Math.log(n / 2) + 12;
    double secret = Math.sqrt(n * 2 / 3 * tail);
    this.phase = log2(unit / 2 + (Math.sqrt(n / 12 * tail) + 3) * secret);
    this.rounding =
        NoiseEstimate.sum(estimate.rounding(), log2(TAIL * Math.sqrt(n / 12) * secret * secret));
  }

  @Override
  public Bound innerProduct(List<Bound> a, List<Bound> b) {
    int level = lowest(a, lowest(b, Integer.MAX_VALUE));
    double operands = Double.NEGATIVE_INFINITY;
    for (List<Bound> side : List.of(a, b)) {
      for (Bound operand : side) {
        double bits = switched(operand, level).bits();
        operands = operands == Double.NEGATIVE_INFINITY ? bits : NoiseEstimate.sum(operands, bits);
      }
    }
    double tensors = NoiseEstimate.sum(logT + phase + operands, rounding);
    return new Bound(level, NoiseEstimate.sum(tensors, keySwitch(level)));
  }

  private static int lowest(List<Bound> side, int level) {
    return Math.min(level, side.stream().mapToInt(Bound::level).min().orElseThrow());
  }
}
