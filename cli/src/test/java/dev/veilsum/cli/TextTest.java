package dev.veilsum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "12345, 12 kB", "999600, 1.0 MB"})
  void sizes(double bytes, String text) {
    assertThat(Text.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1e-6, 1.0 us", "0.00012, 120 us", "0.0034, 3.4 ms", "1.25, 1.3 s", "61, 61 s"})
  void durations(double seconds, String text) {
    assertThat(Text.seconds(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1.01e-6, 9.99e-7, 1.2345e-12, 3.0, 1e300, 0x1p-40})
  void aRoundedBoundIsStillOneAndNotMuchLooser(double error) {
    double shown = Double.parseDouble(Text.bound(error));
    assertThat(shown).isBetween(error * (1 - 1e-9), error * 1.11);
  }

  @ParameterizedTest
  @CsvSource({"3.0, 3", "-0.5, -0.5", "1e20, 1.0E20", "NaN, NaN"})
  void numbers(double value, String text) {
    assertThat(Text.number(value)).isEqualTo(text);
  }

  @Test
  void linesUpCells() {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    new TextTable("lr").line("a", 10).line("long\n", 5).print(printer);
    printer.flush();
    assertThat(out.toString().lines()).containsExactly("a           10", "long\\u000a   5");
  }
}
