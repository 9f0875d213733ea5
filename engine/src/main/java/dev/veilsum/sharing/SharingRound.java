package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * What all clients and parties of a round agree on. Sums are exact, for |sum| <= bound clients is
 * below half the prime.
 *
 * @param name the round's name, 1 to 64 characters
 * @param parties n, who hold shares; numbered 1 to n; 2 to 255
 * @param length of the vectors, at least 1
 * @param bound the largest absolute value of a client's integer, at least 1
 * @param clients the most clients whose vectors are added up, at least 1
 */
public record SharingRound(String name, int parties, int length, long bound, int clients) {
  /** The most parties of a round. */
  public static final int MAX_PARTIES = 255;

  /** Checks all of it: BAD_INPUT for names, OUT_OF_RANGE for numbers. */
  public SharingRound {
    requireName("round", name);
    requireRange("parties", parties, 2, MAX_PARTIES);
    requireRange("vectors of length", length, 1, Integer.MAX_VALUE - 8);
    requireRange("integers up to", bound, 1, PrimeField.P / 2);
    requireRange("clients", clients, 1, Integer.MAX_VALUE);
    if (bound > PrimeField.P / 2 / clients) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d clients with integers up to %d: their sum could pass 2^60; take a smaller bound"
              .formatted(clients, bound));
    }
  }

  static void requireRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "%s: %d, not %d..%d".formatted(what, value, min, max));
    }
  }

  static void requireName(String what, String name) {
    if (name.isBlank() || name.codePointCount(0, name.length()) > 64) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "a %s's name has 1 to 64 characters, not \"%s\"".formatted(what, name));
    }
  }

  /** Residues of a client's integers: USAGE for another length, OUT_OF_RANGE beyond the bound. */
  long[] residues(long[] values) {
    if (values.length != length) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d integers for a round of vectors of length %d".formatted(values.length, length));
    }
    long[] residues = new long[length];
    long beyond = 0; // its sign is set where a value is beyond; where, is looked for only then
    for (int i = 0; i < length; i++) {
      beyond |= (bound - values[i]) & ~values[i] | (values[i] + bound) & values[i];
      residues[i] = PrimeField.ofSigned(values[i]);
    }
    if (beyond < 0) {
      throw beyondBound(values);
    }
    return residues;
  }

  private VeilsumException beyondBound(long[] values) {
    int i = 0;
    while (values[i] >= -bound && values[i] <= bound) {
      i++;
    }
    return new VeilsumException(
        ErrorCode.OUT_OF_RANGE,
        "integer %d is beyond the declared bound of %d".formatted(i, bound));
  }
}
