package dev.veilsum.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.VeilsumException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The stored coefficients are those of Remez' algorithm, and their errors are proved. */
@Tag("exact")
class SignCompositeTest {
  @ParameterizedTest
  @EnumSource
  void boundsAreProved(SignComposite composite) {
    SignDesign design = SignDesign.stored(composite);
    assertThat(design.ascends()).isTrue();
    assertThat(design.maxError()).isLessThanOrEqualTo(composite.error() * (1 + 1e-6));
    assertThat(SignComposite.INPUT_MARGIN).isEqualTo(SignDesign.INPUT_MARGIN);
    // The bound is reached but for the margins: it is no loose one.
    double reached = 0;
    for (int i = 1; i <= 200_000; i++) {
      double x = Math.pow(2, -18.0 * i / 200_000);
      double p = x;
      for (SignDesign.Stage stage : design.stages()) {
        p = stage.f().at(p);
      }
      reached = Math.max(reached, x * Math.abs(1 - p) / 2);
    }
    assertThat(reached).isBetween(composite.error() / 1.2, composite.error());
  }

  @ParameterizedTest
  @EnumSource
  void coefficientsAreMadeAgain(SignComposite composite) {
    int[] degrees = composite.degrees().stream().mapToInt(Integer::intValue).toArray();
    double threshold = composite.stages().get(0).lower();
    SignDesign again = SignDesign.of(degrees, threshold);
    for (int i = 0; i < degrees.length; i++) {
      SignComposite.Stage stored = composite.stages().get(i);
      assertThat(again.stages().get(i).f().c()).containsExactly(stored.odd(), within(1e-6));
      assertThat(again.stages().get(i).lower()).isCloseTo(stored.lower(), within(1e-8));
    }
    // The threshold is the best one.
    double bits = -Math.log(threshold) / Math.log(2);
    for (double shift : new double[] {-0.2, 0.2}) {
      assertThat(SignDesign.errorAt(degrees, bits + shift)).isGreaterThan(composite.error());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OF_7_7, 7, -7.0",
    "OF_15_15, 9, -9.0",
    "OF_7_15_31, 13, -12.3",
    "OF_7_7_15_31, 16, -14.7",
    "OF_7_7_7_15_31, 19, -17.1"
  })
  void levelsAndErrorsAreThoseOfTheTable(SignComposite composite, int levels, double log2Error) {
    assertThat(composite.depth() + 1).isEqualTo(levels);
    // The margins for noise cost a quarter of a bit at most.
    assertThat(Math.log(composite.error()) / Math.log(2)).isCloseTo(log2Error, within(0.25));
  }

  @Test
  void remezFindsTheKnownBest() {
    // The nearest odd line to 1 on [a, 1] is 2 x / (1 + a), off by (1 - a) / (1 + a) at both ends.
    OddChebyshev line = Remez.sign(1, 0.2, 1);
    assertThat(line.c()[0]).isCloseTo(2 / 1.2, within(1e-9));
    assertThat(SignDesign.errorOn(line, 0.2, 1)).isCloseTo(0.8 / 1.2, within(1e-8));
    // An independent evaluation: T_n(cos u) = cos n u.
    OddChebyshev f = new OddChebyshev(new double[] {0.5, -0.25, 0.125});
    for (double u = 0; u < 3.2; u += 0.1) {
      double expected = 0.5 * Math.cos(u) - 0.25 * Math.cos(3 * u) + 0.125 * Math.cos(5 * u);
      assertThat(f.at(Math.cos(u))).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void theShallowestThatIsGoodEnough() {
    assertThat(SignComposite.within(0.01)).isEqualTo(SignComposite.OF_7_7);
    assertThat(SignComposite.within(0x1p-12)).isEqualTo(SignComposite.OF_7_15_31);
    assertThatThrownBy(() -> SignComposite.within(1e-9)).isInstanceOf(VeilsumException.class);
    assertThat(List.of(SignComposite.values()))
        .isSortedAccordingTo((a, b) -> Double.compare(b.error(), a.error()));
  }
}
