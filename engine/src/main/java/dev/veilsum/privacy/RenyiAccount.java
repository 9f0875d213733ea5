package dev.veilsum.privacy;

import java.util.Arrays;
import java.util.List;

/**
 * The privacy that rounds have cost together, by Renyi differential privacy (Mironov, arXiv
 * 1702.07476): divergences of each order add up over rounds, whatever later rounds take from
 * earlier ones. Every round counts in full: nothing is claimed for clients being sampled at random.
 * Immutable.
 */
public final class RenyiAccount {
  /** Orders alpha, from those that suit much noise and few rounds down to those near one. */
  private static final double[] ORDERS = orders();

  private final double[] divergences;
  private final double cut;

  private RenyiAccount(double[] divergences, double cut) {
    this.divergences = divergences;
    this.cut = cut;
  }

  private static double[] orders() {
    // alpha - 1 = 2^(k/16) from 2^-7 to 2^14: neighbours are 4 % apart.
    double[] orders = new double[21 * 16 + 1];
    for (int k = 0; k < orders.length; k++) {
      orders[k] = 1 + Math.exp((k / 16.0 - 7) * Math.log(2));
    }
    return orders;
  }

  /** Of no rounds. */
  public static RenyiAccount empty() {
    return new RenyiAccount(new double[ORDERS.length], 0);
  }

  /** Of these rounds. */
  public static RenyiAccount of(List<RoundCost> rounds) {
    RenyiAccount account = empty();
    for (RoundCost round : rounds) {
      account = account.plus(round, 1);
    }
    return account;
  }

  /** With {@code times} more rounds of one cost. */
  public RenyiAccount plus(RoundCost round, long times) {
    double[] sum = round.renyi(ORDERS);
    for (int i = 0; i < sum.length; i++) {
      sum[i] = divergences[i] + times * sum[i];
    }
    return new RenyiAccount(sum, cut + times * round.cut());
  }

  /**
   * The least epsilon that is known for this delta: with and without one client's part, every event
   * has probabilities p and p' with p <= exp(epsilon) p' + delta. Infinite where none is known.
   *
   * <p>The cut tails take (1 + exp(epsilon)) times their probability out of delta; what remains is
   * for the conversion, which is done again with less of delta until that fits. The floating-point
   * errors of all this are far below the part in 10^9 that is added.
   *
   * @param delta above 0, below 1
   */
  public double epsilon(double delta) {
    double epsilon = 0;
    while (true) {
      double left = delta - (1 + Math.exp(epsilon)) * cut;
      if (!(left > 0)) {
        return Double.POSITIVE_INFINITY;
      }
      double next = converted(left);
      if (next <= epsilon) {
        return epsilon;
      }
      epsilon = next * (1 + 1e-9);
    }
  }

  /**
   * From divergences to epsilon: Canonne, Kamath and Steinke, arXiv 2004.00010, Proposition 12:
   * delta = exp((alpha - 1) (divergence - epsilon)) (1 - 1 / alpha)^alpha / (alpha - 1), solved for
   * epsilon; the best order counts.
   */
  private double converted(double delta) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ORDERS.length; i++) {
      double alpha = ORDERS[i];
      double epsilon =
          divergences[i] + Math.log1p(-1 / alpha) - Math.log(delta * alpha) / (alpha - 1);
      least = Math.min(least, Math.max(0, epsilon));
    }
    return Arrays.stream(divergences).allMatch(d -> d == 0) ? 0 : least;
  }
}
