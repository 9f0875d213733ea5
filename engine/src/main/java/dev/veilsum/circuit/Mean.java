package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import java.util.List;

/**
 * The mean of a column of real numbers, in every slot. One level, for the division by the count;
 * where the key holder can divide, {@link Sum} does without.
 *
 * @param count how many values the column has
 */
public record Mean(SlotSum slotSum, long count) implements Circuit {
  public Mean {
    if (count < 1) {
      throw new VeilsumException(ErrorCode.USAGE, "the mean of " + count + " values");
    }
  }

  public static Mean of(CkksParameters parameters, long count) {
    return new Mean(SlotSum.of(parameters), count);
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public KeyRequirements keys() {
    return slotSum.keys();
  }

  /** Evaluates it; slots that hold no value hold 0. The scale stays. */
  public <C extends AutoCloseable> C apply(Arithmetic<C, Double> arithmetic, List<C> column) {
    return scaledTotal(arithmetic, column, 1.0 / count);
  }

  /** The total times a constant, one level below. */
  <C extends AutoCloseable> C scaledTotal(
      Arithmetic<C, Double> arithmetic, List<C> column, double factor) {
    try (Scope scope = new Scope()) {
      C sum = scope.add(arithmetic.sum(column));
      C total = scope.add(slotSum.apply(arithmetic, sum));
      Form form = arithmetic.formOf(total);
      return arithmetic.combine(
          List.of(total), List.of(factor), 0.0, new Form(form.level() - 1, form.scale()));
    }
  }
}
