package dev.veilsum.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.VeilsumException;
import dev.veilsum.random.RandomStream;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Frequencies against the probabilities by definition. The streams have fixed seeds, so that every
 * run sees the same samples; with others, 8 standard deviations would be passed below 2^-49 each.
 */
class DiscreteGaussianTest {
  private static final double DEVIATIONS = 8;

  private final RandomStream random = RandomStream.ofSeed(new byte[32]);
  private final ExactCoin coin = new ExactCoin(random);

  @ParameterizedTest
  @CsvSource({
    "0, 7",
    "1, 3",
    "3, 3",
    "1, 2147483647", // about every second word leaves the choice open
    "2147483646, 2147483647",
    "1431655765, 2147483647",
    "2147483648, 2147483649",
    "1000000007, 2305843009213693951",
    "3074457345618258602, 4611686018427387903", // every fourth word does
    "1, 4611686018427387903",
    "4611686018427387902, 4611686018427387903"
  })
  void flipsHaveTheirProbability(long p, long q) {
    assertFrequency((double) p / q, () -> coin.flip(p, q));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 1",
    "1, 1000000",
    "5, 7",
    "7, 5",
    "31, 10",
    "3000000000000000000, 4000000000000000000",
    "4000000000000000000, 3000000000000000000"
  })
  void exponentialFlipsHaveTheirProbability(long p, long q) {
    assertFrequency(Math.exp(-(double) p / q), () -> coin.flipExp(p, q));
  }

  @Test
  void uniformIntegersAreUniform() {
    for (int bound : new int[] {1, 2, 3, 1000, (1 << 30) + 1, Integer.MAX_VALUE}) {
      int bins = Math.min(bound, 8);
      long[] found = new long[bins];
      int n = 1 << 17;
      for (int i = 0; i < n; i++) {
        int value = coin.below(bound);
        assertThat(value).isBetween(0, bound - 1);
        found[(int) ((long) value * bins / bound)]++;
      }
      for (long count : found) {
        assertThat((double) count)
            .isCloseTo((double) n / bins, within(spread(n, 1.0 / bins) + n / 1e3));
      }
    }
  }

  private static void assertFrequency(double probability, BooleanSupplier choice) {
    int n = 1 << 18;
    int found = 0;
    for (int i = 0; i < n; i++) {
      found += choice.getAsBoolean() ? 1 : 0;
    }
    assertThat((double) found).isCloseTo(n * probability, within(spread(n, probability)));
  }

  private static double spread(int n, double probability) {
    return DEVIATIONS * Math.sqrt(n * probability * (1 - probability)) + 1e-6;
  }

  @ParameterizedTest
  @CsvSource({"512, 10, 16", "1024, 10, 9", "1900, 10, 20", "17, 2, 40", "25, 0, 300", "3, 0, 2"})
  void samplesHaveTheirProbabilities(int numerator, int bits, long bound) {
    DiscreteGaussian gaussian = new DiscreteGaussian(new Sigma(numerator, bits), bound);
    double sigma = (double) numerator / (1 << bits);
    double total = 0;
    for (long x = -bound; x <= bound; x++) {
      total += Math.exp(-x * x / (2 * sigma * sigma));
    }
    int n = 1 << 19;
    long[] samples = new long[n];
    gaussian.sample(random, samples, 0, n);
    int[] found = new int[2 * (int) bound + 1];
    for (long sample : samples) {
      found[(int) (sample + bound)]++; // fails beyond the bound
    }
    for (int x = (int) -bound; x <= bound; x++) {
      double probability = Math.exp(-x * x / (2 * sigma * sigma)) / total;
      double expected = n * probability;
      // Where almost nothing is expected, the count is Poisson: 12 more are below 2^-40.
      assertThat((double) found[(int) (x + bound)])
          .isCloseTo(expected, within(spread(n, probability) + 12));
    }
  }

  @ParameterizedTest
  @CsvSource({"10000, 0", "67108864, 0", "1000000, 3"})
  void wideNoiseHasItsMoments(int numerator, int bits) {
    Sigma sigma = new Sigma(numerator, bits);
    DiscreteGaussian gaussian = new DiscreteGaussian(sigma, (long) (13 * sigma.value()));
    int n = 1 << 18;
    long[] samples = new long[n];
    gaussian.sample(random, samples, 0, n);
    double[] moments = new double[5];
    int within = 0;
    for (long sample : samples) {
      double x = sample / sigma.value();
      double power = 1;
      for (int k = 1; k <= 4; k++) {
        power *= x;
        moments[k] += power / n;
      }
      within += Math.abs(x) < 1 ? 1 : 0;
    }
    // The variances of the powers are 1, 2, 15 and 96.
    assertThat(moments[1]).isCloseTo(0, within(DEVIATIONS / Math.sqrt(n)));
    assertThat(moments[2]).isCloseTo(1, within(DEVIATIONS * Math.sqrt(2.0 / n)));
    assertThat(moments[3]).isCloseTo(0, within(DEVIATIONS * Math.sqrt(15.0 / n)));
    assertThat(moments[4]).isCloseTo(3, within(DEVIATIONS * Math.sqrt(96.0 / n)));
    assertThat((double) within).isCloseTo(0.682689492 * n, within(spread(n, 0.68) + n / 1e4));
  }

  @Test
  void tailsAreBoundedFromAbove() {
    double sigma = 3;
    double total = 0;
    for (int x = -300; x <= 300; x++) {
      total += Math.exp(-x * x / (2 * sigma * sigma));
    }
    for (int bound = 1; bound < 40; bound++) {
      double beyond = 0;
      for (int x = bound + 1; x <= 300; x++) {
        beyond += 2 * Math.exp(-x * x / (2 * sigma * sigma)) / total;
      }
      double claimed = new DiscreteGaussian(new Sigma(3, 0), bound).tail();
      assertThat(claimed).isBetween(beyond, 60 * beyond);
    }
  }

  @Test
  void sigmaIsRoundedUp() {
    assertThat(Sigma.atLeast(1.5)).isEqualTo(new Sigma(1536, 10));
    assertThat(Sigma.atLeast(1e6)).isEqualTo(new Sigma(64_000_000, 6));
    assertThat(Sigma.atLeast(1e7 / 3).value()).isBetween(1e7 / 3, 1e7 / 3 + 1);
    assertThat(Sigma.atLeast(1 << 26)).isEqualTo(new Sigma(1 << 26, 0));
    assertThatThrownBy(() -> Sigma.atLeast((1 << 26) + 1)).isInstanceOf(VeilsumException.class);
    assertThatThrownBy(() -> Sigma.atLeast(Double.NaN)).isInstanceOf(VeilsumException.class);
    assertThatThrownBy(() -> new DiscreteGaussian(new Sigma(100, 0), 1601))
        .isInstanceOf(VeilsumException.class);
  }
}
