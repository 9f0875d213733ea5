package dev.veilsum.params;

/**
 * log2 of the noise bounds that the core works with, as a function of the ring degree, for sizing
 * parameters before anything is encrypted: a ternary secret, centred binomial noise of variance
 * 10.5, bounds in the canonical embedding that fail with a probability below 2^-64. What a backend
 * then computes with is its own bound; these are within a bit above it.
 */
final class NoiseEstimate {
  private final double logDegree;

  NoiseEstimate(int ringDegree) {
    this.logDegree = Integer.numberOfTrailingZeros(ringDegree);
  }

  /** Encryption with the public key: 34.6 N sqrt(10.5 * 2/3), and the small e_0. */
  double fresh() {
    return logDegree + 6.6;
  }

  /** A rounding (r_0, r_1) of a ciphertext: 33 N sqrt(1/18), and the small r_0. */
  double rounding() {
    return logDegree + 3.0;
  }

  /** A key switch whose digits are at most P, up to 20 digits: 54 N sqrt(10.5 / 12). */
  double keySwitch() {
    return logDegree + 5.7;
  }

  /** log2(2^a + 2^b). */
  static double sum(double a, double b) {
    double high = Math.max(a, b);
    return high + Math.log1p(Math.pow(2, Math.min(a, b) - high)) / Math.log(2);
  }
}
