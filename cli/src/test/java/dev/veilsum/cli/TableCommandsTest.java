package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole path, from rows to answers. */
class TableCommandsTest {
  @TempDir static Path folder;
  private static Fixture fixture;

  @BeforeAll
  static void encrypt() {
    fixture = new Fixture(folder);
  }

  @ParameterizedTest
  @CsvSource({"sum, x, 2.375", "mean, x, 0.59375", "variance, x, 3.7294921875", "sum, y, -2.25"})
  void realNumbersWithinTheirBound(String question, String column, double truth) {
    JsonNode answer = fixture.ask(fixture.table, question, column);

    assertThat(answer.get("column").asText()).isEqualTo(column);
    assertThat(answer.get("operation").asText()).isEqualTo(question);
    assertThat(answer.get("exact").asBoolean()).isFalse();
    double bound = answer.get("error_bound").asDouble();
    assertThat(bound).isPositive().isLessThan(1e-2);
    assertThat(answer.get("value").asDouble()).isCloseTo(truth, within(bound));
  }

  @ParameterizedTest
  @CsvSource({
    "sum, n, 16",
    "mean, n, 4",
    "variance, n, 499521.5",
    "mean, m, 223.75",
    "count, n, 4"
  })
  void integersExactly(String question, String column, double truth) {
    JsonNode answer = fixture.ask(fixture.table, question, column);

    assertThat(answer.get("exact").asBoolean()).isTrue();
    assertThat(answer.get("value").asDouble()).isEqualTo(truth);
    assertThat(answer.get("error_bound").asDouble()).isZero();
  }

  @Test
  void dotProductsOfBothKinds() {
    JsonNode whole = fixture.ask(fixture.table, "dot", "n", "m");
    assertThat(whole.get("value").asLong()).isEqualTo(-70 - 3000 + 6300 - 999);
    assertThat(whole.get("column").asText()).isEqualTo("n*m");

    JsonNode real = fixture.ask(fixture.table, "dot", "x", "y");
    double bound = real.get("error_bound").asDouble();
    assertThat(bound).isLessThan(1);
    assertThat(real.get("value").asDouble()).isCloseTo(0.375 - 9 - 25.5 + 0.25, within(bound));
  }

  @Test
  void countsEveryLabel() {
    JsonNode counts = fixture.ask(fixture.table, "count", "w").get("value");
    assertThat(counts.size()).isEqualTo(3);
    assertThat(counts.get("sun").asLong()).isEqualTo(2);
    assertThat(counts.get("rain").asLong()).isEqualTo(1);
    assertThat(counts.get("fog, thick").asLong()).isEqualTo(1);
  }

  @Test
  void severalColumnsGiveSeveralResults() {
    JsonNode results = fixture.decrypted(fixture.compute(fixture.table, "sum", "n", "m", "x"));
    assertThat(results.get("results")).hasSize(3);
    assertThat(results.get("results").get(1).get("value").asLong()).isEqualTo(895);
  }

  @Test
  void severalFilesAreOneTable() {
    Path more = folder.resolve("more.vsm");
    Path csv = fixture.write("more.csv", "n\n1\n2\n");
    succeeds(fixture.encrypt(csv, more, "-c", "n=integer(-1000..1000)"));
    Path out = folder.resolve("both.vsm");
    succeeds(Run.of("compute", "mean", "-c", "n", "-o", out, fixture.table, more));
    JsonNode answer = fixture.decrypted(out).get("results").get(0);
    assertThat(answer.get("value").asDouble()).isEqualTo(19 / 6.0);
  }

  @ParameterizedTest
  @CsvSource({"add, 3|-997|907|998", "sub, 17|-1003|-893|1000", "mul, -70|-3000|6300|-999"})
  void newColumnsOfIntegers(String operation, String truth) {
    List<Long> values = new ArrayList<>();
    JsonNode columns =
        fixture.decrypted(fixture.compute(fixture.table, operation, "n", "m")).get("columns");
    columns.elements().next().forEach(value -> values.add(value.asLong()));
    assertThat(values).extracting(String::valueOf).containsExactly(truth.split("\\|"));
  }

  @Test
  void newColumnsCanBeAskedInTurn() {
    Path sums = fixture.compute(fixture.table, "add", "x", "y");
    JsonNode answer = fixture.ask(sums, "sum");
    assertThat(answer.get("value").asDouble())
        .isCloseTo(0.125, within(answer.get("error_bound").asDouble()));
  }

  @Test
  void scalesByNumbers() {
    Path out = folder.resolve("scaled.vsm");
    succeeds(Run.of("compute", "scale", "--by", "-3", "-c", "n", "-o", out, fixture.table));
    assertThat(fixture.ask(out, "sum").get("value").asLong()).isEqualTo(-48);
    succeeds(
        Run.of("compute", "scale", "--by", "0.5", "-c", "x", "-o", out, "--force", fixture.table));
    JsonNode half = fixture.ask(out, "sum");
    assertThat(half.get("value").asDouble())
        .isCloseTo(1.1875, within(half.get("error_bound").asDouble()));
  }

  @Test
  void columnsOfTwoFilesRowByRow() {
    Path out = folder.resolve("twice.vsm");
    succeeds(Run.of("compute", "add", "-c", "n", "-o", out, fixture.table, fixture.table));
    assertThat(fixture.ask(out, "sum").get("value").asLong()).isEqualTo(32);
  }

  @Test
  void tablesComeBackAsCsv() {
    String csv = succeeds(Run.of("decrypt", "-k", fixture.key, fixture.table)).out();
    assertThat(csv.lines())
        .containsExactly(
            "x,y,n,m,w",
            "1.5,0.25,10,-7,sun",
            "-2.25,4,-1000,3,rain",
            "3,-8.5,7,900,sun",
            "0.125,2,999,-1,\"fog, thick\"");
  }

  @Test
  void tablesComeBackAsJson() {
    JsonNode columns = fixture.decrypted(fixture.table).get("columns");
    assertThat(columns.fieldNames()).toIterable().containsExactly("x", "y", "n", "m", "w");
    assertThat(columns.get("w").get(3).asText()).isEqualTo("fog, thick");
    assertThat(columns.get("n").get(1).asLong()).isEqualTo(-1000);
    assertThat(columns.get("x").get(1).asDouble()).isCloseTo(-2.25, within(1e-6));
  }

  @Test
  void peopleReadShortTables() {
    Path result = fixture.compute(fixture.table, "count", "w");
    assertThat(succeeds(Run.of("decrypt", "-k", fixture.key, result)).out())
        .contains("count of fog, thick", "exact");
    result = fixture.compute(fixture.table, "mean", "x");
    assertThat(succeeds(Run.of("decrypt", "-k", fixture.key, result)).out())
        .contains("mean", "0.59", "at most");
  }

  @Test
  void decryptedFilesAreTheOwnersOnly() throws IOException {
    Path out = folder.resolve("clear.csv");
    succeeds(Run.of("decrypt", "-k", fixture.key, "-o", out, fixture.table));
    assertThat(Files.getPosixFilePermissions(out)).hasSize(2);
  }

  @Test
  void bytesFlowThroughPipes() throws IOException {
    byte[] csv = Fixture.CSV.getBytes(StandardCharsets.UTF_8);
    Run table =
        succeeds(
            Run.with(
                csv, Terminal.NONE, "encrypt", "-k", fixture.key, "-c", "n=integer(-1000..1000)"));
    Run result = succeeds(Run.with(table.bytes(), Terminal.NONE, "compute", "sum"));
    Run answer =
        succeeds(Run.with(result.bytes(), Terminal.NONE, "decrypt", "-k", fixture.key, "--json"));
    JsonNode results = new ObjectMapper().readTree(answer.out()).get("results");
    assertThat(results.get(0).get("value").asLong()).isEqualTo(16);
  }

  @Test
  void theSecretKeyMakesSmallerTables() throws IOException {
    Path big = folder.resolve("public.vsm");
    Path small = folder.resolve("secret.vsm");
    // Enough rows that ciphertexts, not the evaluation keys, make the size.
    Path csv = fixture.write("long.csv", "n\n" + "5\n".repeat(8192 * 12));
    succeeds(fixture.encrypt(csv, big, "-c", "n=integer(0..9)"));
    succeeds(Run.of("encrypt", "-k", fixture.key, "-c", "n=integer(0..9)", "-o", small, csv));
    long saved = Files.size(big) - Files.size(small);
    assertThat((double) saved / (12 * 8192 * 4 * 42 / 8)).isCloseTo(1, within(0.1));
    assertThat(fixture.ask(small, "sum").get("value").asLong()).isEqualTo(5 * 8192 * 12);
  }

  @Test
  void readsNdjson() {
    Path in =
        fixture.write("rows.ndjson", "{\"n\": 4, \"w\": \"sun\"}\n{\"w\": \"rain\", \"n\": -9}\n");
    Path out = folder.resolve("nd.vsm");
    succeeds(fixture.encrypt(in, out, "-c", "n=integer(-10..10)", "-c", "w=" + Fixture.LABELS));
    assertThat(fixture.ask(out, "sum", "n").get("value").asLong()).isEqualTo(-5);
  }

  @Test
  void readsCrlfQuotesAndByteOrderMarks() {
    Path in =
        fixture.write(
            "windows.csv",
            "\ufeff\"n\",\"a \"\"b\"\"\",w\r\n\"1\",\"x,\r\ny\",\"fog, thick\"\r\n-3,,sun\r\n");
    Path out = folder.resolve("windows.vsm");
    succeeds(fixture.encrypt(in, out, "-c", "n=integer(-10..10)", "-c", "w=" + Fixture.LABELS));
    assertThat(fixture.ask(out, "sum", "n").get("value").asLong()).isEqualTo(-2);
    assertThat(fixture.ask(out, "count", "w").get("value").get("fog, thick").asLong()).isOne();
  }

  @Test
  void inspectsWithoutAKey() throws IOException {
    JsonNode seen =
        new ObjectMapper().readTree(succeeds(Run.of("inspect", "--json", fixture.table)).out());
    assertThat(seen.get("kind").asText()).isEqualTo("table");
    assertThat(seen.get("rows").asInt()).isEqualTo(4);
    assertThat(seen.get("columns")).hasSize(5);
    JsonNode keys =
        new ObjectMapper()
            .readTree(succeeds(Run.of("inspect", "--json", fixture.publicKeys)).out());
    assertThat(keys.get("key_id")).isEqualTo(seen.get("key_id"));
    assertThat(succeeds(Run.of("params", "check", fixture.table)).out())
        .contains("table-real", "table-integer", "secure");
  }

  @Test
  void keysForFewerQuestionsAnswerThoseOnly() throws IOException {
    Path few = folder.resolve("few.pub");
    Path table = folder.resolve("few.vsm");
    succeeds(Run.of("pubkey", fixture.key, "--for", "sum,mean", "-o", few));
    succeeds(Run.of("encrypt", "-k", few, "-c", "x=real", "-o", table, folder.resolve("data.csv")));
    assertThat(Files.size(few)).isLessThan(Files.size(fixture.publicKeys));
    assertThat(fixture.ask(table, "sum").get("value").asDouble()).isCloseTo(2.375, within(1.0));
    CliAssertions.fails(
        Run.of("compute", "variance", table), ErrorCode.MISSING_KEY, "relinearization");
  }

  @Test
  void predictsTheSizeOfPublicKeys() throws IOException {
    JsonNode said =
        new ObjectMapper()
            .readTree(succeeds(Run.of("pubkey", fixture.key, "--predict", "--json")).out());
    assertThat((double) Files.size(fixture.publicKeys))
        .isCloseTo(said.get("key_bytes").asDouble(), within(2000.0));
  }
}
