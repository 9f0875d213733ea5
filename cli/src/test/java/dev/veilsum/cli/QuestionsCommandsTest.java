package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions with conditions, from rows to answers, on the command line. */
class QuestionsCommandsTest {
  private static final String ROWS =
      """
      at,value,type,host
      2026-03-01T08:00:00Z,-1.50,up,ann
      2026-03-01T20:00:00Z,2.25,down,bob
      2026-03-02T00:00:00Z,7.00,up,ann
      2026-03-02T09:30:00+02:00,7.00,down,eve
      2026-03-04T23:59:59.999Z,0.75,up,bob
      """;

  @TempDir static Path folder;
  private static Path key;
  private static Path keys;
  private static Path table;

  @BeforeAll
  static void encrypt() throws IOException {
    key = folder.resolve("a.key");
    keys = folder.resolve("a.pub");
    table = folder.resolve("t.vsm");
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    succeeds(Run.of("pubkey", key, "-o", keys));
    Path rows = Files.writeString(folder.resolve("rows.csv"), ROWS);
    succeeds(
        Run.of(
            "encrypt",
            "-k",
            key,
            "-c",
            "at=time(2026-03-01..2026-03-05; step=1d)",
            "-c",
            "value=decimal(-5.00..10.00)",
            "-c",
            "value as level=ordered(0.25, -5..10)",
            "-c",
            "type=category(up,down)",
            "-c",
            "host=token",
            "--depth",
            "shallow",
            "-o",
            table,
            rows));
  }

  /** The decrypted results, as JSON. */
  private static JsonNode ask(Object... question) throws IOException {
    Path result = folder.resolve("r.vsm");
    List<Object> args = new ArrayList<>(List.of("compute"));
    args.addAll(List.of(question));
    args.addAll(List.of("--force", "-o", result, table));
    succeeds(Run.of(args.toArray()));
    return new ObjectMapper()
        .readTree(succeeds(Run.of("decrypt", "-k", key, "--json", result)).out())
        .get("results");
  }

  private static JsonNode value(Object... question) throws IOException {
    return ask(question).get(0).get("value");
  }

  private static long time(String text) {
    return Instant.parse(text).toEpochMilli();
  }

  @Test
  void countsAndSumsUnderConditions() throws IOException {
    assertThat(value("count").asLong()).isEqualTo(5);
    assertThat(value("count", "--where", "type = up and level >= 0.75").asLong()).isEqualTo(2);
    assertThat(value("count", "--where", "at between 2026-03-01 and 2026-03-02").asLong())
        .isEqualTo(4);
    assertThat(value("count", "--where", "type = up or not (level < 7)").asLong()).isEqualTo(4);
    assertThat(value("sum", "-c", "value", "--where", "type = down").decimalValue())
        .isEqualByComparingTo("9.25");
    assertThat(value("mean", "-c", "value", "--where", "type = up").asDouble()).isEqualTo(6.25 / 3);
    assertThat(value("mean", "-c", "value", "--where", "level = 10").isNull()).isTrue();
    assertThat(value("count", "-c", "type", "--where", "level >= 1").toString())
        .isEqualTo("{\"up\":1,\"down\":2}");
  }

  @Test
  void extremesAndRanks() throws IOException {
    assertThat(value("max", "-c", "at").asLong()).isEqualTo(time("2026-03-04T23:59:59.999Z"));
    assertThat(value("max", "-c", "at", "--where", "type = down").asLong())
        .isEqualTo(time("2026-03-02T07:30:00Z"));
    assertThat(value("argmax", "-c", "at", "--where", "type = down").asLong()).isEqualTo(3);
    assertThat(value("min", "-c", "at", "--where", "level = 7").asLong())
        .isEqualTo(time("2026-03-02T00:00:00Z"));
    assertThat(value("max", "-c", "at", "--where", "level = 5").isNull()).isTrue();
    assertThat(value("min", "-c", "value").decimalValue()).isEqualByComparingTo("-1.50");
    assertThat(value("max", "-c", "value", "--where", "at = 2026-03-01").decimalValue())
        .isEqualByComparingTo("2.25");
    JsonNode top = value("top", "--k", "2", "-c", "value", "--where", "type = up");
    assertThat(top.get(0).get("value").decimalValue()).isEqualByComparingTo("7");
    assertThat(top.get(0).get("row").asInt()).isEqualTo(2);
    assertThat(top.get(1).get("row").asInt()).isEqualTo(4);
    assertThat(value("median", "-c", "at").asLong()).isEqualTo(time("2026-03-02T00:00:00Z"));
    assertThat(value("percentile", "--rank", "75", "-c", "level").decimalValue())
        .isEqualByComparingTo("7");
    assertThat(value("histogram", "-c", "at", "--where", "type = up").toString())
        .isEqualTo(
            "{\"%d\":1,\"%d\":1,\"%d\":0,\"%d\":1,\"%d\":0}"
                .formatted(
                    time("2026-03-01T00:00:00Z"),
                    time("2026-03-02T00:00:00Z"),
                    time("2026-03-03T00:00:00Z"),
                    time("2026-03-04T00:00:00Z"),
                    time("2026-03-05T00:00:00Z")));
    Path result = folder.resolve("text.vsm");
    succeeds(Run.of("compute", "max", "-c", "at", "-c", "value", "-o", result, table));
    assertThat(succeeds(Run.of("decrypt", "-k", key, result)).out())
        .contains("2026-03-04T23:59:59.999Z", "7.00", "exact");
  }

  @Test
  void tokensAndEncryptedConditions() throws IOException {
    String token = succeeds(Run.of("token", "-k", key, "--column", "host", "ann")).out().strip();
    token = token.substring(token.indexOf("token:"));
    assertThat(value("count", "--where", "host = " + token).asLong()).isEqualTo(2);
    assertThat(value("max", "-c", "value", "--where", "host = " + token).decimalValue())
        .isEqualByComparingTo("7.00");
    assertThat(value("max", "-c", "at", "--where", "host = " + token).asLong())
        .isEqualTo(time("2026-03-02T00:00:00Z"));
    assertThat(value("count", "--where", "host = " + token + " and type = up").asLong())
        .isEqualTo(2);

    Path query = folder.resolve("q.vsm");
    succeeds(Run.of("query", "-k", key, "--where", "type = up", "--table-of", table, "-o", query));
    assertThat(value("count", "--query", query).asLong()).isEqualTo(3);
    assertThat(value("max", "-c", "at", "--query", query).asLong())
        .isEqualTo(time("2026-03-04T23:59:59.999Z"));

    String or = "type = down or at < 2026-03-02";
    succeeds(
        Run.of("query", "-k", key, "--where", or, "--table-of", table, "--force", "-o", query));
    assertThat(value("max", "-c", "at", "--query", query).asLong())
        .isEqualTo(time("2026-03-02T07:30:00Z"));
    fails(
        Run.of("compute", "count", "--query", query, table),
        ErrorCode.NOISE_BUDGET,
        "takes 2 products in a row",
        "--depth deep");
    fails(
        Run.of("query", "-k", key, "--where", or + " and level = 7", "--table-of", table),
        ErrorCode.USAGE,
        "in another way");
  }

  @Test
  void explains() throws IOException {
    String text =
        succeeds(Run.of("compute", "max", "-c", "at", "--where", "type = up", "--explain", table))
            .out();
    assertThat(text).contains("match", "exact", "noise left", "key holder sees", "on one thread");
    JsonNode json =
        new ObjectMapper()
            .readTree(
                succeeds(
                        Run.of(
                            "--json",
                            "compute",
                            "sum",
                            "-c",
                            "value",
                            "--where",
                            "type = up",
                            "--explain",
                            table))
                    .out())
            .get("explanations")
            .get(0);
    assertThat(json.get("strategy").asText()).isEqualTo("totals");
    assertThat(json.get("depth").asInt()).isEqualTo(1);
    assertThat(json.get("multiplications").asInt()).isEqualTo(1);
    assertThat(json.get("noise_left_bits").asDouble()).isPositive();
    for (String question : List.of("max", "argmin")) {
      assertThat(
              succeeds(
                      Run.of(
                          "compute",
                          question,
                          "-c",
                          "value",
                          "--where",
                          "type = up",
                          "--explain",
                          table))
                  .out())
          .contains("rows", "which rows they are");
    }
    assertThat(succeeds(Run.of("compute", "min", "-c", "value", "--explain", table)).out())
        .contains("extremes", "laid down");
  }

  /** Strategy, depth, work, noise, bytes and time of each way, and no bytes that are not sent. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "totals count --where level>=1",
        "totals histogram -c level",
        "extremes top -c value --k 2",
        "match max -c at --where type=up",
        "rows max -c value --where type=up",
        "rows median -c at",
        "public count"
      })
  void explainsEveryWay(String line) throws IOException {
    List<String> words = List.of(line.split(" "));
    List<Object> args = new ArrayList<>(List.of("--json", "compute"));
    args.addAll(words.subList(1, words.size()));
    List<Object> explain = new ArrayList<>(args);
    explain.addAll(List.of("--explain", table));
    JsonNode plan =
        new ObjectMapper()
            .readTree(succeeds(Run.of(explain.toArray())).out())
            .get("explanations")
            .get(0);
    assertThat(plan.get("strategy").asText()).isEqualTo(words.get(0));
    assertThat(plan.get("depth").isInt()).isTrue();
    assertThat(plan.get("multiplications").isInt()).isTrue();
    boolean computed = !words.get(0).equals("public");
    assertThat(plan.get("noise_left_bits").isNumber()).isEqualTo(computed);
    assertThat(plan.get("seconds").asDouble() > 0).isEqualTo(computed);
    Path result = folder.resolve("explained.vsm");
    args.addAll(List.of("--force", "-o", result, table));
    succeeds(Run.of(args.toArray()));
    // But for parameters and metadata, and zeros that are packed away.
    assertThat(plan.get("bytes_down").asLong())
        .isBetween(Files.size(result) * 99 / 100 - 1000, Files.size(result) + 1000);
  }

  @Test
  void refusals() {
    Path result = folder.resolve("none.vsm");
    failsLeaving(
        folder,
        () ->
            Run.of(
                "compute", "count", "--where", "at >= 2026-03-01T08:00:00Z", "-o", result, table),
        ErrorCode.USAGE,
        "at",
        "2026-03-01",
        "2026-03-02");
    failsLeaving(
        folder,
        () -> Run.of("compute", "count", "--where", "value = 7", "-o", result, table),
        ErrorCode.USAGE,
        "value",
        "ordered");
    failsLeaving(
        folder,
        () -> Run.of("compute", "count", "--where", "colour = red", "-o", result, table),
        ErrorCode.BAD_INPUT,
        "colour");
    failsLeaving(
        folder,
        () ->
            Run.of(
                "compute",
                "sum",
                "-c",
                "value",
                "--where",
                "type = up and level = 7",
                "-o",
                result,
                table),
        ErrorCode.NOISE_BUDGET,
        "takes 2 products in a row, more than integers of this table afford; encrypt it with --depth"
            + " deep");
    fails(
        Run.of("compute", "max", "-c", "value", "--where", "type = up and level = 7", table),
        ErrorCode.NOISE_BUDGET,
        "takes 2 products in a row");
    fails(Run.of("compute", "where", table), ErrorCode.USAGE, "no operation \"where\"");
    fails(
        Run.of("compute", "histogram", "-c", "value", table),
        ErrorCode.USAGE,
        "declare the column a second time");
    fails(Run.of("compute", "top", "-c", "value", table), ErrorCode.USAGE, "1 to 8");
    fails(
        Run.of("compute", "percentile", "--rank", "101", "-c", "level", table),
        ErrorCode.USAGE,
        "0 to 100");
    fails(Run.of("compute", "max", "--k", "2", "-c", "value", table), ErrorCode.USAGE, "top");
    fails(Run.of("compute", "sum", "-c", "at", table), ErrorCode.USAGE, "decimal");
    fails(Run.of("compute", "max", "-c", "host", table), ErrorCode.USAGE, "sorted");
    fails(Run.of("compute", "add", "--where", "type = up", table), ErrorCode.USAGE, "questions");
    fails(
        Run.of("compute", "count", "--where", "type = up", "--query", "q", table),
        ErrorCode.USAGE,
        "one of them");
  }
}
