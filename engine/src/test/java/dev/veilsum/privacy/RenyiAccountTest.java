package dev.veilsum.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The account against divergences and privacy curves that are summed up from their definitions. */
class RenyiAccountTest {
  /** One client, noise so wide that it is all but continuous, of this multiplier. */
  private static RoundCost gaussian(double multiplier) {
    Sigma sigma = Sigma.atLeast(10_000 * multiplier);
    return new RoundCost(1, 1, 100_000_000, sigma, (long) (13 * sigma.value()));
  }

  /** delta of a Gaussian at distance 1 of N(0, multiplier^2), integrated by Simpson's rule. */
  private static double deltaOfGaussian(double multiplier, double epsilon) {
    int steps = 200_000;
    double from = -40 * multiplier;
    double width = (80 * multiplier + 1) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double x = from + i * width;
      double p = Math.exp(-(x - 1) * (x - 1) / (2 * multiplier * multiplier));
      double q = Math.exp(-x * x / (2 * multiplier * multiplier));
      double beyond = Math.max(0, p - Math.exp(epsilon) * q);
      sum += beyond * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return sum * width / 3 / (multiplier * Math.sqrt(2 * Math.PI));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1", "1, 1", "1, 25", "2, 10", "4, 1", "4, 300", "20, 500", "100, 1"})
  void gaussiansAreCountedFromAboveAndTightly(double multiplier, int rounds) {
    // Gaussian rounds compose to one with less noise (Dong, Roth, Su, arXiv 1905.02383).
    double together = multiplier / Math.sqrt(rounds);
    for (double delta : new double[] {1e-3, 1e-5, 1e-9}) {
      double claimed = RenyiAccount.empty().plus(gaussian(multiplier), rounds).epsilon(delta);
      assertThat(deltaOfGaussian(together, claimed)).isLessThanOrEqualTo(delta);
      // By Renyi divergences, epsilon comes out a few percent above the least there is.
      assertThat(deltaOfGaussian(together, 0.85 * claimed - 0.01)).isGreaterThan(delta);
    }
  }

  @Test
  void aKnownValue() {
    // rho = 1/2: the well-known rho + 2 sqrt(rho ln(1 / delta)) is 5.2985; the curve itself 4.3776.
    double epsilon = RenyiAccount.empty().plus(gaussian(1), 1).epsilon(1e-5);
    assertThat(epsilon).isBetween(4.3776, 0.5 + 2 * Math.sqrt(0.5 * Math.log(1e5)));
    assertThat(deltaOfGaussian(1, 4.3776)).isCloseTo(1e-5, within(5e-8));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 512, 10, 1",
    "1, 1, 0, 2",
    "2, 512, 10, 1",
    "3, 600, 10, 2",
    "5, 1, 0, 3",
    "4, 3, 0, 5"
  })
  void sumsOfNoiseDivergeByLessThanTheBound(int clients, int numerator, int bits, int shift) {
    Sigma sigma = new Sigma(numerator, bits);
    int reach = 150;
    double[] one = new double[2 * reach + 1];
    for (int x = -reach; x <= reach; x++) {
      one[x + reach] = Math.exp(-x * x / (2 * sigma.value() * sigma.value()));
    }
    double[] sum = one;
    for (int k = 1; k < clients; k++) {
      sum = convolved(sum, one, reach);
    }
    double total = 0;
    for (double p : sum) {
      total += p;
    }
    double[] orders = {1.5, 2, 4, 10};
    double[] bounds = new RoundCost(1, clients, (long) shift * shift, sigma, 16).renyi(orders);
    for (int i = 0; i < orders.length; i++) {
      double moment = 0;
      for (int x = -60; x <= 60; x++) {
        double p = sum[x - shift + reach] / total;
        double q = sum[x + reach] / total;
        moment += p == 0 || q == 0 ? 0 : p * Math.pow(p / q, orders[i] - 1);
      }
      double divergence = Math.log(moment) / (orders[i] - 1);
      assertThat(divergence).isLessThanOrEqualTo(bounds[i] * (1 + 1e-9));
      // What is lost is at most tau, which is large for so little noise.
      double gaussian = orders[i] * shift * shift / (2 * sigma.value() * sigma.value() * clients);
      assertThat(divergence).isGreaterThan(0.6 * gaussian);
    }
  }

  private static double[] convolved(double[] a, double[] b, int reach) {
    double[] sum = new double[a.length];
    for (int x = -reach; x <= reach; x++) {
      for (int y = Math.max(-reach, x - reach); y <= Math.min(reach, x + reach); y++) {
        sum[x + reach] += a[y + reach] * b[x - y + reach];
      }
    }
    return sum;
  }

  @Test
  void moreNoiseCostsLessAndMoreRoundsCostMore() {
    double before = Double.POSITIVE_INFINITY;
    for (double multiplier = 0.25; multiplier < 300; multiplier *= 1.5) {
      double epsilon = RenyiAccount.empty().plus(gaussian(multiplier), 1).epsilon(1e-6);
      assertThat(epsilon).isLessThan(before);
      before = epsilon;
    }
    before = 0;
    for (int rounds = 1; rounds < 10_000; rounds *= 2) {
      RenyiAccount account = RenyiAccount.empty().plus(gaussian(30), rounds);
      assertThat(account.epsilon(1e-6)).isGreaterThan(before);
      assertThat(account.epsilon(1e-7)).isGreaterThan(account.epsilon(1e-6));
      before = account.epsilon(1e-6);
    }
    assertThat(RenyiAccount.empty().epsilon(1e-6)).isZero();
  }

  @Test
  void cutTailsAreTakenFromDelta() {
    Sigma sigma = new Sigma(100, 0);
    RoundCost wide = new RoundCost(1000, 10, 100_000, sigma, 1400);
    RoundCost narrow = new RoundCost(1000, 10, 100_000, sigma, 700); // 7 sigma: 5e-7 in all
    assertThat(narrow.cut()).isBetween(4e-7, 6e-7);
    assertThat(RenyiAccount.empty().plus(wide, 1).epsilon(1e-5))
        .isLessThan(RenyiAccount.empty().plus(narrow, 1).epsilon(1e-5));
    assertThat(RenyiAccount.empty().plus(narrow, 1).epsilon(1e-7)).isInfinite();
    assertThat(RenyiAccount.empty().plus(narrow, 1_000_000).epsilon(1e-5)).isInfinite();
  }

  @Test
  void unevenSumsCostMore() {
    // A million numbers with noise of sigma 1 from each client: tau d is no longer small.
    RoundCost fine = new RoundCost(1_000_000, 4, 400, new Sigma(20, 0), 300);
    RoundCost coarse = new RoundCost(1_000_000, 4, 1, new Sigma(1, 0), 16);
    assertThat(fine.unevenness()).isZero();
    double sum = 0;
    for (int k = 1; k < 100_000; k++) {
      sum += 10 * Math.exp(-2 * Math.PI * Math.PI * k / (k + 1.0));
    }
    RoundCost many = new RoundCost(10, 100_000, 1, new Sigma(1, 0), 16);
    assertThat(many.unevenness()).isBetween(sum, 1.03 * sum);
    assertThat(coarse.unevenness()).isBetween(10 * Math.exp(-9.9), 11 * Math.exp(-9.8));
    assertThat(RenyiAccount.empty().plus(coarse, 1).epsilon(1e-5))
        .isGreaterThan(2 * RenyiAccount.empty().plus(fine, 1).epsilon(1e-5));
  }

  @Test
  void noiseThatIsTooNarrowIsRefused() {
    assertThatThrownBy(() -> new RoundCost(10, 10, 10, new Sigma(511, 10), 5))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE));
  }
}
