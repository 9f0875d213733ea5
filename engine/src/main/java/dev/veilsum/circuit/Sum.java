package dev.veilsum.circuit;

import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import java.util.List;

/** The total of a column that is spread over many vectors, in every slot of one. No level. */
public record Sum(SlotSum slotSum) implements Circuit {
  public static Sum of(RlweParameters parameters) {
    return new Sum(SlotSum.of(parameters));
  }

  @Override
  public int depth() {
    return 0;
  }

  @Override
  public KeyRequirements keys() {
    return slotSum.keys();
  }

  /** Evaluates it; slots that hold no value hold 0. */
  public <C extends AutoCloseable, S> C apply(Arithmetic<C, S> arithmetic, List<C> column) {
    try (Scope scope = new Scope()) {
      return slotSum.apply(arithmetic, scope.add(arithmetic.sum(column)));
    }
  }
}
