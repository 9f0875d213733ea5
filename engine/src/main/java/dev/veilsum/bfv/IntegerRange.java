package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.BfvParameters;
import java.math.BigInteger;

/**
 * The public range of the integers in every slot of a plaintext or ciphertext. Evaluation works it
 * out by interval arithmetic, and refuses what could pass the range of t: a result with a range is
 * the exact integer result, not only its residue.
 *
 * @param min the smallest integer a slot can hold
 * @param max the largest, at least {@code min}
 */
public record IntegerRange(BigInteger min, BigInteger max) {
  public static final IntegerRange BITS = of(0, 1);

  public IntegerRange {
    if (min.compareTo(max) > 0) {
      throw new VeilsumException(ErrorCode.USAGE, "the range %s..%s is empty".formatted(min, max));
    }
  }

  public static IntegerRange of(long min, long max) {
    return new IntegerRange(BigInteger.valueOf(min), BigInteger.valueOf(max));
  }

  /** All of [-t/2, t/2). */
  public static IntegerRange all(BfvParameters parameters) {
    return of(parameters.minValue(), parameters.maxValue());
  }

  public boolean contains(long value) {
    BigInteger v = BigInteger.valueOf(value);
    return min.compareTo(v) <= 0 && v.compareTo(max) <= 0;
  }

  /** The smallest range that holds this one and 0: that of a vector with empty slots. */
  public IntegerRange withZero() {
    return new IntegerRange(min.min(BigInteger.ZERO), max.max(BigInteger.ZERO));
  }

  public IntegerRange plus(IntegerRange other) {
    return new IntegerRange(min.add(other.min), max.add(other.max));
  }

  public IntegerRange negated() {
    return new IntegerRange(max.negate(), min.negate());
  }

  public IntegerRange minus(IntegerRange other) {
    return plus(other.negated());
  }

  public IntegerRange times(IntegerRange other) {
    BigInteger a = min.multiply(other.min);
    BigInteger b = min.multiply(other.max);
    BigInteger c = max.multiply(other.min);
    BigInteger d = max.multiply(other.max);
    return new IntegerRange(a.min(b).min(c.min(d)), a.max(b).max(c.max(d)));
  }

  /** The range of a square: tighter than {@code times(this)} where 0 is inside. */
  public IntegerRange squared() {
    BigInteger a = min.multiply(min);
    BigInteger b = max.multiply(max);
    boolean zeroInside = min.signum() <= 0 && max.signum() >= 0;
    return new IntegerRange(zeroInside ? BigInteger.ZERO : a.min(b), a.max(b));
  }

  /** The range of the sum of {@code count} integers of this range. */
  public IntegerRange times(long count) {
    return times(of(count, count));
  }

  /** Throws {@code OUT_OF_RANGE} with the numbers where an integer could wrap modulo t. */
  public IntegerRange requireWithin(BfvParameters parameters, String operation) {
    BigInteger low = BigInteger.valueOf(parameters.minValue());
    BigInteger high = BigInteger.valueOf(parameters.maxValue());
    if (min.compareTo(low) < 0 || max.compareTo(high) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          ("%s: the result could reach %s..%s, and t = %d holds %s..%s: declare a smaller range, "
                  + "work on fewer rows at once, or take a larger t")
              .formatted(operation, min, max, parameters.plainModulus(), low, high));
    }
    return this;
  }

  @Override
  public String toString() {
    return min + ".." + max;
  }
}
