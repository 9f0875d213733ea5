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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted conditions and tokens from the command line. */
class QueryTest {
  @TempDir static Path folder;
  private static Fixture fixture;

  @BeforeAll
  static void encrypt() {
    fixture = new Fixture(folder);
  }

  @Test
  void encryptsAConditionOnTheTablesColumns() throws IOException {
    Path query = folder.resolve("q.vsm");
    Run written =
        succeeds(
            Run.of(
                "query",
                "-k",
                fixture.publicKeys,
                "--where",
                "w in (sun, 'fog, thick')",
                "--table-of",
                fixture.table,
                "-o",
                query));
    assertThat(written.err()).contains("wrote").contains("a condition on w");
    JsonNode seen = new ObjectMapper().readTree(succeeds(Run.of("--json", "inspect", query)).out());
    assertThat(seen.get("kind").asText()).isEqualTo("query");
    assertThat(seen.get("columns").get(0).get("name").asText()).isEqualTo("w");
    assertThat(seen.get("ciphertexts").asInt()).isEqualTo(3);
    assertThat(succeeds(Run.of("inspect", query)).out())
        .contains("asks about")
        .contains("category(");
  }

  /** As large for every condition on the same columns, and as predicted. */
  @Test
  void hidesWhatIsAskedInItsSize() throws IOException {
    Path one = folder.resolve("one.vsm");
    Path none = folder.resolve("none.vsm");
    query("w = rain", one);
    query("w = sun and w = rain", none);
    assertThat(Files.size(one)).isEqualTo(Files.size(none));
    Run predicted =
        succeeds(
            Run.of(
                "--json",
                "query",
                "-k",
                fixture.key,
                "-w",
                "w = rain",
                "--table-of",
                fixture.table,
                "--predict"));
    long bytes = new ObjectMapper().readTree(predicted.out()).get("bytes").asLong();
    assertThat(Files.size(one)).isBetween(bytes, bytes + 4096);
  }

  private static void query(String where, Path to) {
    succeeds(
        Run.of("query", "-k", fixture.key, "-w", where, "--table-of", fixture.table, "-o", to));
  }

  @Test
  void encryptsAConditionOnDeclaredColumns() {
    Path query = folder.resolve("declared.vsm");
    succeeds(
        Run.of(
            "query",
            "-k",
            fixture.key,
            "-w",
            "w != rain and m < 2",
            "-o",
            query,
            "-c",
            "w=" + Fixture.LABELS,
            "-c",
            "m=ordered(1, 0..4)"));
    assertThat(succeeds(Run.of("inspect", query)).out()).contains("ordered(1, 0..4)");
  }

  @Test
  void refusesWhatCannotBeAsked() {
    Path out = folder.resolve("bad.vsm");
    failsLeaving(folder, () -> refused(out, "w = hail"), ErrorCode.USAGE, "none of its labels");
    failsLeaving(folder, () -> refused(out, "x > 1"), ErrorCode.USAGE, "column x", "ordered(");
    failsLeaving(folder, () -> refused(out, "z = 1"), ErrorCode.BAD_INPUT, "z");
    failsLeaving(folder, () -> refused(out, "w ="), ErrorCode.USAGE, "position 4");
    fails(
        Run.of("query", "-k", fixture.key, "-w", "w = sun", "-o", out),
        ErrorCode.USAGE,
        "--table-of");
    fails(
        Run.of(
            "query",
            "-k",
            fixture.key,
            "-w",
            "w = sun",
            "-o",
            out,
            "--table-of",
            fixture.table,
            "--preset",
            "table-real"),
        ErrorCode.USAGE,
        "table-real");
    Path other = folder.resolve("other.key");
    succeeds(Run.of("keygen", "-o", other, "--no-passphrase"));
    failsLeaving(
        folder,
        () -> Run.of("query", "-k", other, "-w", "w = sun", "--table-of", fixture.table, "-o", out),
        ErrorCode.KEY_MISMATCH,
        "t.vsm");
    assertThat(out).doesNotExist();
  }

  private static Run refused(Path out, String where) {
    return Run.of(
        "query", "-k", fixture.publicKeys, "-w", where, "--table-of", fixture.table, "-o", out);
  }

  @Test
  void printsTokens() throws IOException {
    Run printed =
        succeeds(Run.of("token", "-k", fixture.key, "-c", "user", "alice", "bob", "alice"));
    assertThat(printed.out().lines())
        .hasSize(3)
        .allMatch(line -> line.matches("token:[0-9a-f]{32}"));
    assertThat(printed.out().lines().distinct()).hasSize(2);
    assertThat(succeeds(Run.of("token", "-k", fixture.key, "-c", "other", "alice")).out())
        .isNotEqualTo(printed.out().lines().findFirst().orElseThrow() + "\n");
    JsonNode json =
        new ObjectMapper()
            .readTree(
                succeeds(Run.of("--json", "token", "-k", fixture.key, "-c", "user", "bob")).out());
    assertThat(json.get("tokens").get(0).get("token").asText())
        .isEqualTo(printed.out().lines().toList().get(1));
    fails(
        Run.of("token", "-k", fixture.publicKeys, "-c", "user", "x"), ErrorCode.BAD_INPUT, "a.pub");
  }
}
