package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums all slots of a ciphertext into every slot, with few keys. Digit by digit in base {@link
 * #RADIX}: Horner's rule x + r(x + r(x + ...)) with one rotation r, RADIX - 1 times, sums RADIX
 * neighbours; then the same with r of RADIX times the steps. So three Galois keys fold 4096 slots
 * in 45 rotations, where powers of two would take twelve keys: a table carries its keys, and is
 * folded once.
 */
final class SlotFold {
  private static final int RADIX = 16;

  private SlotFold() {}

  /** The keys that {@link #fold} takes for these parameters. */
  static KeyRequirements requirements(RlweParameters parameters) {
    KeyRequirements keys = KeyRequirements.none();
    for (Digit digit : digits(rowLength(parameters))) {
      keys = keys.with(SwitchKey.rotation(digit.steps()));
    }
    return hasTwoRows(parameters) ? keys.with(SwitchKey.CONJUGATION) : keys;
  }

  /** How many rotations one {@link #fold} takes. */
  static int rotations(RlweParameters parameters) {
    int steps = digits(rowLength(parameters)).stream().mapToInt(digit -> digit.count() - 1).sum();
    return hasTwoRows(parameters) ? steps + 1 : steps;
  }

  /** A new ciphertext, each of whose slots holds the sum of all slots of {@code c} (degree 1). */
  static Reference.Ciphertext fold(
      SchemeBackend scheme, Reference.Ciphertext c, Reference.EvaluationKeys keys) {
    Reference.Ciphertext sum = scheme.sum(List.of(c));
    for (Digit digit : digits(rowLength(scheme.parameters()))) {
      try (Reference.Ciphertext terms = sum) {
        sum = sumNeighbours(scheme, terms, digit, keys);
      }
    }
    if (hasTwoRows(scheme.parameters())) {
      try (Reference.Ciphertext row = sum;
          Reference.Ciphertext other = scheme.conjugate(row, keys)) {
        sum = scheme.add(row, other);
      }
    }
    return sum;
  }

  /** Slot i of the result is the sum of the slots i, i + steps, ..., i + (count - 1) steps. */
  private static Reference.Ciphertext sumNeighbours(
      SchemeBackend scheme,
      Reference.Ciphertext terms,
      Digit digit,
      Reference.EvaluationKeys keys) {
    Reference.Ciphertext sum = scheme.sum(List.of(terms));
    for (int i = 1; i < digit.count(); i++) {
      try (Reference.Ciphertext partial = sum;
          Reference.Ciphertext rotated = scheme.rotate(partial, digit.steps(), keys)) {
        sum = scheme.add(rotated, terms);
      }
    }
    return sum;
  }

  /** {@code count} terms, {@code steps} slots apart. */
  private record Digit(int steps, int count) {}

  private static List<Digit> digits(int slots) {
    List<Digit> digits = new ArrayList<>();
    for (int steps = 1; steps < slots; steps *= RADIX) {
      digits.add(new Digit(steps, Math.min(RADIX, slots / steps)));
    }
    return digits;
  }

  /** Both schemes rotate rows of N/2 slots; BFV has two. */
  private static int rowLength(RlweParameters parameters) {
    return parameters.ringDegree() / 2;
  }

  private static boolean hasTwoRows(RlweParameters parameters) {
    return parameters instanceof BfvParameters;
  }
}
