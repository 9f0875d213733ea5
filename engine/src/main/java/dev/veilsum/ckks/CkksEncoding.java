package dev.veilsum.ckks;

/**
 * How values become a plaintext.
 *
 * @param bound the declared bound on the absolute value of every slot. It travels with ciphertexts
 *     in the clear, so it belongs to the column or the protocol: the largest of the values at hand
 *     must not be given away. A smaller bound leaves more room for what is computed
 * @param slots the period of the message, a power of two up to N/2; values beyond those given are 0
 * @param level the level of the plaintext, 0 to the parameters' maximum
 * @param scale the factor of the message: the absolute rounding error of a slot is about sqrt(N) /
 *     scale
 */
public record CkksEncoding(double bound, int slots, int level, double scale) {
  public CkksEncoding withBound(double newBound) {
    return new CkksEncoding(newBound, slots, level, scale);
  }

  public CkksEncoding withSlots(int newSlots) {
    return new CkksEncoding(bound, newSlots, level, scale);
  }

  public CkksEncoding atLevel(int newLevel) {
    return new CkksEncoding(bound, slots, newLevel, scale);
  }

  public CkksEncoding withScale(double newScale) {
    return new CkksEncoding(bound, slots, level, newScale);
  }
}
