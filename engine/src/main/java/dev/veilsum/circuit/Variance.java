package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import java.util.List;

/**
 * The variance of a column of real numbers, in every slot: sum v^2 / d - (sum v / sqrt(n d))^2. Two
 * levels. The two terms are of the size of the mean's square, so where that is far above the
 * variance its digits cancel: subtract a public guess of the mean before encrypting.
 *
 * @param count n, how many values the column has
 * @param divisor d: n for a whole population, n - 1 for a sample
 */
public record Variance(SlotSum slotSum, long count, long divisor) implements Circuit {
  public Variance {
    if (count < 1 || divisor < 1) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the variance of %d values, divided by %d".formatted(count, divisor));
    }
  }

  /** Of a whole population: divided by the count. */
  public static Variance ofPopulation(CkksParameters parameters, long count) {
    return new Variance(SlotSum.of(parameters), count, count);
  }

  /** Of a sample: divided by the count less one. */
  public static Variance ofSample(CkksParameters parameters, long count) {
    return new Variance(SlotSum.of(parameters), count, count - 1);
  }

  @Override
  public int depth() {
    return 2;
  }

  @Override
  public KeyRequirements keys() {
    return slotSum.keys().union(KeyRequirements.relinearization());
  }

  /** Evaluates it; slots that hold no value hold 0. */
  public <C extends AutoCloseable> C apply(Arithmetic<C, Double> arithmetic, List<C> column) {
    Mean mean = new Mean(slotSum, count);
    try (Scope scope = new Scope()) {
      double factor = 1 / Math.sqrt((double) count * divisor);
      C scaled = scope.add(mean.scaledTotal(arithmetic, column, factor));
      C meanTerm = scope.add(arithmetic.multiply(scaled, scaled));
      C squares = scope.add(arithmetic.innerProduct(column, column));
      C total = scope.add(slotSum.apply(arithmetic, squares));
      C squareTerm =
          scope.add(
              arithmetic.combine(
                  List.of(total), List.of(1.0 / divisor), 0.0, arithmetic.formOf(meanTerm)));
      return arithmetic.subtract(squareTerm, meanTerm);
    }
  }
}
