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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The diagnostic report of docs/queries.md, command by command as it stands there. */
class DocumentedReportTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");

  @TempDir static Path folder;
  private static String section;
  private static final List<Run> RUNS = new ArrayList<>();

  @BeforeAll
  static void follow() throws IOException {
    String document = Files.readString(Path.of("../docs/queries.md"));
    String from = document.substring(document.indexOf("\n## A diagnostic report"));
    section = from.substring(0, from.indexOf("\n## ", 1));
    for (String command : commands(section)) {
      RUNS.add(succeeds(Run.of((Object[]) words(command))));
    }
  }

  /** The indented lines, where a backslash goes on in the next. */
  private static List<String> commands(String text) {
    List<String> commands = new ArrayList<>();
    for (String line : text.replace("\\\n", " ").lines().toList()) {
      if (line.startsWith("    veilsum ")) {
        commands.add(line.strip().substring("veilsum ".length()));
      }
    }
    return commands;
  }

  /** As a shell splits them; examples come from the repository, other files are made here. */
  private static String[] words(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      String text = word.group(1) != null ? word.group(1) : word.group(2);
      boolean file = text.matches("[a-z]+\\.(key|pub|vsm)");
      boolean example = text.startsWith("docs/examples/");
      words.add(file ? folder.resolve(text).toString() : example ? "../" + text : text);
    }
    return words.toArray(String[]::new);
  }

  @Test
  void printsWhatIsShown() {
    assertThat(RUNS).hasSize(5);
    String shown = section.substring(section.indexOf("```\n") + 4);
    assertThat(RUNS.get(4).out()).isEqualTo(shown.substring(0, shown.indexOf("```")));
  }

  @Test
  void inJsonTimesAreMillisecondsAndStatusesTexts() throws IOException {
    Run run =
        Run.of("decrypt", "--json", "-k", folder.resolve("a.key"), folder.resolve("report.vsm"));
    Map<String, JsonNode> checks = new HashMap<>();
    new ObjectMapper()
        .readTree(succeeds(run).out())
        .get("results")
        .forEach(each -> checks.put(each.get("check").asText(), each));
    assertThat(checks).hasSize(8);
    assertThat(checks.get("last event").get("value").asLong()).isEqualTo(1517966773840L);
    assertThat(checks.get("last event").get("status").asText()).isEqualTo("stale");
    assertThat(checks.get("last ice quake").get("value").isNull()).isTrue();
    assertThat(checks.get("last ice quake").get("status").asText()).isEqualTo("empty");
    assertThat(checks.get("large earthquakes").get("value").asLong()).isEqualTo(5);
    assertThat(checks.get("large earthquakes").get("status").asText()).isEqualTo("failing");
    assertThat(checks.get("not reviewed").get("value").asLong()).isEqualTo(493);
    assertThat(checks.get("not reviewed").get("status").asText()).isEqualTo("healthy");
    assertThat(checks.get("three strongest").get("value").get(0).get("row").asLong())
        .isEqualTo(1634);
  }

  @Test
  void explainsEveryCheck() {
    Run run =
        Run.of(
            "compute",
            "report",
            "--spec",
            "../docs/examples/checks.json",
            "--explain",
            folder.resolve("events.vsm"));
    assertThat(succeeds(run).out())
        .contains("type = 'ice quake'", "strategy", "key holder sees", "server sees");
  }

  @Test
  void badSpecificationsAndQuestions() throws IOException {
    Path spec = folder.resolve("bad.json");
    Path table = folder.resolve("events.vsm");
    Files.writeString(spec, "{\"checks\": [\n{\"name\": \"a\"}]}");
    fails(report(spec, table), ErrorCode.BAD_INPUT, "line 2");
    Files.writeString(
        spec, "{\"checks\": [{\"name\": \"a\", \"question\": \"sum\", \"column\": \"none\"}]}");
    fails(report(spec, table), ErrorCode.BAD_INPUT, "none");
    fails(Run.of("compute", "report", table), ErrorCode.USAGE, "--spec");
    fails(Run.of("compute", "sum", "--spec", spec, table), ErrorCode.USAGE, "--spec");
    for (String question : List.of("argmax", "argmin")) {
      Object[] words = {"compute", question, "-c", "size", "-o", folder.resolve("bad.vsm"), table};
      fails(Run.of(words), ErrorCode.USAGE, "buckets have no rows");
    }
    assertThat(folder.resolve("bad.vsm")).doesNotExist();
  }

  private static Run report(Path spec, Path table) {
    return Run.of("compute", "report", "--spec", spec, "-o", folder.resolve("bad.vsm"), table);
  }

  /** The example is the demo's data. */
  @Test
  void theExampleIsTheBundledFile() throws IOException {
    assertThat(Path.of("../docs/examples/earthquakes.csv"))
        .hasBinaryContent(EventRecords.csv(EventRecords.load()));
  }
}
