package dev.veilsum.ckks;

/**
 * How values become a plaintext.
 *
 * @param slots the period of the message, a power of two up to N/2; values beyond those given are 0
 * @param level the level of the plaintext, 0 to the parameters' maximum
 * @param scale the factor of the message: the absolute rounding error of a slot is about
 *     sqrt(N) / scale
 */
public record CkksEncoding(int slots, int level, double scale) {
  public CkksEncoding withSlots(int newSlots) {
    return new CkksEncoding(newSlots, level, scale);
  }

  public CkksEncoding atLevel(int newLevel) {
    return new CkksEncoding(slots, newLevel, scale);
  }

  public CkksEncoding withScale(double newScale) {
    return new CkksEncoding(slots, level, newScale);
  }
}
