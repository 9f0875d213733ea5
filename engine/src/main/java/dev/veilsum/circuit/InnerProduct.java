package dev.veilsum.circuit;

import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import java.util.List;

/** sum a_i b_i over two columns, in every slot. One level, one relinearization. */
public record InnerProduct(SlotSum slotSum) implements Circuit {
  public static InnerProduct of(RlweParameters parameters) {
    return new InnerProduct(SlotSum.of(parameters));
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public KeyRequirements keys() {
    return slotSum.keys().union(KeyRequirements.relinearization());
  }

  /** Evaluates it over columns of the same length. */
  public <C extends AutoCloseable, S> C apply(Arithmetic<C, S> arithmetic, List<C> a, List<C> b) {
    try (Scope scope = new Scope()) {
      return slotSum.apply(arithmetic, scope.add(arithmetic.innerProduct(a, b)));
    }
  }
}
