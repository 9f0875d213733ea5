package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.params.BfvNoise;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.BgvNoise;
import dev.veilsum.params.IntegerNoise;
import dev.veilsum.params.IntegerNoise.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a {@link SortedMatch} takes of noise, by bounds, before it runs.
 *
 * @param level where values are selected: digits are switched down to it, and best encrypted there
 * @param budgetBits that will be left in the result; below 0 it does not fit
 */
public record MatchPlan(int level, double budgetBits) {
  /** Bits that the selection keeps where it can: bounds before the fact are a little off. */
  private static final double MARGIN_BITS = 4;

  static IntegerNoise noiseOf(BfvParameters parameters, IntegerScheme scheme) {
    return switch (scheme) {
      case BFV -> new BfvNoise(parameters);
      case BGV -> new BgvNoise(parameters);
    };
  }

  /** The lowest level that keeps the margin, or else the one that keeps the most. */
  static MatchPlan of(SortedMatch circuit, IntegerNoise noise, Bound mask) {
    MatchPlan best = at(circuit, noise, mask, 0);
    for (int level = 1; level <= mask.level() && best.budgetBits < MARGIN_BITS; level++) {
      MatchPlan plan = at(circuit, noise, mask, level);
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

  /** Follows the circuit's largest group and span; the least budget on the way counts. */
  private static MatchPlan at(SortedMatch circuit, IntegerNoise noise, Bound mask, int level) {
    int n = Math.min(circuit.groupLayers(), circuit.layers());
    List<Bound> q = new ArrayList<>(Collections.nCopies(n, mask));
    SuffixScan.run(q, noise::product);
    double least = noise.budget(q.get(0));
    Bound digit = noise.fresh(level);
    List<Bound> steps = Collections.nCopies(n, noise.sum(digit, digit));
    Bound result =
        noise.sum(
            noise.innerProduct(q.stream().map(c -> noise.switched(c, level)).toList(), steps),
            digit);

    int joined = Math.min(circuit.groups(), circuit.groupCount());
    if (joined > 1) {
      least = Math.min(least, noise.budget(result));
      List<Bound> p = new ArrayList<>(Collections.nCopies(joined - 1, q.get(0)));
      SuffixScan.run(p, noise::product);
      least = Math.min(least, noise.budget(p.get(0)));
      int at = result.level();
      Bound others =
          noise.innerProduct(
              Collections.nCopies(joined - 1, result),
              p.stream().map(c -> noise.switched(c, at)).toList());
      result = noise.sum(others, result);
    }
    return new MatchPlan(level, Math.min(least, noise.budget(result)));
  }
}
