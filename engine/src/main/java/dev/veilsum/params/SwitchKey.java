package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * Names one key-switching key of a parameter set: the one that relinearizes (from s^2 to s), or the
 * Galois key of a rotation or of the conjugation (CKKS) and row swap (BFV).
 *
 * @param kind what the key switches
 * @param steps for {@link Kind#ROTATION}, the slots to the left, never 0, in (-N/2, N/2); otherwise
 *     0
 */
public record SwitchKey(Kind kind, int steps) implements Comparable<SwitchKey> {
  /** What a key switches. The order is the order in files. */
  public enum Kind {
    RELINEARIZATION,
    /** Galois element 2N - 1: complex conjugation in CKKS, swap of the two rows in BFV. */
    CONJUGATION,
    /** Galois element 3^steps mod 2N: all slots (CKKS) or both rows (BFV), to the left. */
    ROTATION
  }

  public static final SwitchKey RELINEARIZATION = new SwitchKey(Kind.RELINEARIZATION, 0);
  public static final SwitchKey CONJUGATION = new SwitchKey(Kind.CONJUGATION, 0);

  public SwitchKey {
    if ((kind == Kind.ROTATION) == (steps == 0)) {
      throw new VeilsumException(
          ErrorCode.USAGE, kind + " key with " + steps + " steps: only rotations have steps");
    }
  }

  /** The Galois key of a rotation by {@code steps} slots to the left; negative is to the right. */
  public static SwitchKey rotation(int steps) {
    return new SwitchKey(Kind.ROTATION, steps);
  }

  @Override
  public int compareTo(SwitchKey other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : Integer.compare(steps, other.steps);
  }

  @Override
  public String toString() {
    return kind == Kind.ROTATION ? "rotation by " + steps : kind.name().toLowerCase();
  }
}
