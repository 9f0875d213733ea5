package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of many ciphertexts: chunks in order, the last one partly filled, totals over all. */
class LargeTableTest {
  private static final int ROWS = 100_000;

  @TempDir Path folder;

  @Test
  void answersAndCellsOfAHundredThousandRows() {
    SplittableRandom random = new SplittableRandom(1);
    int[] tenths = random.ints(ROWS, -5000, 5001).toArray();
    StringBuilder csv = new StringBuilder("n,x,w\n");
    for (int tenth : tenths) {
      csv.append(tenth).append(',').append(tenth / 10.0).append(',');
      csv.append(tenth % 2 == 0 ? "even" : "odd").append('\n');
    }
    Fixture fixture = new Fixture(folder);
    Path table = folder.resolve("large.vsm");
    succeeds(
        fixture.encrypt(
            fixture.write("large.csv", csv.toString()),
            table,
            "-c",
            "n=integer(-5000..5000)",
            "-c",
            "x=real(-500..500)",
            "-c",
            "w=category(odd,even)"));

    long sum = IntStream.of(tenths).asLongStream().sum();
    long squares = IntStream.of(tenths).mapToLong(n -> (long) n * n).sum();
    assertThat(fixture.ask(table, "sum", "n").get("value").asLong()).isEqualTo(sum);
    assertThat(fixture.ask(table, "dot", "n", "n").get("value").asLong()).isEqualTo(squares);
    JsonNode mean = fixture.ask(table, "mean", "x");
    assertThat(mean.get("error_bound").asDouble()).isLessThan(1e-6 * 1000);
    assertThat(mean.get("value").asDouble())
        .isCloseTo(sum / 10.0 / ROWS, within(mean.get("error_bound").asDouble()));
    long even = IntStream.of(tenths).filter(n -> n % 2 == 0).count();
    JsonNode counts = fixture.ask(table, "count", "w").get("value");
    assertThat(counts.get("even").asLong()).isEqualTo(even);
    assertThat(counts.get("odd").asLong()).isEqualTo(ROWS - even);

    List<String> lines =
        succeeds(Run.of("decrypt", "-k", fixture.key, table)).out().lines().toList();
    assertThat(lines).hasSize(ROWS + 1);
    for (int i = 0; i < ROWS; i++) {
      String[] cells = lines.get(i + 1).split(",");
      assertThat(Integer.parseInt(cells[0])).isEqualTo(tenths[i]);
      assertThat(Double.parseDouble(cells[1])).isCloseTo(tenths[i] / 10.0, within(1e-4));
      assertThat(cells[2]).isEqualTo(tenths[i] % 2 == 0 ? "even" : "odd");
    }
  }
}
