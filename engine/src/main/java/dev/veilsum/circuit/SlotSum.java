package dev.veilsum.circuit;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;

/**
 * The sum of all slots, in every slot: rotations by 1, 2, 4, ... of what has been summed so far,
 * and in BFV the swap of the two rows. No level.
 *
 * @param columns the slots of a row, a power of two
 * @param rows 1 or 2
 */
public record SlotSum(int columns, int rows) implements Circuit {
  /** Over all slots of a ciphertext. */
  public static SlotSum of(RlweParameters parameters) {
    return new SlotSum(parameters.ringDegree() / 2, parameters instanceof BfvParameters ? 2 : 1);
  }

  @Override
  public int depth() {
    return 0;
  }

  @Override
  public KeyRequirements keys() {
    KeyRequirements keys = KeyRequirements.none();
    for (int steps = 1; steps < columns; steps *= 2) {
      keys = keys.with(SwitchKey.rotation(steps));
    }
    return rows == 2 ? keys.with(SwitchKey.CONJUGATION) : keys;
  }

  /** Evaluates it. */
  public <C extends AutoCloseable, S> C apply(Arithmetic<C, S> arithmetic, C vector) {
    try (Scope scope = new Scope()) {
      C total = vector;
      for (int steps = 1; steps < columns; steps *= 2) {
        C rotated = scope.add(arithmetic.rotate(total, steps));
        total = scope.add(arithmetic.add(total, rotated));
      }
      if (rows == 2) {
        C swapped = scope.add(arithmetic.swapRows(total));
        total = scope.add(arithmetic.add(total, swapped));
      }
      return scope.keep(total);
    }
  }
}
