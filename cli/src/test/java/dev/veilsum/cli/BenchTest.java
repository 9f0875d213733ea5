package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BenchTest {
  /**
   * Relinearization with the rescale has d (L + k) + 2 k + 2 L transforms: 30 for four primes, one
   * special prime and four digits.
   */
  @Test
  void aProfileTellsTransformsAndFloor() throws IOException {
    String text =
        succeeds(Run.of("bench", "--quick", "--profile", "--preset", "ckks-8192", "--json")).out();
    JsonNode bench = new ObjectMapper().readTree(text);
    JsonNode multiply = operation(bench, "CKKS multiply+relinearize+rescale");
    assertThat(multiply.get("transforms").asInt()).isEqualTo(30);
    assertThat(multiply.get("bytes_moved").asLong()).isGreaterThan(30L * 2 * 8 * 8192);
    assertThat(multiply.get("seconds").asDouble()).isGreaterThan(0);
    // 30 transforms of 13 layers, 512 vectors of eight butterflies in a layer, three cycles each
    double transforms = 30 * 13 * 512 * 3.0 / bench.get("hertz").asDouble();
    assertThat(multiply.get("floor_seconds").asDouble()).isBetween(transforms, 2 * transforms);
    assertThat(operation(bench, "CKKS add").get("transforms").asInt()).isZero();
  }

  @Test
  void timesAloneArePrintedForPeople() {
    assertThat(succeeds(Run.of("bench", "--quick", "--preset", "bfv-8192")).out().lines())
        .anyMatch(line -> line.matches("BFV multiply\\+relinearize +bfv-8192 +[0-9.]+ [mu]s"));
  }

  private static JsonNode operation(JsonNode bench, String name) {
    for (JsonNode operation : bench.get("operations")) {
      if (operation.get("operation").asText().equals(name)) {
        return operation;
      }
    }
    throw new AssertionError("no " + name + " in " + bench);
  }
}
