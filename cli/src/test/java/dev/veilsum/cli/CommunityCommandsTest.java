package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many owners' one-row tables under one public key, as docs/queries.md has it. */
class CommunityCommandsTest {
  private static final int OWNERS = 8;
  private static final int STEP = 2;

  @TempDir static Path folder;

  private static List<BigDecimal> magnitudes() throws IOException {
    try (var lines = Files.lines(Path.of("../docs/examples/earthquakes.csv"))) {
      return lines.skip(1).limit(OWNERS).map(l -> new BigDecimal(l.split(",")[1])).toList();
    }
  }

  @Test
  void ownersTablesAddUp() throws IOException {
    Path key = folder.resolve("a.key");
    Path keys = folder.resolve("a.pub");
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    succeeds(Run.of("pubkey", key, "-o", keys, "--for", "histogram,median"));
    List<BigDecimal> values = magnitudes();
    List<Object> files = new ArrayList<>();
    for (BigDecimal value : values) {
      Path mine = folder.resolve("owner" + files.size() + ".vsm");
      Path csv = Files.writeString(folder.resolve("mine.csv"), "value\n" + value + "\n");
      succeeds(
          Run.of("encrypt", "-k", keys, "-c", "value=ordered(2, -2..10; floor)", "-o", mine, csv));
      files.add(mine);
    }
    // Whatever the value, as many bytes.
    assertThat(Files.size((Path) files.get(0))).isEqualTo(Files.size((Path) files.get(1)));

    JsonNode histogram = ask(key, files, "histogram");
    assertThat(histogram).hasSize(7);
    for (var bucket : histogram.properties()) {
      double from = Double.parseDouble(bucket.getKey());
      long truth =
          values.stream()
              .mapToDouble(BigDecimal::doubleValue)
              .filter(v -> v >= from && v < from + STEP)
              .count();
      assertThat(bucket.getValue().asLong()).as(bucket.getKey()).isEqualTo(truth);
    }
    double median = values.stream().sorted().toList().get(OWNERS / 2 - 1).doubleValue();
    JsonNode found = ask(key, files, "median");
    assertThat(median)
        .isGreaterThanOrEqualTo(found.get("from").asDouble())
        .isLessThan(found.get("until").asDouble());
  }

  private static JsonNode ask(Path key, List<Object> files, String question) throws IOException {
    Path result = folder.resolve(question + ".vsm");
    List<Object> args = new ArrayList<>(List.of("compute", question, "-o", result));
    args.addAll(files);
    succeeds(Run.of(args.toArray()));
    return new ObjectMapper()
        .readTree(succeeds(Run.of("decrypt", "-k", key, "--json", result)).out())
        .get("results")
        .get(0)
        .get("value");
  }
}
