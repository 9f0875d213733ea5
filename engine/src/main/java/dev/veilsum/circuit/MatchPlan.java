package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.params.BfvNoise;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.BgvNoise;
import dev.veilsum.params.BgvNoise.Noise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a {@link SortedMatch} takes of noise, by bounds, before it runs.
 *
 * @param level where values are selected: digits are switched down to it, and best encrypted there
 * @param budgetBits that will be left in the result, at that level or (BGV) at the one to which
 *     products lead; below 0 it does not fit
 */
public record MatchPlan(int level, double budgetBits) {
  /** Bits that a result keeps where it can, as {@code decryptForRelease} asks for. */
  static final double MARGIN_BITS = 8;

  static MatchPlan of(
      SortedMatch circuit,
      IntegerScheme scheme,
      BfvParameters parameters,
      int maskLevel,
      double maskNoise) {
    return switch (scheme) {
      case BFV -> ofBfv(circuit, parameters, maskLevel, maskNoise);
      case BGV -> ofBgv(circuit, new BgvNoise(parameters), new Noise(maskLevel, maskNoise));
    };
  }

  /** BGV's products choose levels by themselves: digits come in where the scan has led. */
  private static MatchPlan ofBgv(SortedMatch circuit, BgvNoise noise, Noise mask) {
    int n = Math.min(circuit.groupLayers(), circuit.layers());
    List<Noise> q = new ArrayList<>(Collections.nCopies(n, mask));
    SuffixScan.run(q, noise::product);
    int level = q.stream().mapToInt(Noise::level).min().orElseThrow();
    Noise digit = noise.fresh(level);
    Noise result = noise.innerProduct(q, Collections.nCopies(n, noise.sum(digit, digit)));
    result = noise.sum(result, digit);

    int joined = Math.min(circuit.groups(), circuit.groupCount());
    if (joined > 1) {
      List<Noise> p = new ArrayList<>(Collections.nCopies(joined - 1, q.get(0)));
      SuffixScan.run(p, noise::product);
      Noise others = noise.innerProduct(Collections.nCopies(joined - 1, result), p);
      result = noise.sum(others, result);
    }
    return new MatchPlan(level, noise.limit(result.level()) - result.bits());
  }

  /** The lowest level that keeps the margin, or else the one that keeps the most. */
  private static MatchPlan ofBfv(
      SortedMatch circuit, BfvParameters parameters, int maskLevel, double maskNoise) {
    BfvNoise noise = new BfvNoise(parameters);
    MatchPlan best = at(circuit, noise, maskLevel, maskNoise, 0);
    for (int level = 1; level <= maskLevel && best.budgetBits < MARGIN_BITS; level++) {
      MatchPlan plan = at(circuit, noise, maskLevel, maskNoise, level);
      best = plan.budgetBits > best.budgetBits ? plan : best;
    }
    return best;
  }

  /** Refuses what does not fit. */
  MatchPlan require(SortedMatch circuit, BfvParameters parameters) {
    if (budgetBits >= 0) {
      return this;
    }
    throw new VeilsumException(
        ErrorCode.NOISE_BUDGET,
        ("a match over groups of %d layers%s takes %d multiplications in a row, and %.1f bits of"
                + " noise more than these masks leave under %s: take smaller groups, a simpler"
                + " predicate, or larger parameters")
            .formatted(
                circuit.groupLayers(),
                circuit.groups() > 1 ? " and " + circuit.groups() + " groups" : "",
                circuit.depth(),
                -budgetBits,
                parameters));
  }

  /** Follows the circuit's largest group and span. */
  private static MatchPlan at(
      SortedMatch circuit, BfvNoise noise, int maskLevel, double maskNoise, int level) {
    int n = Math.min(circuit.groupLayers(), circuit.layers());
    List<Double> q = new ArrayList<>(Collections.nCopies(n, maskNoise));
    SuffixScan.run(q, noise::product);
    double digit = noise.switched(noise.fresh(), maskLevel, level);
    double operands = noise.sum(digit, digit) + log2(n);
    for (double selector : q) {
      operands = noise.sum(operands, noise.switched(selector, maskLevel, level));
    }
    double result = noise.sum(noise.innerProduct(operands), digit);

    int joined = Math.min(circuit.groups(), circuit.groupCount());
    if (joined > 1) {
      List<Double> p = new ArrayList<>(Collections.nCopies(joined - 1, q.get(0)));
      SuffixScan.run(p, noise::product);
      operands = result + log2(joined - 1);
      for (double selector : p) {
        operands = noise.sum(operands, noise.switched(selector, maskLevel, level));
      }
      result = noise.sum(noise.innerProduct(operands), result);
    }
    return new MatchPlan(level, noise.limit(level) - result);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
