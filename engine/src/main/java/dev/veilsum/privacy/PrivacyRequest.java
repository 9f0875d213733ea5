package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * What a private sum is to be, and the solver of its {@link PrivacyParameters}. All clients of a
 * round give the same.
 *
 * @param norm C: updates are clipped to this L2 norm, all tensors together; above 0
 * @param noise the noise multiplier z: the standard deviation of all clients' noise together is z
 *     times the sensitivity of the sum of integers; above 0
 * @param clients how many clients at least add noise to every sum that is decrypted, and keep it to
 *     themselves; 1 to 2^20
 * @param numbers d, the elements of all tensors, 1 to 2^40
 * @param bits b of the integers that are encrypted, 2 to 32
 */
public record PrivacyRequest(double norm, double noise, int clients, long numbers, int bits) {
  /** Refuses what is beyond the ranges: OUT_OF_RANGE. */
  public PrivacyRequest {
    requireReal("norm", norm);
    requireReal("noise multiplier", noise);
    RoundCost.requireRange("clients", clients, RoundCost.MAX_CLIENTS);
    RoundCost.requireRange("numbers", numbers, RoundCost.MAX_NUMBERS);
    if (bits < 2 || bits > 32) {
      throw new VeilsumException(ErrorCode.OUT_OF_RANGE, bits + " bits; 2 to 32");
    }
  }

  private static void requireReal(String what, double value) {
    if (!(value >= 0x1p-60 && value <= 0x1p60)) { // NaN too
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a %s of %s; 2^-60 to 2^60".formatted(what, value));
    }
  }

  /**
   * The parameters with a given clip, the one that updates are declared with: integers stand for
   * multiples of 2 clip / (2^b - 1). What the noise may take of their range, numbers may not.
   *
   * @throws VeilsumException OUT_OF_RANGE where that leaves no range for numbers
   */
  public PrivacyParameters withClip(double clip) {
    requireReal("clip", clip);
    return PrivacyParameters.of(this, clip);
  }

  /**
   * The parameters with the least clip, and so the finest steps, at which no number of an update of
   * norm C is cut.
   *
   * @throws VeilsumException OUT_OF_RANGE where so few bits do not hold the noise of so many
   *     numbers
   */
  public PrivacyParameters solve() {
    double steps = Math.scalb(1.0, bits) - 1;
    // Bisection over the clip; in units of the integers, noise and numbers both shrink with it.
    double high = norm * steps / 2;
    if (!fits(high)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "integers of %d bits do not hold the noise that %d numbers need from each of %d clients:"
                  .formatted(bits, numbers, clients)
              + " take more bits, less noise or more clients");
    }
    double low = norm / 2; // numbers alone take the whole range
    for (int i = 0; i < 100; i++) {
      double middle = low + (high - low) / 2;
      if (fits(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return withClip(high);
  }

  private boolean fits(double clip) {
    try {
      long integers = (long) Math.ceil(norm * PrivacyParameters.scale(this, clip));
      return integers <= PrivacyParameters.valueLimit(this, clip);
    } catch (VeilsumException e) {
      return false; // steps so fine that the noise is beyond all ranges
    }
  }
}
