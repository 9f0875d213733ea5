package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of file before commands that take another, one for each way in which they open theirs:
 * the message names what it is and what is wanted, and nothing is written.
 */
class FileKindsTest {
  @TempDir static Path folder;
  private static OneOfEach each;
  private static Path out;

  @BeforeAll
  static void makeAll() throws IOException {
    each = new OneOfEach(folder);
    out = folder.resolve("out");
  }

  /** What stands for the file in a line. */
  private static final Object FILE = "FILE";

  private static Object[] line(Object... words) {
    return words;
  }

  private static void refusesOthers(String wanted, Set<String> takes, Object... line) {
    assertThat(each.files.keySet()).containsAll(takes);
    each.files.forEach(
        (kind, file) -> {
          if (takes.contains(kind)) {
            return;
          }
          Object[] words = line.clone();
          for (int i = 0; i < words.length; i++) {
            words[i] = words[i] == FILE ? file : words[i];
          }
          Run run = Run.of(words);
          String said = String.join(" ", List.of(line).stream().map(Object::toString).toList());
          assertThat(run.err())
              .as("%s with a file of kind %s", said, kind)
              .contains("BAD_INPUT: ", file.toString(), OneOfEach.FOUND.get(kind))
              .containsAnyOf(wanted, "Veilsum container")
              .doesNotContain("CORRUPT");
          assertThat(run.code()).isEqualTo(ErrorCode.BAD_INPUT.exitCode());
          assertThat(out).doesNotExist();
        });
  }

  private static Path file(String kind) {
    return each.files.get(kind);
  }

  @Test
  void keys() {
    refusesOthers("a secret key", Set.of("secret key"), "pubkey", FILE, "-o", out);
    refusesOthers(
        "a secret key",
        Set.of("secret key"),
        line("gradient", "decrypt", "-k", FILE, "-o", out, file("aggregate")));
    refusesOthers(
        "key",
        Set.of("secret key", "imported secret key"),
        line("decrypt", "-k", FILE, file("result")));
    refusesOthers(
        "key",
        Set.of("secret key", "joint key"),
        line("gradient", "encrypt", "-k", FILE, "--round", "7", "--client", "d", "--clip", "1"),
        line("-o", out, each.numbers));
    Set<String> either = Set.of("secret key", "public keys");
    Path csv = folder.resolve("data.csv");
    refusesOthers(
        "public keys",
        either,
        line("encrypt", "-k", FILE, "-c", "n=integer(0..9)", "-o", out, csv));
  }

  private static void refusesOthers(
      String wanted, Set<String> takes, Object[] line, Object[] more) {
    Object[] all = new Object[line.length + more.length];
    System.arraycopy(line, 0, all, 0, line.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    refusesOthers(wanted, takes, all);
  }

  @Test
  void inputs() {
    Set<String> none = Set.of();
    Path keys = file("public keys");
    refusesOthers("rows", none, "encrypt", "-k", keys, "-c", "n=integer(0..9)", "-o", out, FILE);
    refusesOthers("table", Set.of("table"), "compute", "sum", "-c", "n", "-o", out, FILE);
    refusesOthers(
        "query",
        Set.of("query"),
        line("compute", "sum", "-c", "n", "--query", FILE, "-o", out, file("table")));
    Set<String> values = Set.of("table", "result");
    refusesOthers("result", values, "decrypt", "-k", file("secret key"), FILE);
    refusesOthers("Microsoft SEAL", Set.of("SEAL"), "import", "--format", "seal", "-o", out, FILE);
    refusesOthers("privacy budget", Set.of("budget"), "privacy", "show", FILE);
    refusesOthers(
        "table",
        Set.of("table"),
        line("encrypt", "-k", keys, "--append", "-o", FILE, folder.resolve("data.csv")));
  }

  @Test
  void shares() {
    Set<String> share = Set.of("secret share");
    refusesOthers("a share", share, "share", "add", "-o", out, FILE);
    refusesOthers("a share", share, "share", "open", "-o", out, FILE);
    refusesOthers(
        "integers",
        Set.of(),
        line("share", "split", "--round", "7", "--client", "a", "--servers", 2, "--bound", 9),
        line("--clients", 3, "-o", out, FILE));
  }

  @Test
  void sums() {
    Path cohort = file("secret key");
    refusesOthers(
        "numbers",
        Set.of("NumPy"),
        line("gradient", "encrypt", "-k", cohort, "--round", "7", "--client", "d", "--clip", "1"),
        line("-o", out, FILE));
    refusesOthers("gradient", Set.of("gradient", "aggregate"), "aggregate", "-o", out, FILE);
    Set<String> sum = Set.of("aggregate");
    refusesOthers("aggregate", sum, "gradient", "decrypt", "-k", cohort, "-o", out, FILE);
    Path party = folder.resolve("party1.key");
    Path own = file("share");
    refusesOthers("aggregate", sum, "threshold", "combine", "-o", out, FILE, own);
    refusesOthers("a part", Set.of(), "threshold", "combine", "-o", out, file("aggregate"), FILE);
    refusesOthers(
        "a share",
        Set.of("share"),
        line("threshold", "share", "-k", party, "--share", FILE, "--parties", "1,2", "-o", out),
        line(file("aggregate")));
    refusesOthers(
        "aggregate",
        sum,
        line("aggregate", "--checkpoint", FILE, "--resume", "-o", out),
        line(folder.resolve("updates")));
  }

  /** A finished sum is no checkpoint, and stays where it is. */
  @Test
  void finishedSumsAreNotResumed() throws IOException {
    Path sum = Files.copy(file("aggregate"), folder.resolve("finished.sum"));
    fails(
        Run.of("aggregate", "--checkpoint", sum, "--resume", "-o", out, folder.resolve("updates")),
        ErrorCode.BAD_INPUT,
        "finished.sum",
        "not a checkpoint");
    assertThat(sum).hasSameBinaryContentAs(file("aggregate"));
    Files.delete(sum);
  }

  /** Whatever holds parameters says them; what holds none is refused. */
  @Test
  void parameters() throws IOException {
    for (String kind : List.of("public keys", "table", "result", "query", "imported secret key")) {
      assertThat(succeeds(Run.of("params", "check", file(kind))).out()).contains("ring degree");
    }
    for (String kind : List.of("gradient", "aggregate", "share", "joint key")) {
      assertThat(succeeds(Run.of("params", "check", file(kind))).out())
          .contains("1 set, secure", "sums of packed integers", "classical, 2024");
      JsonNode json =
          new ObjectMapper()
              .readTree(succeeds(Run.of("--json", "params", "check", file(kind))).out())
              .get("parameters");
      assertThat(json).hasSize(1);
      assertThat(json.get(0).get("log2_qp").asDouble())
          .isLessThanOrEqualTo(json.get(0).get("max_log2_qp").asDouble());
    }
    fails(Run.of("params", "check", file("join")), ErrorCode.BAD_INPUT, "no parameters");
    fails(
        Run.of("params", "check", file("secret key")),
        ErrorCode.BAD_INPUT,
        "is a secret key file",
        "another of Veilsum's files");
    fails(Run.of("params", "check", file("SEAL")), ErrorCode.BAD_INPUT, "Microsoft SEAL");
  }

  @Test
  void folders() {
    fails(Run.of("privacy", "show", folder), ErrorCode.BAD_INPUT, "is a folder");
    fails(Run.of("pubkey", folder), ErrorCode.BAD_INPUT, "is a folder");
    fails(Run.of("params", "check", folder), ErrorCode.BAD_INPUT, "is a folder");
  }
}
