package dev.veilsum.params;

/**
 * The noise of BFV before anything is encrypted: log2 of the bounds that the core will state, or a
 * little above them, in units of w in c_0 + c_1 s = (Q / t) m + w. With them a circuit says
 * beforehand whether it fits, and what will be left.
 *
 * <p>The bounds are those of the core (canonical embedding, failure below 2^-64), but for the norm
 * of c_1, which the core measures and which is bounded here.
 */
public final class BfvNoise {
  private static final double TAIL = 8.0;

  private final BfvParameters parameters;
  private final NoiseEstimate estimate;
  private final double logT;
  private final double phase;
  private final double rounding2;

  public BfvNoise(BfvParameters parameters) {
    this.parameters = parameters;
    this.estimate = new NoiseEstimate(parameters.ringDegree());
    this.logT = log2(parameters.plainModulus());
    double n = parameters.ringDegree();
    double unit = 1 / Math.sin(Math.PI / (2 * n)); // a polynomial with coefficients of at most 1
    double tail = Math.log(n / 2) + 12;
    double secret = Math.sqrt(n * 2 / 3 * tail);
    this.phase = log2(unit / 2 + (Math.sqrt(n / 12 * tail) + 3) * secret);
    this.rounding2 =
        NoiseEstimate.sum(estimate.rounding(), log2(TAIL * Math.sqrt(n / 12) * secret * secret));
  }

  /** A fresh encryption with the public key: the larger of the two kinds. */
  public double fresh() {
    return estimate.fresh();
  }

  /** A product with its relinearization. */
  public double product(double a, double b) {
    return innerProduct(NoiseEstimate.sum(a, b));
  }

  /**
   * A sum of products with one relinearization.
   *
   * @param operands the {@link #sum} over all operands on both sides
   */
  public double innerProduct(double operands) {
    double tensors = NoiseEstimate.sum(logT + phase + operands, rounding2);
    return NoiseEstimate.sum(tensors, estimate.keySwitch());
  }

  /** A sum or difference. */
  public double sum(double a, double b) {
    return NoiseEstimate.sum(a, b);
  }

  /** After modulus switching from one level to a lower one. */
  public double switched(double noise, int from, int to) {
    return from == to
        ? noise
        : NoiseEstimate.sum(
            noise - parameters.logQ(from) + parameters.logQ(to), estimate.rounding());
  }

  /** What the noise must stay below at a level: log2(Q / 2t). */
  public double limit(int level) {
    return parameters.logQ(level) - 1 - logT;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
