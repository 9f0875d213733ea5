package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  private static final Effort TINY = new Effort(3, 1, 1);

  /** A machine whose speed jumps by 20% from block to block, and an arm that costs 3% more. */
  @Test
  void aDifferenceIsFoundInNoise() {
    Random random = new Random(1);
    double[] noise = {1};
    Arm fast = times -> (long) (times * 1_000_000 * noise[0]);
    Arm slow =
        times -> {
          noise[0] = Math.exp(0.2 * random.nextGaussian());
          return (long) (times * 1_030_000 * noise[0]);
        };
    Comparison row =
        Comparison.measure("p", 8, new Operation("x", slow, fast), new Effort(201, 1_000_000, 1));
    assertThat(row.ratio().median()).isCloseTo(1.03, within(0.03));
    assertThat(row.ratio().low()).isLessThanOrEqualTo(row.ratio().median());
    assertThat(row.ratio().high()).isGreaterThanOrEqualTo(row.ratio().median());
    assertThat(row.same().median()).isCloseTo(1, within(1e-3));
  }

  @Test
  void theVerdictFollowsTheInterval() {
    assertThat(row(2e5, 1.001, 1.019).verdict()).isEqualTo("holds");
    assertThat(row(2e5, 1.001, 1.021).verdict()).isEqualTo("open");
    assertThat(row(2e5, 1.021, 1.030).verdict()).isEqualTo("fails");
    assertThat(row(9e4, 1.5, 1.6).verdict()).isEmpty();
  }

  private static Comparison row(double nanos, double low, double high) {
    PairedRatio ratio = new PairedRatio((low + high) / 2, low, high);
    return new Comparison("p", 8, "x", nanos, nanos, ratio, ratio);
  }

  @Test
  void theMedianOfPairsHasAnInterval() {
    PairedRatio same = PairedRatio.ofLogarithms(new double[] {0.5, 0.5, 0.5});
    assertThat(same.low()).isEqualTo(same.high()).isEqualTo(Math.exp(0.5));
    PairedRatio spread = PairedRatio.ofLogarithms(new Random(2).doubles(101, -1, 1).toArray());
    assertThat(spread.low()).isBetween(0.6, spread.median());
    assertThat(spread.high()).isBetween(spread.median(), 1.6);
    assertThat(PairedRatio.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }

  /** Its parameters are allowed, and their products right. */
  @Test
  void allOperationsWarmUp() {
    WarmUp.run(1);
  }

  /** The set-up checks that products are right. */
  @ParameterizedTest
  @ValueSource(strings = {"ckks-8192", "bfv-8192"})
  void allOperationsAreCompared(String preset) {
    List<Comparison> rows = new ArrayList<>();
    JavaAgainstNative.compare(preset, List.of(""), TINY, rows::add);
    assertThat(rows).hasSizeGreaterThanOrEqualTo(8);
    assertThat(rows).extracting(Comparison::operation).doesNotHaveDuplicates();
    assertThat(rows).allMatch(row -> row.javaNanos() > 0 && row.nativeNanos() > 0);
    assertThat(rows).allMatch(row -> row.n() == 8192 && row.ratio().low() > 0);
    assertThat(rows).allMatch(row -> row.json().startsWith("{") && row.json().endsWith("}"));

    List<Comparison> some = new ArrayList<>();
    JavaAgainstNative.compare(preset, List.of("encode", "rotate"), TINY.withQuads(1), some::add);
    String scheme = preset.substring(0, preset.indexOf('-')).toUpperCase(Locale.ROOT);
    assertThat(some)
        .extracting(Comparison::operation)
        .containsExactly(scheme + " encode", scheme + " rotate");
  }
}
